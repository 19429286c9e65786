import type { AlarmRecord, AlarmState } from '../../domain/table/alarm-record.ts'
import { readItem } from '../../domain/table/read.ts'
import type { AwsEvent } from '../../local/aws/aws.ts'
import { itemsOfKind } from './items.ts'
import type { Stage } from './roll-outs.ts'

/** An alarm's event as AWS sends it. */
export type AlarmEvent = {
  name: string
  value: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA'
  /** ISO 8601. */
  at: string
  previous?: { value: string; at: string; reason?: string }
  reason?: string
  reasonData?: object
  tags?: Record<string, string> | null
  /** Members of `detail.state`, `detail.configuration` and `detail` besides. */
  state?: object
  configuration?: object
  detail?: object
}

export const OURS = {
  'caretaker:service': 'web',
  'caretaker:owner': 'storefront',
  'caretaker:environment': 'dev',
  'caretaker:severity': 'look',
}

/** The environment, and what CloudWatch says in it. */
export const alarmArn = ({ simulation }: Stage, name: string): string =>
  `arn:aws:cloudwatch:${simulation.aws.region}:${simulation.aws.account}:alarm:${name}`

const stamp = (at: string) => new Date(at).toISOString().replace('Z', '+0000')

/** Sends an event of an alarm; nothing else in the account changes by it. */
export function tell(stage: Stage, event: AlarmEvent): void {
  const { name, value, at, previous, reason = '', reasonData, tags = OURS } = event
  const sent: AwsEvent = {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarmArn(stage, name)],
    detail: {
      alarmName: name,
      state: {
        value,
        reason,
        timestamp: stamp(at),
        ...(reasonData && { reasonData: JSON.stringify(reasonData) }),
        ...event.state,
      },
      ...(previous && {
        previousState: {
          value: previous.value,
          reason: previous.reason ?? '',
          timestamp: stamp(previous.at),
        },
      }),
      configuration: { description: null, metrics: METRICS, ...event.configuration },
      ...(tags && { alarmTags: tags, alarmTagsStatus: 'SUCCESS' }),
      ...event.detail,
    },
    delivery: 'durable',
  }
  stage.simulation.aws.emit(sent)
}

const METRICS = [
  {
    id: 'm1',
    metricStat: {
      metric: {
        namespace: 'AWS/ApplicationELB',
        name: 'HTTPCode_Target_5XX_Count',
        dimensions: { TargetGroup: 'targetgroup/dev-web/1a2b' },
      },
      period: 60,
      stat: 'Sum',
    },
    returnData: true,
  },
]

/** Records of episodes, oldest first. */
export const episodes = ({ simulation }: Stage): AlarmRecord[] =>
  itemsOfKind(simulation, 'alarm')
    .map((item) => readItem('alarm', item))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))

/** What is kept of an alarm; undefined when nothing is. */
export const kept = (stage: Stage, name: string): AlarmState | undefined =>
  itemsOfKind(stage.simulation, 'alarm-state')
    .map((item) => readItem('alarm-state', item))
    .find((one) => one.name === name)
