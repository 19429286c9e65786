import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { Measured } from '../../domain/sleep/idle.ts'
import { type Around, idleMetrics } from '../../domain/sleep/idle-metrics.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import { TAGS } from '../../domain/tags.ts'
import { listTagged } from '../shared/listed.ts'
import { metricsOf } from './metrics.ts'
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

/**
 * What CloudWatch says of the use of these resources.
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
    const values = await metricsOf(sources.cloudwatch, all, { begin, period, now })
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
