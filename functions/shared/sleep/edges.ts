import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { instantOf, localTime } from '../../../domain/local-time.ts'
import { edgesAfter, type Input } from '../../../domain/schedule/scheduled.ts'
import { type Schedule, scheduleNamed } from '../../../domain/schedule/written.ts'
import type { Subject } from '../../../domain/sleep/wanted.ts'

/** Edges that are looked at: a schedule changes some times a day, and a holiday lasts days. */
const EDGES = 40

/** The soonest next edge to a state of all these schedules; undefined where none ever comes. */
export function edgeOf(
  catalog: CompiledCatalog,
  subjects: readonly Subject[],
  state: 'running' | 'stopped',
  now: Date,
): Date | undefined {
  const found = inputsOf(catalog, subjects).flatMap((input) => {
    let looked = 0
    for (const edge of edgesAfter(input, now)) {
      if (edge.state === state) return [Date.parse(edge.at)]
      if (++looked > EDGES) break
    }
    return []
  })
  return found.length === 0 ? undefined : new Date(Math.min(...found))
}

/** When the day begins on which nothing is said: at seven. */
const MORNING = '07:00'

/** On a day, at the hour at which it starts the next time: `until tomorrow` is one night. */
export function morningOf(
  catalog: CompiledCatalog,
  subjects: readonly Subject[],
  date: string,
  now: Date,
): string {
  const start = edgeOf(catalog, subjects, 'running', now)
  const time = start === undefined ? MORNING : localTime(start, catalog.timeZone).time.slice(0, 5)
  return instantOf(date, time, catalog.timeZone).toISOString()
}

const inputsOf = (catalog: CompiledCatalog, subjects: readonly Subject[]): Input[] =>
  [...new Set(subjects.map(({ seen }) => seen.schedule))].flatMap(
    (name) => inputOf(catalog, name) ?? [],
  )

/** One object for each schedule, by which the schedule function knows what it has read already. */
const NAMED = new WeakMap<object, Schedule>()

/** What the schedule function is asked about a schedule of the catalog that has edges. */
export function inputOf(
  { schedules, calendars, timeZone }: CompiledCatalog,
  name: string,
): Input | undefined {
  const schedule = scheduleNamed(schedules, name)
  if (schedule === undefined || typeof schedule === 'string') return undefined
  const known = NAMED.get(schedule)
  const named = known?.name === name ? known : { ...schedule, name }
  NAMED.set(schedule, named)
  return { schedule: named, calendars, timeZone, overrides: [] }
}
