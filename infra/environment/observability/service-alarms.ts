import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { type RunbookAlarmProps, runbookAlarm } from '../../alarm.ts'
import { isFollowed } from '../services/job-machine.ts'
import { countEvents } from './notices.ts'
import { failedExecution, failedRun, type ServiceMetrics } from './service-metrics.ts'

type Props = Omit<RunbookAlarmProps, 'name' | 'metric'> & {
  /** Absent where there is nothing to measure. */
  metric: RunbookAlarmProps['metric'] | undefined
}

/** Alarms `<environment>-<service>-<what>`; what each means is in `docs/runbooks/service-<what>.md`. */
export function serviceAlarms(
  scope: Construct,
  { name, alarms, circuit }: Service,
  metrics: ServiceMetrics,
): Alarm[] {
  const table: Record<string, Props> = {
    errors: {
      metric: metrics.requests?.errors,
      meaning: `${name} answers with errors (5xx).`,
      missing: 'fine',
      threshold: alarms.errors.threshold,
      severity: alarms.errors.severity,
      opensCircuit: circuit,
    },
    latency: {
      metric: metrics.requests?.latency,
      meaning: `One in twenty answers of ${name} takes ${alarms.latency.threshold} s or longer.`,
      missing: 'fine',
      threshold: alarms.latency.threshold,
      severity: alarms.latency.severity,
      periods: 2,
    },
    unhealthy: {
      metric: metrics.unhealthy,
      meaning: `A task of ${name} fails its health check at the load balancer.`,
      // A service that sleeps has no targets.
      missing: 'fine',
      threshold: 1,
      severity: alarms.unhealthy.severity,
      opensCircuit: circuit,
      // A roll-out of a bad image is over by then: ECS has stopped the task.
      periods: 5,
    },
    cpu: {
      metric: metrics.cpu,
      meaning: `${name} uses ${alarms.cpu.threshold} percent of its CPU or more.`,
      missing: 'unknown',
      threshold: alarms.cpu.threshold,
      severity: alarms.cpu.severity,
      periods: 3,
    },
    memory: {
      metric: metrics.memory,
      meaning: `${name} uses ${alarms.memory.threshold} percent of its memory or more.`,
      missing: 'unknown',
      threshold: alarms.memory.threshold,
      severity: alarms.memory.severity,
      periods: 3,
    },
    restarts: {
      metric: metrics.restarts,
      meaning: `${alarms.restarts.threshold} tasks of ${name} or more ended by themselves within an hour.`,
      missing: 'fine',
      threshold: alarms.restarts.threshold,
      severity: alarms.restarts.severity,
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
  const { name, alarms } = service
  const group = new Construct(scope, 'alarms')
  const metric = countEvents(group, {
    what: `${name}-run-failed`,
    description: `Runs of ${name} that failed`,
    eventPattern: isFollowed(service) ? failedExecution(scope, service) : failedRun(scope, service),
  })
  const meaning = `A run of the job ${name} failed.`
  return [
    runbookAlarm(group, 'job-failed', {
      name: `${name}-failed`,
      metric,
      meaning,
      missing: 'fine',
      threshold: 1,
      severity: alarms.failed.severity,
    }),
  ]
}
