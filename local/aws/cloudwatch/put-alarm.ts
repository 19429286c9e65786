import type {
  ComparisonOperator,
  MetricDataQuery,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch'
import type { Aws } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type {
  Alarm,
  AlarmState,
  CompositeAlarm,
  MetricAlarm,
  MissingData,
  Suppressor,
} from './alarm.ts'
import { checkActionConfiguration } from './alarm-tags.ts'
import { type Alarms, checkAction } from './alarms.ts'
import { readBand } from './band.ts'
import type { Evaluator } from './evaluator.ts'
import { isInsights, readInsights } from './insights.ts'
import { checkQueries, periodOf } from './query.ts'
import { nameOf, parseRule } from './rule.ts'
import { isBandComparison } from './threshold.ts'

/** All periods of an alarm together: a week at most, or a day with periods under an hour. */
const LONGEST_SECONDS = 7 * 86_400

const SHARED = [
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'Tags',
  'ActionConfiguration',
]

/** Making alarms, and giving them another configuration. */
export function putOperations(aws: Aws, alarms: Alarms, evaluator: Evaluator) {
  return {
    PutMetricAlarm: (input: PutMetricAlarmInput) => {
      const before = alarms.find(input.AlarmName ?? '')
      const alarm = metricAlarm(aws, input, before)
      if (before?.kind === 'metric') evaluator.forget(before)
      alarms.put(alarm)
      evaluator.watch(alarm)
      return {}
    },
    PutCompositeAlarm: (input: PutCompositeAlarmInput) => {
      const alarm = compositeAlarm(aws, alarms, input)
      alarms.put(alarm)
      alarms.evaluateComposite(alarm)
      return {}
    },
  }
}

const invalid = (message: string) => new AwsError('ValidationError', message)

function metricAlarm(aws: Aws, input: PutMetricAlarmInput, before: Alarm | undefined): MetricAlarm {
  onlyMembers('cloudwatch:PutMetricAlarm', input, [
    ...SHARED,
    'MetricName',
    'Namespace',
    'Statistic',
    'ExtendedStatistic',
    'Dimensions',
    'Period',
    'Unit',
    'EvaluationPeriods',
    'DatapointsToAlarm',
    'Threshold',
    'ComparisonOperator',
    'TreatMissingData',
    'Metrics',
    'ThresholdMetricId',
  ])
  const { ComparisonOperator, Threshold, EvaluationPeriods: evaluationPeriods = 0 } = input
  if (ComparisonOperator === undefined || evaluationPeriods < 1) {
    throw invalid('ComparisonOperator and EvaluationPeriods are required.')
  }
  const band = bandOf(input, ComparisonOperator)
  if ((Threshold === undefined) === (band === undefined)) {
    throw invalid('Either Threshold or ThresholdMetricId is required.')
  }
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods
  if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
    throw invalid('DatapointsToAlarm must be from 1 to EvaluationPeriods.')
  }
  const queries = queriesOf(aws, input)
  const period = checkedPeriod(queries, evaluationPeriods)
  return {
    ...shared(aws, input, before),
    kind: 'metric',
    input,
    queries,
    watched: watchedOf(queries, band),
    ...(band === undefined ? {} : { band: band.id }),
    ...insightsOf(queries),
    contributors: before?.kind === 'metric' ? before.contributors : [],
    period,
    threshold: {
      value: Threshold,
      comparison: ComparisonOperator,
      evaluationPeriods,
      datapointsToAlarm,
      missingData: missingDataOf(input, queries),
    },
  }
}

function shared(
  aws: Aws,
  input: PutMetricAlarmInput | PutCompositeAlarmInput,
  before: Alarm | undefined,
) {
  const { AlarmName: name, AlarmDescription: description, ActionsEnabled = true, Tags } = input
  if (name === undefined || name === '') throw invalid('AlarmName is required.')
  const actions = {
    OK: input.OKActions ?? [],
    ALARM: input.AlarmActions ?? [],
    INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
  }
  for (const arn of Object.values(actions).flat()) checkAction(arn)
  checkActionConfiguration(input.ActionConfiguration)
  const unchecked: AlarmState = {
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    at: aws.world.date,
  }
  return {
    name,
    arn: aws.arn('cloudwatch', `alarm:${name}`),
    ...(description === undefined ? {} : { description }),
    actionsEnabled: ActionsEnabled,
    actions,
    ...(input.ActionConfiguration && { actionConfiguration: input.ActionConfiguration }),
    // An update leaves the state as it is, and takes no tags.
    state: before?.state ?? unchecked,
    configuredAt: aws.world.date,
    tags: before?.tags ?? tagsFrom(Tags),
  }
}

