import type { DescribeAlarmsCommandOutput } from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../errors.ts'
import { fail } from './deployments.ts'
import { duration } from './durations.ts'
import type { EcsService, ServiceDeployment } from './model.ts'
import type { EcsState } from './state.ts'

/**
 * Watches the alarms of a deployment while it is under way. One that is in ALARM already at the
 * start switches them off for the whole deployment.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export async function watchAlarms(
  ecs: EcsState,
  service: EcsService,
  deployment: ServiceDeployment,
): Promise<void> {
  if (deployment.alarms !== 'MONITORING') return
  const atStart = await inAlarm(ecs, deployment)
  if (atStart !== undefined && atStart.length > 0) {
    deployment.alarms = 'DISABLED'
    return
  }
  while (await stillUnderWay(ecs, deployment)) {
    const red = await inAlarm(ecs, deployment)
    if (red === undefined || red.length === 0 || deployment.status !== 'IN_PROGRESS') continue
    deployment.alarms = 'TRIGGERED'
    deployment.triggeredAlarms = red
    fail(ecs, service, deployment, {
      event: true,
      rollback: deployment.configuration.alarms?.rollback ?? false,
      reason: 'ECS deployment failed: alarm detected.',
      why: `Service deployment rolled back because of the CloudWatch alarm(s) ${red.join(', ')}.`,
      by: 'ECS deployment alarm',
    })
  }
}

async function stillUnderWay(ecs: EcsState, deployment: ServiceDeployment): Promise<boolean> {
  if (deployment.status !== 'IN_PROGRESS') return false
  await ecs.world.sleep(duration(ecs.world, 'alarmPoll'), 'ECS polls alarms')
  return deployment.status === 'IN_PROGRESS'
}

/** The names of the alarms that are in ALARM; undefined when the poll was refused, which ECS misses. */
async function inAlarm(
  ecs: EcsState,
  { configuration }: ServiceDeployment,
): Promise<string[] | undefined> {
  const AlarmNames = configuration.alarms?.alarmNames ?? []
  try {
    const answer = await ecs.aws.call<Partial<DescribeAlarmsCommandOutput>>(
      'cloudwatch',
      'DescribeAlarms',
      { AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
      { kind: 'aws', name: 'ecs' },
    )
    const alarms = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]
    return alarms
      .filter(({ StateValue }) => StateValue === 'ALARM')
      .map(({ AlarmName }) => AlarmName ?? '')
  } catch (error) {
    if (error instanceof AwsError && /Throttl/.test(error.name)) return undefined
    throw error
  }
}
