import type { Stays } from '../../domain/compiled-catalog.ts'
import { openEntries } from '../../domain/ledger/account.ts'
import { sayHours, sayUsd, staysFor } from '../../domain/ledger/say.ts'
import { sumsOf } from '../../domain/ledger/sums.ts'
import { weekBefore, weekOf } from '../../domain/ledger/week.ts'
import { scheduled } from '../../domain/schedule/scheduled.ts'
import type { Calendar, Schedule } from '../../domain/schedule/written.ts'
import { holds } from '../../domain/sleep/overrides.ts'
import type { LedgerEntry } from '../../domain/table/ledger-entry.ts'
import type { OverrideReport, SleeperReport } from '../views/sleepers.ts'
import type { SavedView, SleepView } from './view.ts'

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
}

/** What sleeps and why, what is next, and who has asked for something else. */
export function sleepView(source: SleepSource, now: Date): SleepView {
  const { level, sleepers, overrides } = source
  return {
    level,
    schedules: schedulesView(source, now),
    resources: sleepers.map(({ id, name, owner, schedule, kept }) => {
      const { rest, since, why, moving, hand } = kept
      return {
        ...{ id, name, owner, schedule, since: moving?.since ?? since },
        kind: KINDS[id.split('/')[0] ?? ''] ?? '',
        state: moving === undefined ? rest : moving.to === 'awake' ? 'waking' : 'going to sleep',
        why: moving?.why ?? why,
        ...(hand !== undefined && { hand: { by: hand.by ?? 'by hand', until: hand.until ?? '' } }),
        ...(moving?.error !== undefined && { error: moving.error }),
      }
    }),
    overrides: overrides
      .filter((one) => holds(one, now))
      .map(({ kind, service, by, until, why }) => ({
        ...{ kind, by, until, why },
        about: service ?? 'the environment',
      })),
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
      title,
      hours: sayHours(sums.reduce((sum, { hours }) => sum + hours, 0)),
      usd: sayUsd(sums.reduce((sum, { usd }) => sum + usd, 0)),
      teams: sums.map(({ team, hours, usd, unpriced }) => ({
        ...{ team, unpriced, hours: sayHours(hours), usd: sayUsd(usd) },
      })),
      stays: lines.map(({ what, usd }) => ({ what, usd: sayUsd(usd) })),
      staysTogether: sayUsd(lines.reduce((sum, { usd }) => sum + usd, 0)),
    }
  })
}

const KINDS: Readonly<Record<string, string>> = {
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
