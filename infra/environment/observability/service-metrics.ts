import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ApplicationTargetGroup, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { named } from '../../names.ts'
import { followedName } from '../services/job-machine.ts'
import { clusterArn } from '../services/run-task.ts'
import type { Running } from '../services/service.ts'
import { countEvents } from './notices.ts'

const MINUTE = Duration.minutes(1)
const FIVE_MINUTES = Duration.minutes(5)
const HOUR = Duration.hours(1)

/** What is measured of a service that runs; what has no entrance has no `requests`. */
export type ServiceMetrics = {
  cpu: Metric
  memory: Metric
  /** Tasks that ended though nobody asked them to, in an hour. */
  restarts: Metric
  /** Tasks that are wanted and do not run; without Container Insights nobody counts them. */
  missing: MathExpression | undefined
  /** Targets that the load balancer finds unhealthy. */
  unhealthy: Metric | undefined
  requests: { count: Metric; errors: Metric; latency: Metric } | undefined
}

export function serviceMetrics(
  scope: Construct,
  service: Service,
  { targetGroup, containerInsights }: Pick<Running, 'targetGroup'> & { containerInsights: boolean },
): ServiceMetrics {
  const of = (metricName: string, namespace = 'AWS/ECS') =>
    new Metric({
      namespace,
      metricName,
      dimensionsMap: { ClusterName: named(scope, service.cluster), ServiceName: service.name },
      statistic: Stats.AVERAGE,
      period: FIVE_MINUTES,
    })
  const tasks = (state: string) =>
    of(`${state}TaskCount`, 'ECS/ContainerInsights').with({ period: MINUTE })
  return {
    cpu: of('CPUUtilization'),
    memory: of('MemoryUtilization'),
    restarts: countEvents(scope, {
      what: `${service.name}-stopped`,
      description: `Tasks of ${service.name} that ended though nobody asked them to`,
      eventPattern: stoppedTask(scope, service),
    }).with({ period: HOUR }),
    missing: containerInsights
      ? new MathExpression({
          expression: 'desired - running',
          usingMetrics: { desired: tasks('Desired'), running: tasks('Running') },
          label: 'Missing tasks',
          period: MINUTE,
        })
      : undefined,
    unhealthy: unhealthyTargets(targetGroup),
    requests: requestsOf(targetGroup),
  }
}

function unhealthyTargets(group: Running['targetGroup']): Metric | undefined {
  const worst = { statistic: Stats.MAXIMUM, period: MINUTE }
  if (group instanceof ApplicationTargetGroup) return group.metrics.unhealthyHostCount(worst)
  return group?.metrics.unHealthyHostCount(worst)
}

/** Only HTTP has codes and a time to answer. */
function requestsOf(group: Running['targetGroup']): ServiceMetrics['requests'] {
  if (!(group instanceof ApplicationTargetGroup)) return undefined
  const { metrics } = group
  const period = FIVE_MINUTES
  return {
    count: metrics.requestCount({ period, statistic: Stats.SUM }),
    errors: metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, {
      period,
      statistic: Stats.SUM,
    }),
    latency: metrics.targetResponseTime({ period, statistic: Stats.percentile(95) }),
  }
}

/**
 * A task that ended by itself, could not start, or was found unhealthy. One that a deployment,
 * a schedule or a person stops is none of these.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
function stoppedTask(scope: Construct, { name, cluster }: Service): object {
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      clusterArn: [clusterArn(scope, cluster)],
      group: [`service:${name}`],
      lastStatus: ['STOPPED'],
      $or: [
        { stopCode: ['EssentialContainerExited', 'TaskFailedToStart'] },
        { stoppedReason: [{ prefix: 'Task failed' }] },
      ],
    },
  }
}

/** A run that could not start, or whose container ended with anything but 0. */
export function failedRun(scope: Construct, { name, cluster }: Service): object {
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      clusterArn: [clusterArn(scope, cluster)],
      group: [`family:${named(scope, name)}`],
      lastStatus: ['STOPPED'],
      $or: [
        { stopCode: ['TaskFailedToStart'] },
        { containers: { exitCode: [{ 'anything-but': 0 }] } },
      ],
    },
  }
}

/** A run whose retries are used up, or whose time is over: of a job whose runs are followed. */
export function failedExecution(scope: Construct, service: Service): object {
  const machine = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: followedName(scope, service),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  return {
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [machine], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
  }
}
