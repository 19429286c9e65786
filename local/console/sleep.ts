import type { CompiledCatalog, Stays } from '../../domain/compiled-catalog.ts'
import { openEntries } from '../../domain/ledger/account.ts'
import { type MaySleep, nightAhead, type Span } from '../../domain/ledger/ahead.ts'
import { rateOf } from '../../domain/ledger/rate.ts'
import { sayHours, sayUsd, staysFor } from '../../domain/ledger/say.ts'
import { sumsOf, type TeamSlept } from '../../domain/ledger/sums.ts'
import { weekBefore, weekOf } from '../../domain/ledger/week.ts'
import { edges, scheduled } from '../../domain/schedule/scheduled.ts'
import { type Calendar, type Schedule, WHEN_NEEDED } from '../../domain/schedule/written.ts'
import { holds, isAbout } from '../../domain/sleep/overrides.ts'
import type { LedgerEntry } from '../../domain/table/ledger-entry.ts'
import type { OverrideReport, SleeperReport } from '../views/sleepers.ts'
import type { NightView, SavedView, SleepView } from './view.ts'

/** What the catalog says about sleep, and what Caretaker keeps of it. */
export type SleepSource = {
  level: SleepView['level']
  timeZone: string
  schedules: Readonly<Record<string, Schedule>>
  calendars: Readonly<Record<string, Calendar>>
  sleepers: readonly SleeperReport[]
  overrides: readonly OverrideReport[]
  /** Sleeps that are over, and what is paid by the hour whatever sleeps. */
  slept: readonly LedgerEntry[]
  stays: readonly Stays[]
  /** What one task of each service of the catalog is given, and how many there are. */
  tasks: Readonly<Record<string, Task>>
}

type Task = NonNullable<CompiledCatalog['services'][string]['task']> & { count: number }

/** What sleeps and why, what is next, and who has asked for something else. */
export function sleepView(source: SleepSource, now: Date): SleepView {
  const { level, sleepers, overrides } = source
  return {
    level,
    schedules: schedulesView(source, now),
    resources: sleepers.map(({ id, name, owner, schedule, kept }) => {
      const { rest, since, why, moving, hand, idle } = kept
      return {
        ...{ id, name, owner, schedule, since: moving?.since ?? since },
        kind: KINDS[id.split('/')[0] ?? ''] ?? '',
        state: moving === undefined ? rest : moving.to === 'awake' ? 'waking' : 'going to sleep',
        why: moving?.why ?? why,
        ...(hand !== undefined && { hand: { by: hand.by ?? 'by hand', until: hand.until ?? '' } }),
        ...(idle?.sleeps !== undefined &&
          rest === 'awake' && { unused: { sleeps: idle.sleeps, why: idle.why ?? '' } }),
        ...(moving?.error !== undefined && { error: moving.error }),
      }
    }),
    overrides: overrides
      .filter((one) => holds(one, now))
      .map(({ kind, service, by, until, why }) => ({
        ...{ kind, by, until, why },
        about: service ?? 'the environment',
      })),
    ...aheadView(source, now),
    saved: savedView(source, now),
  }
}

function savedView({ slept, sleepers, stays, timeZone }: SleepSource, now: Date): SavedView[] {
  const kept = new Map(sleepers.map((one) => [one.id, one.kept]))
  const entries = [...slept, ...openEntries(kept, now)]
  const weeks = [
    ['Last week', weekBefore(now, timeZone)],
    ['This week so far', weekOf(now, timeZone)],
  ] as const
  return weeks.map(([title, { from, until }]) => {
    const end = until < now ? until : now
    const sums = sumsOf(entries, from, end)
    const lines = staysFor(stays, sums, (end.getTime() - from.getTime()) / 3_600_000)
    return {
      ...nightView(title, sums),
      stays: lines.map(({ what, usd }) => ({ what, usd: sayUsd(usd) })),
      staysTogether: sayUsd(lines.reduce((sum, { usd }) => sum + usd, 0)),
    }
  })
}

const nightView = (title: string, sums: readonly TeamSlept[]): NightView => ({
  title,
  hours: sayHours(sums.reduce((sum, { hours }) => sum + hours, 0)),
  usd: sayUsd(sums.reduce((sum, { usd }) => sum + usd, 0)),
  teams: sums.map(({ team, hours, usd, unpriced }) => ({
    ...{ team, unpriced, hours: sayHours(hours), usd: sayUsd(usd) },
  })),
})

