import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'

/** A target group with one of its load balancers, as CloudWatch names both. */
export type Named = {
  /** `targetgroup/<name>/<id>` */
  group: string
  /** `app/<name>/<id>` */
  balancer: string
  /** It is handed requests, and not connections. */
  isRequests: boolean
}

const AT_ONCE = 20

/** The load balancers of these target groups, by the groups' ARNs. */
export async function balancersOf(
  balancing: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<Map<string, Named[]>> {
  const found = new Map<string, Named[]>()
  for (let start = 0; start < arns.length; start += AT_ONCE) {
    const TargetGroupArns = arns.slice(start, start + AT_ONCE)
    const { TargetGroups = [] } = await balancing.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns }),
    )
    for (const { TargetGroupArn: arn = '', Protocol = '', LoadBalancerArns = [] } of TargetGroups) {
      found.set(
        arn,
        LoadBalancerArns.map((balancer) => ({
          group: arn.slice(arn.lastIndexOf(':') + 1),
          balancer: balancer.slice(balancer.indexOf('/') + 1),
          isRequests: Protocol.startsWith('HTTP'),
        })),
      )
    }
  }
  return found
}
