import type { MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { evaluateExpression } from './expression.ts'
import { groupsOf, isInsights, readInsights } from './insights.ts'
import { keyOf, metricId, type Readable } from './series.ts'
import { statistic } from './statistics.ts'

/** Periods that follow one another: each begins at `starts[i]` and is `length` milliseconds long. */
export type Periods = { starts: readonly number[]; length: number }

/** The value of one query in each period. */
export type Points = readonly (number | undefined)[]

/**
 * Answers queries that may refer to one another.
 *
 * @returns a function from a query's id to its values.
 * @throws AwsError ValidationError for an id that is not there or refers to itself.
 */
export function answer(
  metrics: Readable,
  queries: readonly MetricDataQuery[],
  periods: Periods,
): (id: string) => Points {
  const known = new Map<string, Points>()
  const open = new Set<string>()
  const lookup = (id: string): Points => {
    const answered = known.get(id)
    if (answered !== undefined) return answered
    const query = queries.find(({ Id }) => Id === id)
    if (query === undefined || open.has(id)) {
      throw new AwsError('ValidationError', `Unknown or circular id in expression: ${id}`)
    }
    open.add(id)
    const points = answerOne(metrics, query, periods, lookup)
    known.set(id, points)
    return points
  }
  return lookup
}

function answerOne(
  metrics: Readable,
  { Expression, MetricStat }: MetricDataQuery,
  { starts, length }: Periods,
  lookup: (id: string) => Points,
): Points {
  if (Expression !== undefined && isInsights(Expression)) {
    const [one, ...more] = groupsOf(metrics, readInsights(Expression))
    if (more.length > 0) throw new NotImplemented('arithmetic with several time series')
    return starts.map((start) => one?.value(start, start + length))
  }
  if (Expression !== undefined) {
    const values = evaluateExpression(Expression, lookup)
    return typeof values === 'number' ? starts.map(() => values) : values
  }
  const { Stat = '', Unit } = MetricStat ?? {}
  const series = metrics.find(MetricStat === undefined ? '' : statKey(MetricStat))
  const compute = statistic(Stat, Unit)
  return starts.map((start) => series && compute(series.between(start, start + length)))
}

/** Keys of the metrics that queries read. */
export function metricsOf(queries: readonly MetricDataQuery[]): readonly string[] {
  let found = asked.get(queries)
  if (found === undefined) {
    found = queries.flatMap(({ MetricStat }) =>
      MetricStat === undefined ? [] : statKey(MetricStat),
    )
    asked.set(queries, found)
  }
  return found
}

const asked = new WeakMap<readonly MetricDataQuery[], readonly string[]>()

const keys = new WeakMap<MetricStat, string>()

/** The key of the metric of a query; alarms ask the same every minute. */
function statKey(stat: MetricStat): string {
  let key = keys.get(stat)
  if (key === undefined) {
    const { Namespace, MetricName, Dimensions } = stat.Metric ?? {}
    key = keyOf(metricId(Namespace, MetricName, Dimensions))
    keys.set(stat, key)
  }
  return key
}

/** @throws AwsError, NotImplemented for a query that could never be answered. */
export function checkQueries(queries: readonly MetricDataQuery[]): void {
  const members = ['Id', 'MetricStat', 'Expression', 'Label', 'ReturnData', 'Period', 'AccountId']
  for (const query of queries) {
    onlyMembers('the queries of cloudwatch', query, members)
    if ((query.MetricStat === undefined) === (query.Expression === undefined)) {
      throw new AwsError(
        'ValidationError',
        'Each query must have either a MetricStat or an Expression.',
      )
    }
    if (query.MetricStat !== undefined) statistic(query.MetricStat.Stat ?? '')
  }
  // With no periods at all, an answer only shows whether the expressions can be read.
  const nothing = { find: () => undefined, all: [] }
  const lookup = answer(nothing, queries, {
    starts: [],
    length: 60_000,
  })
  // A band has two values in each period, which an expression cannot use.
  for (const { Id = '', Expression } of queries) {
    if (!/^\s*ANOMALY_DETECTION_BAND/.test(Expression ?? '')) lookup(Id)
  }
}

/** Seconds: the longest period of the metrics in a list of queries. */
export const periodOf = (queries: readonly MetricDataQuery[]): number =>
  Math.max(60, ...queries.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 0))
