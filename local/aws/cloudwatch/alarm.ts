import type {
  ActionConfiguration,
  ComparisonOperator,
  MetricDataQuery,
  PutMetricAlarmInput,
  StateValue,
} from '@aws-sdk/client-cloudwatch'
import type { Tags } from '../tags.ts'
import type { Band } from './band.ts'
import type { Group, Insights } from './insights.ts'
import type { AlarmRule } from './rule.ts'

/** By what the actions of a composite alarm are held back. */
export type SuppressedBy = 'WaitPeriod' | 'ExtensionPeriod' | 'Alarm'

/** Another alarm that holds back the actions of a composite alarm; both periods in seconds. */
export type Suppressor = { alarm: string; waitPeriod: number; extensionPeriod: number }

/** One time series of an alarm that has many. It is never INSUFFICIENT_DATA. */
export type Contributor = {
  id: string
  attributes: Group['attributes']
  value: 'ALARM' | 'OK'
  reason: string
  at: Date
}

export type AlarmState = {
  value: StateValue
  reason: string
  /** JSON. */
  data?: string
  at: Date
  /** By what the actions of a composite alarm are held back. */
  suppressedBy?: SuppressedBy
}

type Common = {
  name: string
  arn: string
  description?: string
  actionsEnabled: boolean
  /** ARNs, by the state that is reached. */
  actions: Readonly<Record<StateValue, readonly string[]>>
  actionConfiguration?: ActionConfiguration
  state: AlarmState
  configuredAt: Date
  /** When the state last got another value. */
  transitionedAt?: Date
  tags: Tags
}

export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching'

/** What a metric alarm asks of its data. */
export type Threshold = {
  /** Undefined for a band, which has two of them, in every period others. */
  value: number | undefined
  comparison: ComparisonOperator
  /** N: how many of the latest periods count. */
  evaluationPeriods: number
  /** M: how many of them must breach. */
  datapointsToAlarm: number
  missingData: MissingData
}

export type MetricAlarm = Common & {
  kind: 'metric'
  /** As it was put: what DescribeAlarms shows. */
  input: PutMetricAlarmInput
  /** The metric as a query, or the queries of metric math; `watched` is the one that is compared. */
  queries: readonly MetricDataQuery[]
  watched: string
  /** Seconds. */
  period: number
  threshold: Threshold
  /** The query of the band it is compared with. */
  band?: string
  /** The query of an alarm on many time series, and what they are now. */
  insights?: Insights
  contributors: readonly Contributor[]
}

export type CompositeAlarm = Common & {
  kind: 'composite'
  rule: AlarmRule
  suppressor?: Suppressor
}

export type Alarm = MetricAlarm | CompositeAlarm

/** One period: when it began (milliseconds), and its value if it had data. */
export type Point = { at: number; value: number | undefined; band?: Band | undefined }
export type RealPoint = Point & { value: number }

/** Instants in reasons and events: `2026-03-02T09:00:00.000+0000`. */
export const timestamp = (at: Date): string => at.toISOString().replace('Z', '+0000')

const shared = (alarm: Alarm) => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
  AlarmConfigurationUpdatedTimestamp: alarm.configuredAt,
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: [...alarm.actions.OK],
  AlarmActions: [...alarm.actions.ALARM],
  InsufficientDataActions: [...alarm.actions.INSUFFICIENT_DATA],
  StateValue: alarm.state.value,
  StateReason: alarm.state.reason,
  ...(alarm.state.data === undefined ? {} : { StateReasonData: alarm.state.data }),
  StateUpdatedTimestamp: alarm.state.at,
  StateTransitionedTimestamp: alarm.transitionedAt ?? alarm.state.at,
  ...(alarm.actionConfiguration && { ActionConfiguration: alarm.actionConfiguration }),
})

export function describeMetricAlarm(alarm: MetricAlarm) {
  const { input } = alarm
  return {
    ...shared(alarm),
    ...(input.Metrics === undefined
      ? {
          MetricName: input.MetricName,
          Namespace: input.Namespace,
          ...(input.Statistic && { Statistic: input.Statistic }),
          ...(input.ExtendedStatistic && { ExtendedStatistic: input.ExtendedStatistic }),
          Dimensions: input.Dimensions ?? [],
          Period: input.Period,
          ...(input.Unit && { Unit: input.Unit }),
        }
      : { Metrics: input.Metrics }),
    EvaluationPeriods: input.EvaluationPeriods,
    ...(input.DatapointsToAlarm && { DatapointsToAlarm: input.DatapointsToAlarm }),
    ...(input.Threshold === undefined ? {} : { Threshold: input.Threshold }),
    ...(input.ThresholdMetricId && { ThresholdMetricId: input.ThresholdMetricId }),
    ComparisonOperator: input.ComparisonOperator,
    ...(input.TreatMissingData && { TreatMissingData: input.TreatMissingData }),
  }
}

/** `Actions suppressed by WaitPeriod` */
export const suppressionReason = (by: SuppressedBy): string => `Actions suppressed by ${by}`

export function describeCompositeAlarm(alarm: CompositeAlarm) {
  const { suppressor, state } = alarm
  return {
    ...shared(alarm),
    AlarmRule: alarm.rule.text,
    ...(state.suppressedBy && {
      ActionsSuppressedBy: state.suppressedBy,
      ActionsSuppressedReason: suppressionReason(state.suppressedBy),
    }),
    ...(suppressor && {
      ActionsSuppressor: suppressor.alarm,
      ActionsSuppressorWaitPeriod: suppressor.waitPeriod,
      ActionsSuppressorExtensionPeriod: suppressor.extensionPeriod,
    }),
  }
}
