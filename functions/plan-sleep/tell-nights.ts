import { dayAfter, localTime } from '../../domain/local-time.ts'
import { edges, nextRun } from '../../domain/schedule/scheduled.ts'
import { type NightSeen, nameOf } from '../../domain/sleep/night.ts'
import type { Named } from '../../domain/sleep/overrides.ts'
import { priceOf, sayDollars } from '../../domain/sleep/price.ts'
import { hasFailed, type Known } from '../../domain/sleep/steps.ts'
import { NOTICE_MS } from '../../domain/sleep/times.ts'
import type { Choice } from '../../domain/table/sleep-record.ts'
import { VERSION } from '../../domain/table/version.ts'
import { inputOf, morningOf } from '../shared/sleep/edges.ts'
import { outlook, staysFor } from '../shared/sleep/outlook.ts'
import { sayChoice } from './choices.ts'
import type { Telling } from './telling.ts'

export type NightAhead = Omit<NightSeen, 'before' | 'now'>

const DAY_MS = 24 * 60 * 60_000
/** Most slept less than two days ago; the longest sleep is that of holidays around a new year. */
const LOOKED_BACK_MS = [2 * DAY_MS, 21 * DAY_MS]
const KEEP_MS = 2 * 60 * 60_000

type Group = { team: string; edge: string; schedules: Set<string>; members: Known[] }

/** The nights of every team that are near, under way, or not told to their end. */
export function nightsIn(telling: Telling, known: readonly Known[]): NightAhead[] {
  const groups = new Map<string, Group>()
  const edgesOf = new Map<string, string | undefined>()
  for (const one of known) {
    const { schedule, owner } = one.seen
    if (!edgesOf.has(schedule)) edgesOf.set(schedule, edgeOf(telling, schedule))
    const edge = edgesOf.get(schedule)
    if (edge === undefined) continue
    const name = `${owner} ${edge}`
    const group = groups.get(name) ?? { team: owner, edge, schedules: new Set(), members: [] }
    group.schedules.add(schedule)
    group.members.push(one)
    groups.set(name, group)
  }
  return [...groups.values()].map((group) => nightAhead(telling, known, group))
}

/** The edge that is announced now; else the last at which it went to sleep. */
function edgeOf({ catalog, rules, now }: Telling, schedule: string): string | undefined {
  const input = inputOf(catalog, schedule)
  // What sleeps when nothing needs it has no hour of its own.
  if (input === undefined) return undefined
  const next = rules.says(schedule)?.next
  const isNear = next?.state === 'stopped' && Date.parse(next.at) - now.getTime() <= NOTICE_MS
  if (isNear) return next.at
  const to = new Date(now.getTime() + 1)
  for (const before of LOOKED_BACK_MS) {
    const all = edges(input, new Date(now.getTime() - before), to)
    const last = all.findLast(({ state }) => state === 'stopped')
    if (last !== undefined) return last.at
  }
  return undefined
}

function nightAhead(telling: Telling, known: readonly Known[], group: Group): NightAhead {
  const { catalog, read, now } = telling
  const { team, edge, members } = group
  const at = new Date(edge)
  const runs = [...group.schedules].flatMap((schedule) => {
    const input = inputOf(catalog, schedule)
    return (input && nextRun(input, at)) ?? []
  })
  const next = runs.toSorted((a, b) => a.at.localeCompare(b.at))[0]
  const isBefore = now < at
  const then = isBefore ? outlook(catalog, known, read.overrides, at) : new Map()
  return {
    ...{ team, edge, members, then, level: catalog.features.sleep },
    wake: next?.at,
    because: (next?.because ?? []).map(({ what }) => what),
    schedules: [...group.schedules].toSorted(),
    ...(isBefore ? keeps(telling, known, group, next?.at) : NOTHING),
    lacks: lacksOf(telling, known, members),
    wakeChoice: { verb: 'wake', input: { team }, label: 'Wake' },
  }
}

/** What waits for something that had to come up first, and has not in its time. */
function lacksOf(
  { decided, now }: Telling,
  known: readonly Known[],
  members: readonly Known[],
): Map<string, string> {
  const late = known.filter((one) => one.seen.phase !== 'up' && hasFailed(one, now))
  return new Map(
    members.flatMap(({ seen: { id } }): [string, string][] => {
      const needed = late.find((one) => decided.needs.get(id)?.has(one.seen.id))
      return needed === undefined ? [] : [[id, `it needs ${nameOf(needed)}, which is not up`]]
    }),
  )
}

const NOTHING = { with: [], unpriced: [], choices: [] }

/** What *Keep* means at its times, what it keeps beside, and what that costs. */
function keeps(
  { catalog, read }: Telling,
  known: readonly Known[],
  { team, edge, members }: Group,
  wake: string | undefined,
): Pick<NightAhead, 'with' | 'unpriced' | 'choices'> {
  if (!Object.hasOwn(catalog.teams, team)) return NOTHING
  const at = new Date(edge)
  const day = dayAfter(localTime(at, catalog.timeZone).date)
  const ends = [
    { until: new Date(at.getTime() + KEEP_MS), words: 'Keep 2 h ' },
    { until: new Date(morningOf(catalog, members, day, at)), words: 'Keep ' },
  ]
  const last = ends[1]?.until ?? at
  const keep: Named = {
    version: VERSION,
    kind: 'awake',
    source: 'person',
    ...{ id: '', team, by: '', why: '', from: edge, until: last.toISOString() },
  }
  const stays = staysFor(catalog, known, read.overrides, keep, new Date(at.getTime() + 60_000))
  const price = priceOf(stays, catalog)
  const others = stays.flatMap(({ seen }) => (seen.owner === team ? [] : [seen.name]))
  const choices: Choice[] = ends
    .filter(({ until }) => until > at && (wake === undefined || until.toISOString() <= wake))
    .map(({ until, words }) => {
      const dollars = sayDollars((price.hour * (until.getTime() - at.getTime())) / 3_600_000)
      return sayChoice(catalog, { words, until, at, dollars, about: { team } })
    })
  return { with: others, unpriced: price.unknown, choices }
}
