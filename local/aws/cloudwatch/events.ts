import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { AwsEvent } from '../aws.ts'
import { type Alarm, type AlarmState, suppressionReason, timestamp } from './alarm.ts'
import { eventTags } from './alarm-tags.ts'
import type { Mute } from './mute-rules.ts'
import { metricId } from './series.ts'

/**
 * `CloudWatch Alarm State Change`. Its configuration has no threshold: that is in `reasonData`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function stateChange(alarm: Alarm, previous: AlarmState, mute?: Mute): AwsEvent {
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.arn],
    detail: alarmDetail(alarm, previous, mute),
    delivery: 'durable',
  }
}

/** The detail of the event; an alarm's function gets the same. */
export function alarmDetail(alarm: Alarm, previous: AlarmState, mute?: Mute) {
  return {
    alarmName: alarm.name,
    configuration: shortConfiguration(alarm),
    previousState: stateDetail(previous),
    state: stateDetail(alarm.state),
    ...muteDetail(mute),
    ...eventTags(alarm),
  }
}

/** What of its configuration an alarm tells when its state changes. */
export function shortConfiguration(alarm: Alarm): Record<string, unknown> {
  const { description } = alarm
  return {
    ...(description === undefined ? {} : { description }),
    ...(alarm.kind === 'metric' ? { metrics: metrics(alarm.queries) } : ruleDetail(alarm)),
  }
}

function ruleDetail({ rule, suppressor }: Extract<Alarm, { kind: 'composite' }>) {
  return {
    alarmRule: rule.text,
    ...(suppressor && {
      actionsSuppressor: suppressor.alarm,
      actionsSuppressorWaitPeriod: suppressor.waitPeriod,
      actionsSuppressorExtensionPeriod: suppressor.extensionPeriod,
    }),
  }
}

export function muteDetail(mute: Mute | undefined) {
  if (mute === undefined) return {}
  const { arn, start, end } = mute
  return {
    muteDetail: {
      mutedByArn: arn,
      muteWindowStart: timestamp(new Date(start)),
      muteWindowEnd: timestamp(new Date(end)),
    },
  }
}

/** `CloudWatch Alarm Configuration Change`, of an alarm that was put or deleted. */
export function configurationChange(
  alarm: Alarm,
  operation: 'create' | 'update' | 'delete',
  previous?: Alarm,
): AwsEvent {
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm Configuration Change',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      operation,
      state: stateDetail(alarm.state),
      configuration: configuration(alarm),
      ...(previous && { previousConfiguration: configuration(previous) }),
    },
    delivery: 'durable',
  }
}

export const stateDetail = ({ value, reason, data, at, suppressedBy }: AlarmState) => ({
  value,
  reason,
  ...(data === undefined ? {} : { reasonData: data }),
  timestamp: timestamp(at),
  ...(suppressedBy && {
    actionsSuppressedBy: suppressedBy,
    actionsSuppressedReason: suppressionReason(suppressedBy),
  }),
})

function configuration(alarm: Alarm): Record<string, unknown> {
  const { actions, actionsEnabled, configuredAt, description, name } = alarm
  return {
    alarmName: name,
    ...(description === undefined ? {} : { description }),
    actionsEnabled,
    timestamp: timestamp(configuredAt),
    okActions: actions.OK,
    alarmActions: actions.ALARM,
    insufficientDataActions: actions.INSUFFICIENT_DATA,
    ...(alarm.kind === 'metric'
      ? {
          metrics: metrics(alarm.queries),
          evaluationPeriods: alarm.threshold.evaluationPeriods,
          ...(alarm.band === undefined
            ? { threshold: alarm.threshold.value }
            : { thresholdMetricId: alarm.band }),
          comparisonOperator: alarm.threshold.comparison,
          treatMissingData: alarm.threshold.missingData,
        }
      : ruleDetail(alarm)),
  }
}

/** Dimensions are a map in events, and a list everywhere else. */
const metrics = (queries: readonly MetricDataQuery[]) =>
  queries.map(({ Id, MetricStat, Expression, Label, Period: every, ReturnData = true }) => {
    const { Metric, Period, Stat, Unit } = MetricStat ?? {}
    const { namespace, name, dimensions } = metricId(
      Metric?.Namespace,
      Metric?.MetricName,
      Metric?.Dimensions,
    )
    return {
      id: Id,
      ...(MetricStat === undefined
        ? { expression: Expression, ...(every === undefined ? {} : { period: every }) }
        : {
            metricStat: {
              metric: { namespace, name, dimensions },
              period: Period,
              stat: Stat,
              ...(Unit === undefined ? {} : { unit: Unit }),
            },
          }),
      ...(Label === undefined ? {} : { label: Label }),
      returnData: ReturnData,
    }
  })
