import type {
  GetMetricDataInput,
  GetMetricStatisticsInput,
  ListMetricsInput,
  MetricDataQuery,
  MetricDatum,
  PutMetricDataInput,
} from '@aws-sdk/client-cloudwatch'
import type { Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import type { World } from '../world.ts'
import { answer, checkQueries, type Periods, periodOf } from './query.ts'
import { type Datum, dimensionList, keyOf, type Metrics, metricId, single } from './series.ts'
import { statistic } from './statistics.ts'

const HOUR = 3_600_000

/** Data of the last two weeks and of the next two hours are taken. */
const OLDEST = 14 * 24 * HOUR
const NEWEST = 2 * HOUR

/** Metrics that have had no data for two weeks are not listed. */
const LISTED = 14 * 24 * HOUR

const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message)

/** Putting, reading and listing metrics. */
export function metricOperations(world: World, metrics: Metrics) {
  return {
    PutMetricData: (input: PutMetricDataInput, caller: Caller) => {
      put(world, metrics, input, caller)
      return {}
    },
    GetMetricData: (input: GetMetricDataInput) => getData(metrics, input),
    GetMetricStatistics: (input: GetMetricStatisticsInput) => getStatistics(metrics, input),
    ListMetrics: (input: ListMetricsInput) => list(world, metrics, input),
  }
}

function put(world: World, metrics: Metrics, input: PutMetricDataInput, caller: Caller): void {
  onlyMembers('cloudwatch:PutMetricData', input, ['Namespace', 'MetricData'])
  const { Namespace = '', MetricData = [] } = input
  if (Namespace === '' || (Namespace.startsWith('AWS/') && caller.kind !== 'aws')) {
    throw invalidParameter(`The value ${Namespace} for parameter Namespace is invalid.`)
  }
  for (const [index, datum] of MetricData.entries()) {
    checkValues(datum, `MetricData.member.${index + 1}`)
    const at = datum.Timestamp?.getTime() ?? world.now
    if (at < world.now - OLDEST || at > world.now + NEWEST) {
      throw invalidParameter('The parameter MetricData.member.1.Timestamp is not within the range.')
    }
    metrics.put(metricId(Namespace, datum.MetricName, datum.Dimensions), read(datum, at))
  }
}

