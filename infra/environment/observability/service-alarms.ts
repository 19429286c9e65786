import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { type RunbookAlarmProps, runbookAlarm } from '../../alarm.ts'
import { countEvents } from './notices.ts'
import { failedRun, type ServiceMetrics } from './service-metrics.ts'

type Props = Omit<RunbookAlarmProps, 'name' | 'metric'> & {
  /** Absent where there is nothing to measure. */
  metric: RunbookAlarmProps['metric'] | undefined
}

/** Alarms `<environment>-<service>-<what>`; what each means is in `docs/runbooks/service-<what>.md`. */
export function serviceAlarms(
  scope: Construct,
  { name, alarms }: Service,
  metrics: ServiceMetrics,
): Alarm[] {
  const table: Record<string, Props> = {
    errors: {
      metric: metrics.requests?.errors,
      meaning: `${name} answers with errors (5xx).`,
      threshold: alarms.errors.threshold,
    },
    latency: {
      metric: metrics.requests?.latency,
      meaning: `One in twenty answers of ${name} takes ${alarms.latency.threshold} s or longer.`,
      threshold: alarms.latency.threshold,
      periods: 2,
    },
    unhealthy: {
      metric: metrics.unhealthy,
      meaning: `A task of ${name} fails its health check at the load balancer.`,
      threshold: 1,
      // A roll-out of a bad image is over by then: ECS has stopped the task.
      periods: 5,
    },
    cpu: {
      metric: metrics.cpu,
      meaning: `${name} uses ${alarms.cpu.threshold} percent of its CPU or more.`,
      threshold: alarms.cpu.threshold,
      periods: 3,
    },
    memory: {
      metric: metrics.memory,
      meaning: `${name} uses ${alarms.memory.threshold} percent of its memory or more.`,
      threshold: alarms.memory.threshold,
      periods: 3,
    },
    restarts: {
      metric: metrics.restarts,
      meaning: `${alarms.restarts.threshold} tasks of ${name} or more ended by themselves within an hour.`,
      threshold: alarms.restarts.threshold,
    },
    'tasks-missing': {
      metric: metrics.missing,
      meaning: `Fewer tasks of ${name} run than are wanted.`,
      threshold: 1,
      // Starting one takes a minute or two, waking up with a slow start a few more.
      periods: 10,
    },
  }
  const group = new Construct(scope, 'alarms')
  return Object.entries(table).flatMap(([what, { metric, ...props }]) =>
    metric === undefined
      ? []
      : [runbookAlarm(group, `service-${what}`, { name: `${name}-${what}`, metric, ...props })],
  )
}

/** The alarm `<environment>-<job>-failed`: one bad run raises it. */
export function jobAlarms(scope: Construct, service: Service): Alarm[] {
  const { name } = service
  const group = new Construct(scope, 'alarms')
  const metric = countEvents(group, {
    what: `${name}-run-failed`,
    description: `Runs of ${name} that failed`,
    eventPattern: failedRun(scope, service),
  })
  const meaning = `A run of the job ${name} failed.`
  return [
    runbookAlarm(group, 'job-failed', { name: `${name}-failed`, metric, meaning, threshold: 1 }),
  ]
}
