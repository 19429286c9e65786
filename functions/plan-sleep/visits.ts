import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { DescribeServicesCommand } from '@aws-sdk/client-ecs'
import { type EndingVisit, endingVisits, prolongedUntil } from '../../domain/sleep/ending-visits.ts'
import type { Named } from '../../domain/sleep/overrides.ts'
import { STAYS_MS } from '../../domain/sleep/visit-times.ts'
import { visitKey } from '../../domain/table/keys.ts'
import { epochSeconds } from '../../domain/time.ts'
import type { Sources } from '../shared/sleep/gather.ts'
import type { Kept } from '../shared/sleep/kept.ts'
import { updateItem } from '../shared/table/update.ts'
import { balancersOf } from './target-groups.ts'

type Own = Pick<Sources, 'table' | 'ecs' | 'balancing' | 'catalog' | 'failed'> & {
  cloudwatch: CloudWatchClient
}

const KEPT_SECONDS = 14 * 24 * 60 * 60

/**
 * What is kept, with each visitor's wake that has just ended going on while its service is used: the
 * page has seen only whoever came while it slept, the load balancer counts everybody. It is asked
 * once for each wake that ends. What cannot be read, or has no numbers yet, changes nothing.
 */
export async function withVisits(own: Own, kept: Kept, now: Date): Promise<Kept> {
  const { catalog, failed } = own
  const overrides = new Map(kept.overrides.map((one) => [one.id, one]))
  for (const ending of endingVisits(kept, catalog, now)) {
    try {
      const minutes = await minutesOfRequests(own, ending, now)
      const until = prolongedUntil(ending, minutes, catalog, now)
      const longer = until && (await prolong(own, ending.visit, until))
      if (longer) overrides.set(longer.id, longer)
    } catch (error) {
      failed(`whether anybody uses ${ending.service}`, error)
    }
  }
  return { ...kept, overrides: [...overrides.values()] }
}

/** Not where somebody has ended it, or has come again, since it was read. */
async function prolong({ table }: Own, visit: Named, end: Date): Promise<Named | undefined> {
  const until = end.toISOString()
  const expires = epochSeconds(end) + KEPT_SECONDS
  const isWritten = await updateItem(table, {
    key: visitKey(visit.service ?? ''),
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
async function minutesOfRequests(own: Own, ending: EndingVisit, now: Date): Promise<Date[]> {
  const queries = (await dimensionsOf(own, ending)).map((Dimensions, place) => ({
    Id: `m${place}`,
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount', Dimensions },
      Period: 60,
      Stat: 'Sum',
    },
  }))
  if (queries.length === 0) return []
  // The newest first, so that the first page has what counts.
  const { MetricDataResults = [] } = await own.cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(now.getTime() - STAYS_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending',
    }),
  )
  return MetricDataResults.flatMap(({ Timestamps = [], Values = [] }) =>
    Timestamps.filter((_, place) => (Values[place] ?? 0) > 0),
  )
}

/** The service's target groups with their load balancers, as CloudWatch names them. */
async function dimensionsOf({ ecs, balancing }: Own, { cluster, service }: EndingVisit) {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  )
  const TargetGroupArns = (services[0]?.loadBalancers ?? []).flatMap(
    ({ targetGroupArn }) => targetGroupArn ?? [],
  )
  const groups = [...(await balancersOf(balancing, TargetGroupArns)).values()].flat()
  return groups.map(({ group, balancer }) => [
    { Name: 'TargetGroup', Value: group },
    { Name: 'LoadBalancer', Value: balancer },
  ])
}
