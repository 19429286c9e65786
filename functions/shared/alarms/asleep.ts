import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import type { AlarmRecord } from '../../../domain/table/alarm-record.ts'
import type { Held } from '../../../domain/table/common.ts'
import { sleeperKey } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { cut } from '../../../domain/text.ts'
import { getItems } from '../table/get.ts'
import type { Table } from '../table/table.ts'
import type { Noticed } from './noticed.ts'

/** What a metric of AWS's calls a resource that can sleep. */
const DIMENSIONS = {
  DBInstanceIdentifier: 'database',
  DBClusterIdentifier: 'cluster',
  InstanceId: 'instance',
  AutoScalingGroupName: 'group',
} as const

/** Alarms judge the minutes before: what woke so long ago is red because of itself. */
const FRESH_MS = 10 * 60_000
/** A wake that takes longer is told itself, and holds no alarm back. */
const LONGEST_MOVE_MS = 60 * 60_000
const RULE_CHARACTERS = 200

/** The resource that an alarm's metric is about, where it is none of a service. */
export const measuredIn = ({ detail: { metric } }: Pick<Noticed, 'detail'>): string | undefined =>
  Object.entries(DIMENSIONS).flatMap(([dimension, kind]) => {
    const name = metric?.dimensions[dimension]
    return name === undefined ? [] : [`${kind}/${name}`]
  })[0]

/**
 * Why an alarm of a resource is not told: it sleeps, is on its way, or has woken a moment ago.
 *
 * @param isDown whether it is down, where AWS was asked; what is kept alone may be of before.
 */
export async function heldByRest(
  table: Table,
  id: string,
  now: Date,
  isDown: boolean,
): Promise<Held | undefined> {
  const [kept] = await sleepersOf(table, [id])
  if (kept === undefined || !isAtRest(kept, now)) return undefined
  if (kept.rest === 'asleep' && kept.moving === undefined && !isDown) return undefined
  return { because: 'asleep', by: id, ...sinceOf(kept) }
}

/** Since when it sleeps, and by which rule or whom. */
export const sinceOf = ({ moving, since, why }: Sleeper) => {
  const rule = cut(moving?.why ?? why, RULE_CHARACTERS)
  return { since: moving?.since ?? since, ...(rule !== '' && { rule }) }
}

/** Whether what an alarm says of it is its sleep, or the end of it. */
export function isAtRest({ rest, since, moving, last }: Sleeper, now: Date): boolean {
  const at = now.getTime()
  if (moving !== undefined) return at - Date.parse(moving.since) < LONGEST_MOVE_MS
  // What has never slept has nothing that it could have woken from.
  const woke = rest === 'awake' && last !== undefined
  return rest === 'asleep' || (woke && at - Date.parse(since) < FRESH_MS)
}

export async function sleepersOf(
  table: Table,
  ids: readonly string[],
): Promise<(Sleeper | undefined)[]> {
  const items = await getItems(
    table,
    ids.map((id) => sleeperKey(id)),
  )
  return items.map((item) => item && readItem('sleeper', item))
}

/** The services that a service needs, directly or not, and that sleep now. */
export async function asleepBelow(
  table: Table,
  { services }: CompiledCatalog,
  service: string,
): Promise<NonNullable<AlarmRecord['detail']['asleep']>> {
  const needed = new Set<string>()
  const open = [service]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const found = Object.hasOwn(services, next) ? (services[next]?.dependsOn ?? []) : []
    for (const one of found) {
      if (!needed.has(one) && one !== service) open.push(one)
      needed.add(one)
    }
  }
  const names = [...needed].filter((name) => Object.hasOwn(services, name))
  if (names.length === 0) return []
  const kept = await sleepersOf(
    table,
    names.map((name) => `service/${services[name]?.cluster}/${name}`),
  )
  return names.flatMap((name, place) => {
    const one = kept[place]
    const isDown = (one?.moving?.to ?? one?.rest) === 'asleep'
    return one === undefined || !isDown ? [] : [{ service: name, since: sinceOf(one).since }]
  })
}