/** A night is looked for so far back and ahead: a long weekend has four days. */
const DAYS_MS = 5 * 24 * 60 * 60_000
/** One that begins later is not the coming one. */
const SOON_MS = 24 * 60 * 60_000

/** What the coming night saves, were nobody to want anything else until then. */
function aheadView(source: SleepSource, now: Date): { ahead?: NightView } {
  const { level, sleepers, overrides, tasks } = source
  if (level !== 'act') return {}
  const all = sleepers.map((one) => ({ ...one, rate: rateNow(one, tasks) }))
  const keptUntil = ({ id, name, owner, kept }: MaySleep): Date | undefined => {
    const service = id.startsWith('service/') ? name : kept.about?.service
    const ends = overrides
      .filter(
        (one) => one.kind === 'awake' && isAbout(one, { id, service, owner }) && holds(one, now),
      )
      .map(({ until }) => Date.parse(until))
    return ends.length === 0 ? undefined : new Date(Math.max(...ends))
  }
  const entries = nightAhead(all, (name) => spanOf(source, name, now), keptUntil, WHEN_NEEDED)
  if (entries.length === 0) return {}
  const from = new Date(Math.min(...entries.map((one) => Date.parse(one.from))))
  const until = new Date(Math.max(...entries.map((one) => Date.parse(one.until))))
  const title = from > now ? 'The coming night' : 'This night'
  return { ahead: nightView(title, sumsOf(entries, from, until)) }
}

/** As the catalog prices a service that it has, as large as it was; of others, as they slept last. */
function rateNow({ id, name, kept }: SleeperReport, tasks: SleepSource['tasks']) {
  const task = id.startsWith('service/') && Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task === undefined) return kept.rate
  const { cpu, memory, spot, platform } = task
  const count = kept.captured?.desired ?? kept.last?.desired ?? task.count
  return rateOf({ of: 'tasks', cpu, memory, spot, arm: platform !== 'x86_64' }, count)
}

/** When something sleeps by a schedule next, or sleeps now. */
function spanOf(
  { schedules, calendars, timeZone }: SleepSource,
  name: string,
  now: Date,
): Span | undefined {
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined
  if (schedule === undefined) return undefined
  const input = { schedule: { name, ...schedule }, calendars, timeZone, overrides: [] }
  const [first, last] = [now.getTime() - DAYS_MS, now.getTime() + DAYS_MS]
  let from: Date | undefined
  for (const { at, state } of edges(input, new Date(first), new Date(last))) {
    if (state === 'stopped') from ??= new Date(at)
    if (state !== 'running' || from === undefined) continue
    const until = new Date(at)
    if (until > now) return from.getTime() < now.getTime() + SOON_MS ? { from, until } : undefined
    from = undefined
  }
  return undefined
}

export const KINDS: Readonly<Record<string, string>> = {
  service: 'service',
  instance: 'instance',
  database: 'database',
  cluster: 'Aurora cluster',
  group: 'Auto Scaling group',
}

function schedulesView(
  { schedules, calendars, timeZone }: SleepSource,
  now: Date,
): SleepView['schedules'] {
  return Object.entries(schedules).map(([name, schedule]) => {
    const input = { schedule: { name, ...schedule }, calendars, timeZone, overrides: [] }
    const { state, reason, next } = scheduled(input, now)
    return { name, state, reason, ...(next && { next }) }
  })
}

/**
 * The next instant at which a schedule puts to sleep (`stopped`) or wakes (`running`), of all
 * schedules the first; undefined when none ever does.
 */
export function nextOf(
  { schedules, calendars, timeZone }: SleepSource,
  state: 'running' | 'stopped',
  now: Date,
): Date | undefined {
  const found = Object.values(schedules).flatMap((schedule) => {
    const input = { schedule, calendars, timeZone, overrides: [] }
    const first = scheduled(input, now).next
    if (first === undefined || first.state === state) return first ?? []
    return scheduled(input, new Date(first.at)).next ?? []
  })
  const soonest = Math.min(...found.map(({ at }) => Date.parse(at)))
  return Number.isFinite(soonest) ? new Date(soonest) : undefined
}
