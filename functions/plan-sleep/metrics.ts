import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch'
import type { Asked } from '../../domain/sleep/idle-metrics.ts'

const QUERIES_AT_ONCE = 500

/** From when on, in periods of what length: milliseconds. */
type Span = { begin: number; period: number; now: Date }

/**
 * The values of each metric by the period's place; undefined where there is no data. Five hundred
 * metrics a call. All of it, or nothing: an answer in part looks like one without any data.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 *
 * @throws PartialRead when an answer is not whole, and the error of a read.
 */
export async function metricsOf(
  cloudwatch: CloudWatchClient,
  asked: readonly Asked[],
  span: Span,
): Promise<(number | undefined)[][]> {
  const values = asked.map((): (number | undefined)[] => [])
  for (let start = 0; start < asked.length; start += QUERIES_AT_ONCE) {
    const queries = asked
      .slice(start, start + QUERIES_AT_ONCE)
      .map((one, place) => queryOf(one, start + place, span.period))
    await readPages(cloudwatch, queries, span, values)
  }
  const count = Math.ceil((span.now.getTime() - span.begin) / span.period)
  return values.map((known) => Array.from({ length: count }, (_, place) => known[place]))
}

const queryOf = (
  { namespace, name, dimensions, statistic }: Asked,
  place: number,
  period: number,
): MetricDataQuery => ({
  Id: `m${place}`,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: period / 1000,
    Stat: statistic,
  },
})

/** An answer was not whole, and there is no more of it. */
class PartialRead extends Error {
  override readonly name = 'PartialRead'
}

/** All pages; a metric is complete when its last one says so. */
async function readPages(
  cloudwatch: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  { begin, period, now }: Span,
  values: (number | undefined)[][],
): Promise<void> {
  const open = new Set(MetricDataQueries.map(({ Id = '' }) => Id))
  let NextToken: string | undefined
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(begin),
        EndTime: now,
        ...(NextToken !== undefined && { NextToken }),
      }),
    )
    for (const result of page.MetricDataResults ?? []) {
      const { Id = '', StatusCode, Timestamps = [], Values = [] } = result
      if (StatusCode === 'Complete') open.delete(Id)
      const own = values[Number(Id.slice(1))]
      for (const [place, at] of Timestamps.entries()) {
        if (own !== undefined) own[Math.floor((at.getTime() - begin) / period)] = Values[place]
      }
    }
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  if (open.size > 0) throw new PartialRead(`${open.size} metrics were not answered whole`)
}
