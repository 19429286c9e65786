import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../errors.ts'
import { answer, type Periods, type Points } from './query.ts'
import { type Metrics, MINUTE } from './series.ts'

/** What is expected of one period. */
export type Band = { lower: number; upper: number }

/** CloudWatch learns from two weeks of data. */
const LEARNT_MILLISECONDS = 14 * 24 * 60 * MINUTE

/** With fewer periods of data than this there is no band yet. */
const FEWEST = 3

const BAND = /^\s*ANOMALY_DETECTION_BAND\(\s*(\w+)\s*(?:,\s*(\d+(?:\.\d+)?)\s*)?\)\s*$/

/** The metric a band is about and how wide it is; undefined for another expression. */
export function readBand(expression = ''): { metric: string; deviations: number } | undefined {
  const [, metric, deviations = '2'] = BAND.exec(expression) ?? []
  return metric === undefined ? undefined : { metric, deviations: Number(deviations) }
}

/**
 * The band that an alarm compares with: so many standard deviations around the mean of what was
 * measured before. AWS's own model also knows hours and weekdays.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
 *
 * @throws AwsError ValidationError when there is no such band.
 */
export function bandsOf(
  metrics: Metrics,
  queries: readonly MetricDataQuery[],
  id: string,
  { starts, length }: Periods,
): readonly (Band | undefined)[] {
  const band = readBand(queries.find(({ Id }) => Id === id)?.Expression)
  if (band === undefined) throw new AwsError('ValidationError', `${id} is no band`)
  const first = Math.max(0, (starts[0] ?? 0) - LEARNT_MILLISECONDS)
  const oldest = oldestOf(metrics, queries, band.metric, first)
  const count = Math.ceil(((starts.at(-1) ?? 0) - oldest) / length)
  // Periods as they are asked for, and as many before them as there are data of.
  const from = (starts.at(-1) ?? 0) - count * length
  const learnt = Array.from({ length: count }, (_, index) => from + index * length)
  const values = answer(metrics, queries, { starts: learnt, length })(band.metric)
  return starts.map((start) => {
    const before = values.filter((_, index) => (learnt[index] ?? 0) < start)
    return around(before, band.deviations)
  })
}

function oldestOf(
  metrics: Metrics,
  queries: readonly MetricDataQuery[],
  id: string,
  first: number,
): number {
  const { Metric } = queries.find(({ Id }) => Id === id)?.MetricStat ?? {}
  const series = metrics.all.filter(
    ({ id: { namespace, name } }) => namespace === Metric?.Namespace && name === Metric?.MetricName,
  )
  const data = series.flatMap((one) => one.between(first, Number.POSITIVE_INFINITY).slice(0, 1))
  return Math.min(Number.POSITIVE_INFINITY, ...data.map(({ at }) => at))
}

function around(values: Points, deviations: number): Band | undefined {
  const known = values.filter((value) => value !== undefined)
  if (known.length < FEWEST) return undefined
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length
  const width = deviations * Math.sqrt(variance)
  return { lower: mean - width, upper: mean + width }
}
