import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { Aws, AwsEvent } from '../aws.ts'
import { type Alarm, type AlarmState, timestamp } from './alarm.ts'
import { metricId } from './series.ts'

/**
 * `CloudWatch Alarm State Change`. Its configuration has no threshold: that is in `reasonData`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function stateChange(alarm: Alarm, previous: AlarmState): AwsEvent {
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.arn],
    detail: alarmDetail(alarm, previous),
    delivery: 'durable',
  }
}

/** The detail of the event; an alarm's function gets the same. */
function alarmDetail(alarm: Alarm, previous: AlarmState) {
  const { description, name, state } = alarm
  return {
    alarmName: name,
    configuration: {
      ...(description === undefined ? {} : { description }),
      ...(alarm.kind === 'metric'
        ? { metrics: metrics(alarm.queries) }
        : { alarmRule: alarm.rule.text }),
    },
    previousState: stateDetail(previous),
    state: stateDetail(state),
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

const stateDetail = ({ value, reason, data, at }: AlarmState) => ({
  value,
  reason,
  ...(data === undefined ? {} : { reasonData: data }),
  timestamp: timestamp(at),
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
          threshold: alarm.threshold.value,
          comparisonOperator: alarm.threshold.comparison,
          treatMissingData: alarm.threshold.missingData,
        }
      : { alarmRule: alarm.rule.text }),
  }
}

/** Dimensions are a map in events, and a list everywhere else. */
const metrics = (queries: readonly MetricDataQuery[]) =>
  queries.map(({ Id, MetricStat, Expression, Label, ReturnData = true }) => {
    const { Metric, Period, Stat, Unit } = MetricStat ?? {}
    const { namespace, name, dimensions } = metricId(
      Metric?.Namespace,
      Metric?.MetricName,
      Metric?.Dimensions,
    )
    return {
      id: Id,
      ...(MetricStat === undefined
        ? { expression: Expression }
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

/** The message to a topic, and the event to a function. */
export function actionPayloads(aws: Aws, alarm: Alarm, previous: AlarmState) {
  return {
    topic: topicMessage(aws, alarm, previous),
    function: functionEvent(aws, alarm, previous),
  }
}

function functionEvent(aws: Aws, alarm: Alarm, previous: AlarmState): object {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: aws.account,
    time: timestamp(alarm.state.at),
    region: aws.region,
    alarmData: alarmDetail(alarm, previous),
  }
}

function topicMessage(aws: Aws, alarm: Alarm, previous: AlarmState): object {
  const { actions, state } = alarm
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: aws.account,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configuredAt),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: timestamp(state.at),
    Region: REGION_NAMES[aws.region] ?? aws.region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.value,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    ...(alarm.kind === 'metric' ? { Trigger: trigger(alarm) } : { AlarmRule: alarm.rule.text }),
  }
}

/** Messages name Regions as people do. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'eu-central-1': 'EU (Frankfurt)',
  'eu-west-1': 'EU (Ireland)',
  'us-east-1': 'US East (N. Virginia)',
  'us-west-2': 'US West (Oregon)',
}

const MISSING: Readonly<Record<string, string>> = {
  breaching: '- TreatMissingData: Breaching',
  notBreaching: '- TreatMissingData: NonBreaching',
  ignore: '- TreatMissingData: Ignore',
  missing: '- TreatMissingData: missing',
}

function trigger({ input, queries, period, threshold }: Extract<Alarm, { kind: 'metric' }>) {
  const about =
    input.Metrics === undefined
      ? {
          MetricName: input.MetricName,
          Namespace: input.Namespace,
          ...(input.ExtendedStatistic === undefined
            ? { StatisticType: 'Statistic', Statistic: input.Statistic?.toUpperCase() }
            : {
                StatisticType: 'ExtendedStatistic',
                ExtendedStatistic: input.ExtendedStatistic,
              }),
          Unit: input.Unit ?? null,
          Dimensions: (input.Dimensions ?? []).map(({ Name, Value }) => ({
            value: Value,
            name: Name,
          })),
        }
      : { Metrics: queries }
  return {
    ...about,
    Period: period,
    EvaluationPeriods: threshold.evaluationPeriods,
    DatapointsToAlarm: threshold.datapointsToAlarm,
    ComparisonOperator: threshold.comparison,
    Threshold: threshold.value,
    TreatMissingData: MISSING[threshold.missingData],
    EvaluateLowSampleCountPercentile: '',
  }
}
