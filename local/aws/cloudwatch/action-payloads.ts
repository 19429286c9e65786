import type { Aws } from '../aws.ts'
import { type Alarm, type AlarmState, timestamp } from './alarm.ts'
import { propagatedTags } from './alarm-tags.ts'
import { alarmDetail } from './events.ts'

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
    ...topicTags(alarm),
  }
}

function topicTags(alarm: Alarm) {
  const tags = propagatedTags(alarm)
  return tags === undefined ? {} : { AlarmTags: tags, AlarmTagsStatus: 'SUCCESS' }
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

function trigger({ input, queries, period, threshold, band }: Extract<Alarm, { kind: 'metric' }>) {
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
    ...(band === undefined ? { Threshold: threshold.value } : { ThresholdMetricId: band }),
    TreatMissingData: MISSING[threshold.missingData],
    EvaluateLowSampleCountPercentile: '',
  }
}
