import type { CompositeAlarm, LogAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch'
import { judged } from '../../domain/alarms/breach.ts'
import type { AlarmChange, AlarmState } from '../../domain/table/alarm-record.ts'
import { cut } from '../../domain/text.ts'
import type { Noticed } from '../shared/alarms/noticed.ts'

export type Described = MetricAlarm | CompositeAlarm | LogAlarm

const CHARACTERS = 1000

/** What `DescribeAlarms` says of an alarm, as its event would have said it. */
export function noticedIn(alarm: Described, change: AlarmChange): Noticed {
  const { AlarmArn: arn = '', AlarmName: name = '', AlarmDescription = '' } = alarm
  const { StateReason: reason = '', ActionsEnabled: actionsEnabled = true } = alarm
  return {
    subject: arn,
    reason,
    change,
    actionsEnabled,
    detail: {
      arn,
      name,
      description: cut(AlarmDescription, CHARACTERS),
      ...measured(alarm),
      ...judged(alarm.StateReasonData, reason),
    },
  }
}

function measured(alarm: Described): Pick<Noticed['detail'], 'type' | 'metric' | 'expression'> {
  if ('AlarmRule' in alarm) {
    return { type: 'composite', expression: cut(alarm.AlarmRule ?? '', CHARACTERS) }
  }
  const {
    Metrics = [],
    MetricName,
    Namespace = '',
    Statistic,
    ExtendedStatistic,
    Period,
    Dimensions,
  } = alarm as MetricAlarm
  if (MetricName === undefined) {
    const texts = Metrics.flatMap(({ Expression }) => Expression ?? [])
    if (texts.length === 0) return { type: 'log' }
    const isBand = texts.some((text) => text.includes('ANOMALY_DETECTION_BAND'))
    return { type: isBand ? 'anomaly' : 'math', expression: cut(texts[0] ?? '', CHARACTERS) }
  }
  const dimensions = (Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value])
  return {
    type: 'metric',
    metric: {
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(dimensions),
      statistic: Statistic ?? ExtendedStatistic ?? '',
      period: Period ?? 0,
    },
  }
}

/** What is said of an alarm of which only its state is kept. */
export function noticedOf(
  state: AlarmState & { subject: string },
  change: AlarmChange,
  reason = '',
): Noticed {
  return {
    subject: state.subject,
    reason,
    change,
    detail: {
      arn: state.arn,
      name: state.name,
      type: 'metric',
      description: '',
      datapoints: [],
      children: [],
    },
  }
}

export const turnedAt = ({ StateTransitionedTimestamp, StateUpdatedTimestamp }: Described) =>
  StateTransitionedTimestamp ?? StateUpdatedTimestamp
