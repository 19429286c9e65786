import { AwsError } from '../errors.ts'
import type { Datum, MetricId, Metrics } from './series.ts'
import { statistic } from './statistics.ts'

/** A Metrics Insights query, read. */
export type Insights = {
  stat: string
  namespace: string
  metric: string
  /** The names of exactly these dimensions; undefined takes any. */
  schema: readonly string[] | undefined
  where: readonly { dimension: string; value: string; not: boolean }[]
  groupBy: readonly string[]
}

/** Metrics that have the same values in the dimensions of `GROUP BY`. */
export type Group = {
  attributes: Readonly<Record<string, string>>
  /** Milliseconds: the minute of the newest data. */
  newest: number
  value(start: number, end: number): number | undefined
}

const STATISTICS: Readonly<Record<string, string>> = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
}

const QUERY =
  /^\s*SELECT\s+(\w+)\(\s*("[^"]+"|\w+)\s*\)\s+FROM\s+(SCHEMA\([^)]*\)|"[^"]+"|[\w/]+)(?:\s+WHERE\s+(.+?))?(?:\s+GROUP\s+BY\s+(.+?))?(?:\s+ORDER\s+BY\s+.+?)?(?:\s+LIMIT\s+\d+)?\s*$/is

export const isInsights = (expression = ''): boolean => /^\s*SELECT\b/i.test(expression)

/**
 * Reads `SELECT AVG(Errors) FROM SCHEMA("Shop", Service) WHERE Team = 'blue' GROUP BY Service`.
 * Conditions are joined by AND; order and limit change nothing for an alarm.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 *
 * @throws AwsError ValidationError
 */
export function readInsights(expression: string): Insights {
  const [, fn = '', metric = '', from = '', where, groupBy] = QUERY.exec(expression) ?? []
  const stat = STATISTICS[fn.toUpperCase()]
  if (stat === undefined) throw invalid(expression)
  const [, inner] = /^SCHEMA\((.*)\)$/is.exec(from) ?? []
  const [namespace = '', ...schema] = (inner ?? from).split(',').map(plain)
  return {
    stat,
    namespace,
    metric: plain(metric),
    schema: inner === undefined ? undefined : schema,
    where: (where?.split(/\s+AND\s+/i) ?? []).map((one) => condition(one, expression)),
    groupBy: groupBy?.split(',').map(plain) ?? [],
  }
}

function condition(text: string, expression: string) {
  const [, dimension = '', sign = '', value = ''] =
    /^\s*("[^"]+"|\w+)\s*(!?=)\s*'([^']*)'\s*$/.exec(text) ?? []
  if (sign === '') throw invalid(expression)
  return { dimension: plain(dimension), value, not: sign === '!=' }
}

const plain = (name: string): string => name.trim().replaceAll('"', '')

/** Whether data of this metric are asked for. */
export function isAsked(query: Insights, { namespace, name, dimensions }: MetricId): boolean {
  const { schema, where, groupBy } = query
  return (
    namespace === query.namespace &&
    name === query.metric &&
    (schema === undefined ||
      (schema.length === Object.keys(dimensions).length &&
        schema.every((one) => one in dimensions))) &&
    groupBy.every((one) => one in dimensions) &&
    where.every(({ dimension, value, not }) => (dimensions[dimension] === value) !== not)
  )
}

/** The time series of a query: one for each combination of values in `GROUP BY`, in their order. */
export function groupsOf(metrics: Pick<Metrics, 'all'>, query: Insights): Group[] {
  const compute = statistic(query.stat)
  const found = new Map<string, { attributes: Group['attributes']; series: Metrics['all'] }>()
  for (const series of metrics.all) {
    if (!isAsked(query, series.id)) continue
    const pairs = query.groupBy.map((name) => [name, series.id.dimensions[name] ?? ''] as const)
    const key = JSON.stringify(pairs)
    const known = found.get(key)?.series ?? []
    found.set(key, { attributes: Object.fromEntries(pairs), series: [...known, series] })
  }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { attributes, series }]) => ({
      attributes,
      newest: Math.max(...series.map(({ newest = 0 }) => newest)),
      value: (start, end) => {
        const data: Datum[] = series.flatMap((one) => [...one.between(start, end)])
        return compute(data)
      },
    }))
}

const invalid = (expression: string): AwsError =>
  new AwsError('ValidationError', `Error in expression: ${expression}`)