/** Recorded: localstack, tests/aws/services/cloudwatch, test_put_metric_data_validation. */
function checkValues({ Value, Values, Counts }: MetricDatum, at: string): void {
  if (Value !== undefined && Values !== undefined) {
    throw new AwsError(
      'InvalidParameterCombinationException',
      `The parameters ${at}.Value and ${at}.Values are mutually exclusive and you have specified both.`,
    )
  }
  if (Counts === undefined || Counts.length === (Values ?? []).length) return
  throw invalidParameter(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`)
}

function read(datum: MetricDatum, at: number): Datum {
  onlyMembers('the data of cloudwatch:PutMetricData', datum, [
    'MetricName',
    'Dimensions',
    'Timestamp',
    'Value',
    'StatisticValues',
    'Values',
    'Counts',
    'Unit',
  ])
  const { Value, Values = [], Counts = [], StatisticValues, Unit = 'None' } = datum
  if (Value !== undefined) return single(at, Value, Unit)
  if (StatisticValues !== undefined) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues
    return { at, unit: Unit, count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum }
  }
  if (Values.length === 0) throw invalidParameter('The parameter MetricData has no value.')
  const values = Values.map((value, index) => [value, Counts[index] ?? 1] as const)
  return {
    at,
    unit: Unit,
    count: values.reduce((sum, [, count]) => sum + count, 0),
    sum: values.reduce((sum, [value, count]) => sum + value * count, 0),
    minimum: Math.min(...Values),
    maximum: Math.max(...Values),
    values,
  }
}

/** Periods are counted from midnight: one of five minutes begins at :00, :05… */
function periodsOf(start: Date | undefined, end: Date | undefined, seconds: number): Periods {
  if (start === undefined || end === undefined || start >= end) {
    throw invalidParameter('The parameter StartTime must be less than the parameter EndTime.')
  }
  if (!(seconds > 0) || seconds % 60 !== 0) {
    throw new NotImplemented(`periods of ${seconds} seconds of CloudWatch`)
  }
  const length = seconds * 1000
  const starts: number[] = []
  for (let at = Math.floor(start.getTime() / length) * length; at < end.getTime(); at += length) {
    starts.push(at)
  }
  return { starts, length }
}

function getData(metrics: Metrics, input: GetMetricDataInput) {
  onlyMembers('cloudwatch:GetMetricData', input, [
    'MetricDataQueries',
    'StartTime',
    'EndTime',
    'ScanBy',
  ])
  const { MetricDataQueries: queries = [], StartTime, EndTime, ScanBy } = input
  checkQueries(queries)
  const results = queries.filter(({ ReturnData }) => ReturnData ?? true)
  return {
    MetricDataResults: results.map((query) => {
      const seconds = query.MetricStat?.Period ?? query.Period ?? periodOf(queries)
      const periods = periodsOf(StartTime, EndTime, seconds)
      const points = answer(metrics.read, queries, periods)(query.Id ?? '')
      return {
        ...result(query, periods, points, ScanBy),
        StatusCode: isWhole(metrics, query, periods) ? 'Complete' : 'PartialData',
      }
    }),
    Messages: [],
  }
}

/** Newest first unless asked otherwise; periods without data are left out. */
function result(
  { Id, Label, MetricStat }: MetricDataQuery,
  { starts }: Periods,
  points: readonly (number | undefined)[],
  scanBy: GetMetricDataInput['ScanBy'],
) {
  const found = starts.flatMap((at, index) => {
    const value = points[index]
    return value === undefined ? [] : [{ at, value }]
  })
  if (scanBy !== 'TimestampAscending') found.reverse()
  return {
    Id,
    Label: Label ?? MetricStat?.Metric?.MetricName ?? Id,
    Timestamps: found.map(({ at }) => new Date(at)),
    Values: found.map(({ value }) => value),
  }
}

function isWhole(metrics: Metrics, { MetricStat }: MetricDataQuery, { starts, length }: Periods) {
  const { Namespace, MetricName, Dimensions } = MetricStat?.Metric ?? {}
  const id = metricId(Namespace, MetricName, Dimensions)
  return !metrics.isPartial(id, starts[0] ?? 0, (starts.at(-1) ?? 0) + length)
}

function getStatistics(metrics: Metrics, input: GetMetricStatisticsInput) {
  const { Namespace, MetricName, Dimensions, Unit, ExtendedStatistics = [] } = input
  const { Statistics = [] } = input
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw new AwsError(
      'InvalidParameterCombinationException',
      'At least one statistic must be given.',
    )
  }
  const { starts, length } = periodsOf(input.StartTime, input.EndTime, input.Period ?? 0)
  const series = metrics.read.find(keyOf(metricId(Namespace, MetricName, Dimensions)))
  const between = (at: number) => series?.between(at, at + length) ?? []
  const compute = (names: readonly string[], at: number) =>
    names.map((name) => [name, statistic(name, Unit)(between(at))])
  const Datapoints = starts
    .filter((at) => between(at).length > 0)
    .map((at) => ({
      Timestamp: new Date(at),
      Unit: Unit ?? between(at)[0]?.unit,
      ...Object.fromEntries(compute(Statistics, at)),
      ...(ExtendedStatistics.length > 0 && {
        ExtendedStatistics: Object.fromEntries(compute(ExtendedStatistics, at)),
      }),
    }))
  return { Label: MetricName, Datapoints }
}

function list(world: World, metrics: Metrics, input: ListMetricsInput) {
  onlyMembers('cloudwatch:ListMetrics', input, [
    'Namespace',
    'MetricName',
    'Dimensions',
    'NextToken',
    'RecentlyActive',
  ])
  const { Namespace, MetricName, Dimensions = [], RecentlyActive } = input
  const oldest = world.now - (RecentlyActive === 'PT3H' ? 3 * HOUR : LISTED)
  const found = metrics.all.filter(
    ({ id, newest = 0 }) =>
      newest >= oldest &&
      (Namespace ?? id.namespace) === id.namespace &&
      (MetricName ?? id.name) === id.name &&
      Dimensions.every(({ Name = '', Value }) => {
        const value = id.dimensions[Name]
        return value !== undefined && (Value ?? value) === value
      }),
  )
  const { items, next } = page(found, {
    token: input.NextToken,
    limit: 500,
    invalid: 'InvalidNextToken',
  })
  return {
    Metrics: items.map(({ id }) => ({
      Namespace: id.namespace,
      MetricName: id.name,
      Dimensions: dimensionList(id.dimensions),
    })),
    ...(next && { NextToken: next }),
  }
}
