import type { CompiledCatalog } from '../compiled-catalog.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { longest, type Named } from './overrides.ts'
import { runsBySchedule, untilOf } from './visit-times.ts'

/** A visitor's wake that has just ended, and of which resource it is. */
export type EndingVisit = { visit: Named; id: string; service: string; schedule: string }

/** A look comes so long after an end at the latest: the sweep sees to it where the clock was lost. */
const LATE_MS = 15 * 60_000

/**
 * Visitors' wakes that have just ended and are all that has kept their service awake: of these, and
 * of nothing else, it is asked whether somebody has used the service since.
 */
export function endingVisits(
  { overrides, sleepers }: { overrides: readonly Named[]; sleepers: ReadonlyMap<string, Sleeper> },
  catalog: CompiledCatalog,
  now: Date,
): EndingVisit[] {
  return overrides.flatMap((visit) => {
    const { source, kind, service = '', ended, until } = visit
    const late = now.getTime() - Date.parse(until)
    if (source !== 'visitor' || kind !== 'awake' || ended || late < 0 || late > LATE_MS) return []
    const found = Object.hasOwn(catalog.services, service) ? catalog.services[service] : undefined
    const id = `service/${found?.cluster}/${service}`
    const sleeper = sleepers.get(id)
    if (found === undefined || sleeper === undefined || !isUp(sleeper)) return []
    const schedule = sleeper.about?.schedule ?? found.schedule
    const { owner = found.team } = sleeper.about ?? {}
    const wish = { kind: 'awake', source: 'person', now } as const
    const isKept = longest(overrides, { id, service, owner }, wish) !== undefined
    if (isKept || runsBySchedule(catalog, schedule, now)) return []
    return [{ visit, id, service, schedule }]
  })
}

const isUp = ({ rest, moving }: Sleeper): boolean =>
  moving === undefined ? rest === 'awake' : moving.to === 'awake'

/**
 * Until when it stays awake, by the minutes in which its load balancer has handed requests to it.
 * Undefined when it does not stay: nobody has come, or not late enough, or an edge ends it anyway.
 *
 * @param minutes when each minute with requests began.
 */
export function prolongedUntil(
  { visit, schedule }: EndingVisit,
  minutes: readonly Date[],
  catalog: CompiledCatalog,
  now: Date,
): Date | undefined {
  if (minutes.length === 0) return undefined
  const last = Math.max(...minutes.map((one) => one.getTime()))
  // The request may have come at the minute's end.
  const end = new Date(Math.min(last + 60_000, now.getTime()))
  const until = untilOf(catalog, schedule, end, new Date(visit.from))
  return until > now ? until : undefined
}
