import type { Signal } from './idle.ts'
import type { Seen } from './resource.ts'

/** A metric that is asked for, and how it shows use. */
export type Asked = Signal & {
  namespace: string
  name: string
  statistic: 'Sum' | 'Maximum'
  dimensions: Readonly<Record<string, string>>
}

/** What else is known of a service: where its requests and messages come from. */
export type Around = {
  /** Its target groups with their load balancer, as CloudWatch names both: `targetgroup/…`, `app/…`. */
  groups: readonly { group: string; balancer: string; isRequests: boolean }[]
  /** The queues that carry its name, if it has no requests. */
  queues: readonly string[]
}

/**
 * What AWS Compute Optimizer calls idle: percent of CPU at the peak, of a service and of a machine,
 * and bytes in and out.
 * https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html
 */
const SERVICE_CPU = 1
const MACHINE_CPU = 5
const MACHINE_BYTES_A_DAY = 5_000_000
const DAY_MS = 24 * 60 * 60_000

const onlyFlows = { always: true } as const
const usedFrom = (use: number) => ({ always: true, use })

/**
 * The metrics by which it shows whether anybody uses a resource, and what is not there if nobody
 * does. A service with requests is judged by these alone: the load balancer publishes none while
 * there are none, and the number of healthy targets meanwhile. Others are judged by their CPU and
 * by the queues that carry their name, data stores by connections, machines by CPU and network.
 *
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 * - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 *
 * @param period in milliseconds.
 */
export function idleMetrics(
  { id, kind }: Pick<Seen, 'id' | 'kind'>,
  around: Around,
  period: number,
): { what: string; asked: Asked[] } {
  const [, first = '', second = ''] = id.split('/')
  switch (kind) {
    case 'service':
      return ofService({ ClusterName: first, ServiceName: second }, around)
    case 'database':
      return ofDatabase({ DBInstanceIdentifier: first })
    case 'cluster':
      return ofDatabase({ DBClusterIdentifier: first })
    case 'instance':
      return ofMachine({ InstanceId: first }, period)
    case 'group':
      return ofMachine({ AutoScalingGroupName: id.slice('group/'.length) }, period)
  }
}

type Dimensions = Asked['dimensions']
type Group = Around['groups'][number]

const ofBalancer = ({ group, balancer }: Group) => ({
  namespace: 'AWS/ApplicationELB',
  dimensions: { TargetGroup: group, LoadBalancer: balancer },
})

/** The requests that a load balancer has handed to a target group; health checks are none. */
export const requestMetric = (one: Group): Asked => ({
  ...ofBalancer(one),
  ...{ name: 'RequestCount', statistic: 'Sum', always: false, use: 1 },
})

function ofService(service: Dimensions, { groups, queues }: Around) {
  const balancers = groups.filter(({ isRequests }) => isRequests)
  const requests = balancers.flatMap((one): Asked[] => [
    requestMetric(one),
    { ...ofBalancer(one), name: 'HealthyHostCount', statistic: 'Maximum', ...onlyFlows },
  ])
  const isRequestsAlone = balancers.length > 0 && balancers.length === groups.length
  if (isRequestsAlone) return { what: 'no request', asked: requests }
  const ecs = { namespace: 'AWS/ECS', statistic: 'Maximum', dimensions: service } as const
  const asked: Asked[] = [
    ...requests,
    { ...ecs, name: 'CPUUtilization', ...usedFrom(SERVICE_CPU) },
    { ...ecs, name: 'MemoryUtilization', ...onlyFlows },
    ...queues.flatMap(ofQueue),
  ]
  const words = [
    requests.length > 0 && 'no request',
    queues.length > 0 && 'no message',
    `less than ${SERVICE_CPU} % CPU`,
  ]
  return { what: words.filter(Boolean).join(', '), asked }
}

/** SQS publishes nothing of a queue that is not used for six hours. */
const ofQueue = (QueueName: string): Asked[] =>
  [
    'ApproximateNumberOfMessagesVisible',
    'ApproximateNumberOfMessagesNotVisible',
    'NumberOfMessagesReceived',
  ].map((name) => ({
    ...{ namespace: 'AWS/SQS', name, statistic: 'Maximum', dimensions: { QueueName } },
    ...{ always: false, use: 1 },
  }))

/** Connections of RDS's own are not counted. */
function ofDatabase(dimensions: Dimensions): { what: string; asked: Asked[] } {
  const rds = { namespace: 'AWS/RDS', statistic: 'Maximum', dimensions } as const
  return {
    what: 'no connection',
    asked: [
      { ...rds, name: 'DatabaseConnections', ...usedFrom(1) },
      { ...rds, name: 'CPUUtilization', ...onlyFlows },
    ],
  }
}

function ofMachine(dimensions: Dimensions, period: number): { what: string; asked: Asked[] } {
  const ec2 = { namespace: 'AWS/EC2', dimensions }
  // In and out together.
  const bytes = usedFrom((MACHINE_BYTES_A_DAY / 2) * (period / DAY_MS))
  return {
    what: `less than ${MACHINE_CPU} % CPU and ${MACHINE_BYTES_A_DAY / 1_000_000} MB a day`,
    asked: [
      { ...ec2, name: 'CPUUtilization', statistic: 'Maximum', ...usedFrom(MACHINE_CPU) },
      { ...ec2, name: 'NetworkIn', statistic: 'Sum', ...bytes },
      { ...ec2, name: 'NetworkOut', statistic: 'Sum', ...bytes },
    ],
  }
}
