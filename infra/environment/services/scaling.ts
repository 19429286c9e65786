import { CfnParameter, Duration, Stack } from 'aws-cdk-lib'
import { CfnScalingPolicy, type ScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling'
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs'
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { queuesOf } from '../../../catalog/messaging.ts'
import type { Service } from '../../../catalog/schema.ts'
import { named } from '../../names.ts'
import { queueName } from './messaging.ts'

/**
 * `scaling`: as many tasks as keep the CPU at the percentage asked for.
 *
 * A scalable target raises its service to the lower bound at once, also one that has no image of
 * its own yet. So the bound is a parameter, zero until the deploy command knows that the service
 * has run; target tracking rounds up and leaves one task all the same.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export function scale(ecsService: FargateService, service: Service): ScalableTaskCount | undefined {
  const { scaling, image } = service
  if (scaling === undefined) return undefined
  const { min, max, cpu, memory } = scaling
  const least = new CfnParameter(Stack.of(ecsService), 'LeastTasks', {
    type: 'Number',
    // Somebody else's image waits for no push.
    default: image === undefined ? 0 : min,
    minValue: 0,
    maxValue: min,
    description: `0 before the first image, then ${min}`,
  })
  const count = ecsService.autoScaleTaskCount({
    minCapacity: least.valueAsNumber,
    maxCapacity: max,
  })
  count.scaleOnCpuUtilization('cpu', { targetUtilizationPercent: cpu, ...COOLDOWN })
  if (memory !== undefined) {
    count.scaleOnMemoryUtilization('memory', { targetUtilizationPercent: memory, ...COOLDOWN })
  }
  scaleByBacklog(ecsService, count, service)
  return count
}

/** Tasks are added fast and removed slowly: a developer's load test takes less than five minutes. */
const COOLDOWN = { scaleOutCooldown: Duration.minutes(1), scaleInCooldown: Duration.minutes(5) }

/** `requests`: so many for each task in a minute, once there is a group of targets that counts them. */
export function scaleByRequests(
  count: ScalableTaskCount | undefined,
  { scaling }: Service,
  targetGroup: unknown,
): void {
  if (scaling?.requests === undefined || !(targetGroup instanceof ApplicationTargetGroup)) return
  count?.scaleOnRequestCount('requests', {
    requestsPerTarget: scaling.requests,
    targetGroup,
    ...COOLDOWN,
  })
}

/** Messages that wait for each task, where a file does not say. */
const BACKLOG = 10

/**
 * `queue`: as many tasks as have so many messages waiting for each.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
 */
function scaleByBacklog(
  ecsService: FargateService,
  count: ScalableTaskCount,
  service: Service,
): void {
  const { name, cluster, scaling } = service
  const queue = queuesOf(service).find((one) => one.name === scaling?.queue)
  if (queue === undefined) return
  const read = (id: string, metric: object, stat: string) => ({
    id,
    metricStat: { metric, stat },
    returnData: false,
  })
  const dimensions = (all: Record<string, string>) =>
    Object.entries(all).map(([dimension, value]) => ({ name: dimension, value }))
  const target = count.node.findChild('Target') as ScalableTarget
  new CfnScalingPolicy(ecsService, 'backlog', {
    policyName: named(ecsService, name, 'backlog'),
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: scaling?.backlog ?? BACKLOG,
      scaleOutCooldown: COOLDOWN.scaleOutCooldown.toSeconds(),
      scaleInCooldown: COOLDOWN.scaleInCooldown.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          read(
            'waiting',
            {
              namespace: 'AWS/SQS',
              metricName: 'ApproximateNumberOfMessagesVisible',
              dimensions: dimensions({ QueueName: queueName(ecsService, queue) }),
            },
            'Sum',
          ),
          read(
            'running',
            {
              namespace: 'ECS/ContainerInsights',
              metricName: 'RunningTaskCount',
              dimensions: dimensions({
                ClusterName: named(ecsService, cluster),
                ServiceName: name,
              }),
            },
            'Average',
          ),
          {
            id: 'backlog',
            label: 'Messages that wait for each task',
            expression: 'waiting / IF(running > 0, running, 1)',
          },
        ],
      },
    },
  })
}
