import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { type EndingVisit, endingVisits, prolongedUntil } from '../../domain/sleep/ending-visits.ts'
import { requestMetric } from '../../domain/sleep/idle-metrics.ts'
import type { Named } from '../../domain/sleep/overrides.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import { STAYS_MS } from '../../domain/sleep/visit-times.ts'
import { visitKey } from '../../domain/table/keys.ts'
import { epochSeconds } from '../../domain/time.ts'
import type { Sources } from '../shared/sleep/gather.ts'
import type { Judge } from '../shared/sleep/look.ts'
import { updateItem } from '../shared/table/update.ts'
import { metricsOf } from './metrics.ts'
import { balancersOf } from './target-groups.ts'

type Own = Pick<Sources, 'table' | 'balancing' | 'catalog' | 'failed'> & {
  cloudwatch: CloudWatchClient
}

const KEPT_SECONDS = 14 * 24 * 60 * 60
const MINUTE_MS = 60_000

/**
 * Has each visitor's wake that has just ended go on while its service is used: the page has seen only
 * whoever came while it slept, the load balancer counts everybody. It is asked once for each wake that
 * ends. What cannot be read, is not answered whole, or has no numbers yet changes nothing.
 */
export function visitsJudge(own: Own): Judge {
  return async ({ read, now }) => {
    const seen = new Map(read.seen.map((one) => [one.id, one]))
    const longer = new Map<string, Named>()
    for (const ending of endingVisits(read, own.catalog, now)) {
      try {
        const minutes = await minutesOfRequests(own, seen.get(ending.id), now)
        const until = prolongedUntil(ending, minutes, own.catalog, now)
        const visit = until && (await prolong(own, ending, until))
        if (visit) longer.set(visit.id, visit)
      } catch (error) {
        own.failed(`whether anybody uses ${ending.service}`, error)
      }
    }
    if (longer.size === 0) return undefined
    const overrides = read.overrides.map((one) => longer.get(one.id) ?? one)
    return { overrides, sleepers: read.sleepers }
  }
}

/** Not where somebody has ended it, or has come again, since it was read. */
async function prolong(
  { table }: Own,
  { visit, service }: EndingVisit,
  end: Date,
): Promise<Named | undefined> {
  const until = end.toISOString()
  const expires = epochSeconds(end) + KEPT_SECONDS
  const isWritten = await updateItem(table, {
    key: visitKey(service),
    expression: 'SET #until = :until, #expires = :expires',
    condition: 'attribute_not_exists(ended) AND #until = :before',
    names: { '#until': 'until', '#expires': 'expires' },
    values: { ':until': until, ':expires': expires, ':before': visit.until },
  })
  return isWritten ? { ...visit, until, expires } : undefined
}

/**
 * The minutes of the last two hours in which requests came to a service: when each began.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
async function minutesOfRequests(
  { balancing, cloudwatch }: Own,
  seen: Seen | undefined,
  now: Date,
): Promise<Date[]> {
  const groups = [...(await balancersOf(balancing, seen?.targetGroups ?? [])).values()].flat()
  const asked = groups.filter(({ isRequests }) => isRequests).map(requestMetric)
  const begin = Math.floor((now.getTime() - STAYS_MS) / MINUTE_MS) * MINUTE_MS
  const values = await metricsOf(cloudwatch, asked, { begin, period: MINUTE_MS, now })
  return values.flatMap((own) =>
    own.flatMap((count = 0, place) => (count > 0 ? new Date(begin + place * MINUTE_MS) : [])),
  )
}
