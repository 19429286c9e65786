import type { CompiledCatalog } from '../compiled-catalog.ts'
import { type Edge, edgesAfter, type Input, scheduled } from '../schedule/scheduled.ts'

/** A visitor's wake ends so long after the last request. */
export const STAYS_MS = 2 * 60 * 60_000

/** The schedule of a name; undefined for one that nobody knows, and for what never sleeps. */
function inputOf(
  { schedules, calendars, timeZone }: CompiledCatalog,
  name: string,
): Input | undefined {
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined
  return schedule && { schedule: { name, ...schedule }, calendars, timeZone, overrides: [] }
}

/**
 * When what a visitor has woken sleeps again: two hours after the last request, at the latest when its
 * schedule says so.
 *
 * @param from when it was woken: the first edge to sleep after that is the latest.
 */
export function untilOf(
  catalog: CompiledCatalog,
  schedule: string,
  last: Date,
  from: Date = last,
): Date {
  const latest = new Date(last.getTime() + STAYS_MS)
  const input = inputOf(catalog, schedule)
  if (input === undefined) return latest
  for (const { at, state } of edgesAfter(input, from)) {
    if (Date.parse(at) >= latest.getTime()) break
    if (state === 'stopped') return new Date(at)
  }
  return latest
}

/** When it wakes by itself. */
export function wakesAt(catalog: CompiledCatalog, schedule: string, now: Date): Edge | undefined {
  const input = inputOf(catalog, schedule)
  if (input === undefined) return undefined
  let seen = 0
  for (const edge of edgesAfter(input, now)) {
    if (edge.state === 'running') return edge
    if (++seen > 20) return undefined
  }
  return undefined
}

/** Whether its schedule has it running now: nobody need ask for that. */
export function runsBySchedule(catalog: CompiledCatalog, schedule: string, now: Date): boolean {
  const input = inputOf(catalog, schedule)
  return input !== undefined && scheduled(input, now).state === 'running'
}