/** An alarm on one metric has one query, with an id made here. */
function queriesOf(aws: Aws, input: PutMetricAlarmInput): readonly MetricDataQuery[] {
  const { Metrics, Namespace, MetricName, Dimensions, Period, Unit } = input
  const Stat = input.Statistic ?? input.ExtendedStatistic
  const single: MetricDataQuery = {
    Id: aws.world.random.uuid('cloudwatch/query'),
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions },
      Period,
      Stat,
      ...(Unit && { Unit }),
    },
    ReturnData: true,
  }
  const queries = Metrics ?? [single]
  checkQueries(queries)
  return queries
}

/** The band of an alarm on anomalies, and the metric that is compared with it. */
function bandOf(
  { Metrics = [], ThresholdMetricId: id }: PutMetricAlarmInput,
  operator: ComparisonOperator,
): { id: string; metric: string } | undefined {
  const band = readBand(Metrics.find(({ Id }) => Id === id)?.Expression)
  if ((id !== undefined) !== isBandComparison(operator) || (id !== undefined && !band)) {
    throw invalid(`ThresholdMetricId and ${operator} do not belong together.`)
  }
  return id === undefined || band === undefined ? undefined : { id, metric: band.metric }
}

function insightsOf([query, ...more]: readonly MetricDataQuery[]) {
  const { Expression = '' } = query ?? {}
  if (more.length > 0 || !isInsights(Expression)) return {}
  return { insights: readInsights(Expression) }
}

function watchedOf(
  queries: readonly MetricDataQuery[],
  band: { id: string; metric: string } | undefined,
): string {
  const returned = queries.filter(({ ReturnData = true }) => ReturnData)
  const [watched, ...more] = returned.filter(({ Id }) => Id !== band?.id)
  if (watched?.Id === undefined || more.length > 0) {
    throw invalid('Exactly one element of the metrics list should return data.')
  }
  return watched.Id
}

function checkedPeriod(queries: readonly MetricDataQuery[], evaluationPeriods: number): number {
  for (const { MetricStat } of queries) {
    const seconds = MetricStat?.Period ?? 60
    if (seconds % 60 !== 0) throw new NotImplemented(`alarms with a period of ${seconds} seconds`)
  }
  const period = periodOf(queries)
  if (period * evaluationPeriods > LONGEST_SECONDS) {
    throw invalid('Metrics cannot be checked across more than seven days.')
  }
  return period
}

const MISSING_DATA: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching']

/** Alarms on DynamoDB's metrics ignore missing data, whatever the request says. */
function missingDataOf(
  { TreatMissingData = 'missing' }: PutMetricAlarmInput,
  queries: readonly MetricDataQuery[],
): MissingData {
  if (!MISSING_DATA.includes(TreatMissingData)) {
    throw invalid(`The value ${TreatMissingData} for parameter TreatMissingData is invalid.`)
  }
  const dynamoDb = queries.some(
    ({ MetricStat }) => MetricStat?.Metric?.Namespace === 'AWS/DynamoDB',
  )
  return dynamoDb ? 'ignore' : (TreatMissingData as MissingData)
}

function compositeAlarm(aws: Aws, alarms: Alarms, input: PutCompositeAlarmInput): CompositeAlarm {
  onlyMembers('cloudwatch:PutCompositeAlarm', input, [
    ...SHARED,
    'AlarmRule',
    'ActionsSuppressor',
    'ActionsSuppressorWaitPeriod',
    'ActionsSuppressorExtensionPeriod',
  ])
  const rule = parseRule(input.AlarmRule ?? '')
  for (const name of rule.alarms) {
    if (name === input.AlarmName || alarms.find(name) === undefined) {
      throw invalid(`Could not save the composite alarm as alarm ${name} does not exist`)
    }
  }
  const suppressor = suppressorOf(alarms, input)
  const before = alarms.find(input.AlarmName ?? '')
  return {
    ...shared(aws, input, before),
    kind: 'composite',
    rule,
    ...(suppressor && { suppressor }),
  }
}

function suppressorOf(alarms: Alarms, input: PutCompositeAlarmInput): Suppressor | undefined {
  const { ActionsSuppressor: alarm } = input
  if (alarm === undefined) return undefined
  const { ActionsSuppressorWaitPeriod: wait, ActionsSuppressorExtensionPeriod: extension } = input
  if (wait === undefined || extension === undefined) {
    throw invalid('An ActionsSuppressor needs a wait period and an extension period.')
  }
  if (alarms.find(nameOf(alarm)) === undefined) {
    throw invalid(`Could not save the composite alarm as alarm ${alarm} does not exist`)
  }
  return { alarm, waitPeriod: wait, extensionPeriod: extension }
}
