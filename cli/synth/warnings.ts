import { compileCatalog } from '../../catalog/compile.ts'
import type { Catalog, Service } from '../../catalog/schema.ts'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { sayLocal } from '../../domain/say-time.ts'
import { endingCalendars } from '../../domain/schedule/calendar.ts'
import { edges, type Input, scheduled } from '../../domain/schedule/scheduled.ts'
import { ALWAYS_ON, scheduleNamed } from '../../domain/schedule/written.ts'
import { nextInstant, readExpression } from '../../local/aws/schedule/expression.ts'

const YEAR = 366 * 24 * 60 * 60_000

/** What a catalog that can be used will be in trouble with, a sentence each. */
export function warningsOf(catalog: Catalog, now: Date): string[] {
  const { environment } = catalog
  const compiled = compileCatalog(catalog)
  return [
    ...endingCalendars(environment.calendars, environment.timeZone, now).map(
      ({ calendar, last }) => {
        const ends = last === undefined ? 'has no dates' : `ends on ${last}, within 60 days`
        return `environment.yaml: the calendar ${calendar} ${ends}; what comes after it counts as a working day: add the next year's dates`
      },
    ),
    ...catalog.services.flatMap((service) => sleepersBelow(service, { catalog, compiled, now })),
  ]
}

type Needed = { what: string; schedule: string }

/** What a service needs, with the schedule that sleeps it. */
function neededBy(service: Service, { environment, services }: Catalog): Needed[] {
  const own = service.schedule ?? environment.schedule
  const named = new Map(services.map((one) => [one.name, one.schedule ?? environment.schedule]))
  return [
    ...service.dependsOn.map((name) => ({ what: name, schedule: named.get(name) ?? ALWAYS_ON })),
    ...(service.database === undefined
      ? []
      : [
          {
            what: `its database (${service.database})`,
            schedule: service.database === 'own' ? own : environment.schedule,
          },
        ]),
  ]
}

type Around = { catalog: Catalog; compiled: CompiledCatalog; now: Date }

/** A service that is awake, or a job that runs, while something sleeps that it needs. */
function sleepersBelow(service: Service, { catalog, compiled, now }: Around): string[] {
  const { name, runs = '', kind } = service
  const own = service.schedule ?? catalog.environment.schedule
  const isJob = kind === 'job'
  return neededBy(service, catalog).flatMap(({ what, schedule }) => {
    const asleep = inputOf(schedule, compiled, isJob)
    const at = isJob
      ? runAsleep(runs, asleep, now)
      : awakeAbove(inputOf(own, compiled, false), asleep, now)
    if (at === undefined) return []
    const when = sayLocal(at, catalog.environment.timeZone, now)
    const is = isJob ? `runs at ${runs}` : `is awake by ${own}`
    const remedy = isJob ? 'let it run while that is awake' : 'let both follow one schedule'
    return [
      `services/${name}.yaml: ${name} ${is}, and needs ${what}, which then sleeps by ${schedule} (first on ${when}); ${remedy}`,
    ]
  })
}

/** @param isEachDay leaves holidays aside: a job of each working day is not about them. */
function inputOf(name: string, compiled: CompiledCatalog, isEachDay: boolean): Input {
  const { schedules, calendars, timeZone } = compiled
  const found = scheduleNamed(schedules, name) ?? ALWAYS_ON
  const schedule =
    isEachDay && found !== ALWAYS_ON ? { ...found, holidays: 'ignore' as const } : found
  return { schedule, calendars, overrides: [], timeZone }
}

/** The first instant of the coming year at which one is running and the other stopped. */
function awakeAbove(awake: Input, asleep: Input, now: Date): Date | undefined {
  if (awake.schedule === asleep.schedule) return undefined
  const to = new Date(now.getTime() + YEAR)
  const changes = [awake, asleep].flatMap((one) => edges(one, now, to).map(({ at }) => at))
  return [now, ...changes.toSorted().map((at) => new Date(at))].find(
    (at) => scheduled(awake, at).state === 'running' && scheduled(asleep, at).state === 'stopped',
  )
}

/** The first run of the coming year while it sleeps; one at a rate may be at any time. */
function runAsleep(runs: string, asleep: Input, now: Date): Date | undefined {
  const expression = readExpression(runs)
  const end = now.getTime() + YEAR
  if (expression?.kind !== 'cron')
    return awakeAbove({ ...asleep, schedule: ALWAYS_ON }, asleep, now)
  const zone = { since: now.getTime(), zone: asleep.timeZone }
  let at = nextInstant(expression, now.getTime(), zone)
  while (at !== undefined && at < end) {
    if (scheduled(asleep, new Date(at)).state === 'stopped') return new Date(at)
    at = nextInstant(expression, at, zone)
  }
  return undefined
}
