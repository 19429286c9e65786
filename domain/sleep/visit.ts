import type { Sleeper } from '../table/sleeper.ts'
import { sayWhere, shortName } from './names.ts'
import { holds, isAbout, type Named } from './overrides.ts'
import type { Kind } from './resource.ts'

/** One of those that must be up before a service answers, as a visitor sees it. */
export type Part = {
  name: string
  state: 'up' | 'wakes' | 'waits' | 'sleeps' | 'stops'
  /** Until it is up, once it is its turn. */
  seconds: number
}

/** A service that somebody came to, as far as Caretaker's record tells. */
export type Visit = {
  service: string
  /** `awake`: it runs, and the rule that leads to the page is about to go. */
  state: 'asleep' | 'stopping' | 'waking' | 'awake'
  since: string
  why: string
  /** In the order in which they wake; the service itself is in the last. */
  tiers: Part[][]
  /** Until it answers. */
  seconds: number
  /** A wake of the service was seen before; else `seconds` is what is usual. */
  isMeasured: boolean
  /** Its schedule wakes it now: nobody need ask for that. */
  comes: boolean
  /** Until when it stays awake for somebody, whatever its schedule says. */
  until?: string | undefined
  /** Why no visitor may wake it. */
  refused?: string | undefined
}

/** How long a wake takes where none was seen yet. */
const USUAL_SECONDS: Record<Kind, number> = {
  service: 90,
  instance: 90,
  group: 180,
  database: 420,
  cluster: 480,
}
/** Longer than it took last time: it may be ready at any moment. */
const LEAST_SECONDS = 5
/** What says no order wakes last. */
const LAST = 1000
/** More than services that need each other one after another. */
const DEEPEST = 1000

type Kept = {
  sleepers: ReadonlyMap<string, Sleeper>
  overrides: readonly Named[]
  /** The ids of what a resource needs at once, as the catalog says it. */
  dependsOn(id: string): readonly string[]
  /** Its schedule has it running now. */
  runs: boolean
}

/** What a visitor of a service finds. @param id of the service's resource. */
export function visitOf(service: string, id: string, kept: Kept, now: Date): Visit {
  const own = kept.sleepers.get(id)
  const chain = [...(own?.wakeRule?.needs ?? []).filter((one) => one !== id), id]
  const about = { id, service, owner: own?.about?.owner ?? '' }
  const keep = awakeFor(about, kept, now)
  const refused = refusalOf(chain, service, kept, now)
  const isIdle = kept.overrides.some(
    (one) => one.source === 'idle' && isAbout(one, about) && holds(one, now),
  )
  const comes = kept.runs && refused === undefined && !isIdle
  const isAsked = keep !== undefined || comes
  const state = stateOf(own, isAsked)
  const tiers = tiersOf(chain, kept, { isAsked, now })
  const seconds = tiers.reduce((sum, parts) => sum + Math.max(...parts.map(left)), 0)
  const asleep = state === 'asleep' || state === 'stopping'
  return {
    service,
    state,
    since: own?.moving?.since ?? own?.since ?? now.toISOString(),
    why: own?.moving?.why ?? own?.why ?? '',
    tiers,
    seconds: Math.max(seconds, LEAST_SECONDS),
    isMeasured: own?.woke !== undefined,
    comes,
    ...(keep && { until: keep.until }),
    ...(asleep && { refused }),
  }
}

const left = ({ state, seconds }: Part): number => (state === 'up' ? 0 : seconds)

/** What keeps it awake: somebody's wish, or that of a visitor before. */
const awakeFor = (
  about: { id: string; service: string; owner: string },
  { overrides }: Kept,
  now: Date,
): Named | undefined =>
  overrides
    .filter((one) => one.kind === 'awake' && (one.source === 'person' || one.source === 'visitor'))
    .filter((one) => isAbout(one, about) && holds(one, now))
    .toSorted((a, b) => (a.until < b.until ? 1 : -1))[0]

function stateOf(own: Sleeper | undefined, isAsked: boolean): Visit['state'] {
  if (own === undefined) return 'awake'
  if (own.moving?.to === 'awake') return 'waking'
  if (own.moving === undefined && own.rest === 'awake') return 'awake'
  if (isAsked) return 'waking'
  return own.moving?.to === 'asleep' ? 'stopping' : 'asleep'
}

/** What is of a lower order wakes first, and of one order what others need. */
function tiersOf(
  chain: readonly string[],
  { sleepers, dependsOn }: Kept,
  at: { isAsked: boolean; now: Date },
): Part[][] {
  const orderOf = (id: string): number => sleepers.get(id)?.about?.order ?? LAST
  const depthOf = (id: string, above: readonly string[] = []): number => {
    const below = dependsOn(id).filter((one) => chain.includes(one) && !above.includes(one))
    const depths = below
      .filter((one) => orderOf(one) === orderOf(id))
      .map((one) => depthOf(one, [...above, id]))
    return 1 + Math.max(0, ...depths)
  }
  const places = new Map(chain.map((id) => [id, orderOf(id) * DEEPEST + depthOf(id)]))
  const last = chain.at(-1) ?? ''
  places.set(last, Math.max(...places.values(), (places.get(last) ?? 0) + 1))
  return [...new Set(places.values())]
    .toSorted((a, b) => a - b)
    .map((place) =>
      chain.filter((id) => places.get(id) === place).map((id) => partOf(id, sleepers.get(id), at)),
    )
}

function partOf(
  id: string,
  sleeper: Sleeper | undefined,
  { isAsked, now }: { isAsked: boolean; now: Date },
): Part {
  const name = sayWhere(id, sleeper?.about?.name ?? shortName(id))
  const usual = sleeper?.woke ?? USUAL_SECONDS[id.split('/')[0] as Kind] ?? 0
  const moving = sleeper?.moving
  if (sleeper === undefined || (moving === undefined && sleeper.rest === 'awake')) {
    return { name, state: 'up', seconds: 0 }
  }
  if (moving === undefined) return { name, state: isAsked ? 'waits' : 'sleeps', seconds: usual }
  const passed = Math.max((now.getTime() - Date.parse(moving.since)) / 1000, 0)
  if (moving.to === 'asleep') return { name, state: 'stops', seconds: usual }
  return { name, state: 'wakes', seconds: Math.max(Math.round(usual - passed), LEAST_SECONDS) }
}

/**
 * Why a visitor, who has no name, does not wake it: somebody with a name, or a budget, has put it to
 * sleep, or something that it needs.
 */
function refusalOf(
  chain: readonly string[],
  service: string,
  { sleepers, overrides }: Kept,
  now: Date,
): string | undefined {
  for (const id of chain.toReversed()) {
    const sleeper = sleepers.get(id)
    const about = {
      id,
      service: id === chain.at(-1) ? service : sleeper?.about?.service,
      owner: sleeper?.about?.owner ?? '',
    }
    const name = sleeper?.about?.name ?? shortName(id)
    const needed = id === chain.at(-1) ? name : `${name}, which it needs,`
    const hand = sleeper?.hand
    if (
      hand?.to === 'asleep' &&
      !(hand.until !== undefined && Date.parse(hand.until) <= now.getTime())
    ) {
      return hand.first
        ? `${needed} was stopped already when Caretaker first saw it.`
        : `${needed} was stopped by ${hand.by ?? 'hand'}.`
    }
    const order = overrides.find(
      (one) =>
        one.kind === 'asleep' &&
        (one.source === 'person' || one.source === 'budget') &&
        isAbout(one, about) &&
        holds(one, now),
    )
    if (order !== undefined) return `${needed} was put to sleep by ${order.by}.`
  }
  return undefined
}
