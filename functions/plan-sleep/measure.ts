import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { Measured } from '../../domain/sleep/idle.ts'
import { type Around, type Asked, idleMetrics } from '../../domain/sleep/idle-metrics.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import { TAGS } from '../../domain/tags.ts'
import { listTagged } from '../shared/listed.ts'
import { balancersOf } from './target-groups.ts'

export type MetricSources = {
  cloudwatch: CloudWatchClient
  balancing: ElasticLoadBalancingV2Client
  tagging: ResourceGroupsTaggingAPIClient
  environment: string
}

/** Of which resource, and from when on. */
export type Asking = { seen: Seen; from: Date }
/** What was measured, and what is not there if nobody uses it. */
export type Use = { measured: Measured; what: string }

const MINUTE = 60_000
/** Up to half a day by five minutes, which instances send without detailed monitoring; else by hours. */
const [SHORT, LONG, SHORT_UP_TO] = [5 * MINUTE, 60 * MINUTE, 12 * 60 * MINUTE]
const QUERIES_AT_ONCE = 500

/**
 * What CloudWatch says of the use of these resources, five hundred metrics a call.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 *
 * @throws PartialRead when an answer is not whole, and the error of a read.
 */
export async function measure(
  sources: MetricSources,
  asking: readonly Asking[],
  now: Date,
): Promise<Map<string, Use>> {
  const around = await aroundOf(sources, asking)
  const batches = Map.groupBy(asking, ({ from }) => periodFrom(from, now))
  const found = new Map<string, Use>()
  for (const [period, some] of batches) {
    // What is older than one asks for is left aside where it is judged.
    const first = Math.min(...some.map(({ from }) => from.getTime()))
    const begin = Math.floor(first / period) * period
    const wanted = some.map(({ seen }) => ({
      seen,
      ...idleMetrics(seen, around(seen), period),
    }))
    const all = wanted.flatMap(({ asked }) => asked)
    const values = await valuesOf(sources.cloudwatch, all, { begin, period, now })
    let place = 0
    for (const { seen, what, asked } of wanted) {
      const signals = asked.map(({ always, use }) => ({
        always,
        use,
        values: values[place++] ?? [],
      }))
      found.set(seen.id, { what, measured: { from: begin, period, signals } })
    }
  }
  return found
}

const periodFrom = (from: Date, now: Date): number =>
  now.getTime() - from.getTime() <= SHORT_UP_TO ? SHORT : LONG

type Span = { begin: number; period: number; now: Date }

/** The values of each metric by the period's place. */
async function valuesOf(
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

/** What was given up is nobody's work. */
const DEAD_LETTERS = '-dead-letters'

const NOTHING: Around = { groups: [], queues: [] }

/** What else there is of services: load balancers by their target groups, queues by their tags. */
async function aroundOf(
  { balancing, tagging, environment }: MetricSources,
  asking: readonly Asking[],
): Promise<(seen: Seen) => Around> {
  const services = asking.flatMap(({ seen }) => (seen.kind === 'service' ? [seen] : []))
  const arns = [...new Set(services.flatMap(({ targetGroups = [] }) => targetGroups))]
  const groups = await balancersOf(balancing, arns)
  const groupsOf = ({ targetGroups = [] }: Seen) =>
    targetGroups.flatMap((arn) => groups.get(arn) ?? [])
  const isWorker = (seen: Seen) => !groupsOf(seen).some(({ isRequests }) => isRequests)
  const queues = services.some(isWorker)
    ? await listTagged(tagging, environment, TAGS.service, ['sqs'])
    : []
  return (seen) => {
    if (seen.kind !== 'service') return NOTHING
    const own = isWorker(seen) && seen.service !== undefined
    return {
      groups: groupsOf(seen),
      queues: queues.flatMap(({ arn, tags }) =>
        own && tags[TAGS.service] === seen.service && !arn.endsWith(DEAD_LETTERS)
          ? (arn.split(':').at(-1) ?? [])
          : [],
      ),
    }
  }
}
