import { compileCatalog } from '../../catalog/compile.ts'
import type { Catalog, Service } from '../../catalog/schema.ts'
import { secretVariables } from '../../catalog/secret-variables.ts'
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
    ...catalog.services.flatMap(readableSecrets),
    ...catalog.services.flatMap((service) => sleepersBelow(service, { catalog, compiled, now })),
  ]
}

/** Whoever may look at a task definition, or into Git, reads what stands in `environment`. */
const readableSecrets = ({ name, environment, fromFiles }: Service): string[] =>
  secretVariables(environment).map(
    (variable) =>
      `${fromFiles?.[variable] === undefined ? `services/${name}.yaml: environment.${variable}` : `${fromFiles[variable]}: ${variable}`} looks like a secret, and everybody who may see the catalog or the task definition can read it; name it in secrets and put its value into Secrets Manager (docs/operations/rotate-a-secret.md)`,
  )

type Around = { catalog: Catalog; compiled: CompiledCatalog; now: Date }

/** What a service needs: it sleeps while all of these schedules say so. */
type Needed = { what: string; schedules: readonly string[] }

function sleepersBelow(service: Service, around: Around): string[] {
  return service.kind === 'job' ? belowJob(service, around) : belowService(service, around)
}

const scheduleOf = ({ schedule }: Service, { environment }: Catalog): string =>
  schedule ?? environment.schedule

/** Its databases need no word: they are awake as long as it is. */
function belowService(service: Service, { catalog, compiled, now }: Around): string[] {
  const own = scheduleOf(service, catalog)
  return dependencies(service, catalog).flatMap(({ what, schedules: [schedule = ALWAYS_ON] }) => {
    const at = awakeAbove(inputOf(own, compiled), inputOf(schedule, compiled), now)
    if (at === undefined) return []
    return [
      `services/${service.name}.yaml: ${service.name} (${own}) needs ${what} (${schedule}), which is kept awake for it against its schedule, first on ${sayAt(at, catalog, now)}; let both follow one schedule`,
    ]
  })
}

/** A run wakes nothing. */
function belowJob(service: Service, { catalog, compiled, now }: Around): string[] {
  const { name, runs = '' } = service
  const needed = [...dependencies(service, catalog), ...databaseOf(service, catalog)]
  return needed.flatMap(({ what, schedules }) => {
    const inputs = schedules.map((schedule) => onEachDay(inputOf(schedule, compiled)))
    const at = runAsleep(runs, inputs, { now, timeZone: compiled.timeZone })
    if (at === undefined) return []
    return [
      `services/${name}.yaml: ${name} runs at ${runs}, and needs ${what}, which then sleeps, first on ${sayAt(at, catalog, now)}; let it run while that is awake`,
    ]
  })
}

const sayAt = (at: Date, { environment }: Catalog, now: Date): string =>
  sayLocal(at, environment.timeZone, now)

function dependencies({ dependsOn }: Service, catalog: Catalog): Needed[] {
  return catalog.services
    .filter(({ name }) => dependsOn.includes(name))
    .map((one) => ({ what: one.name, schedules: [scheduleOf(one, catalog)] }))
}

/** The shared one sleeps while no service that uses it is awake. */
function databaseOf(job: Service, catalog: Catalog): Needed[] {
  if (job.database === undefined) return []
  if (job.database === 'own') {
    return [{ what: 'its own database', schedules: [scheduleOf(job, catalog)] }]
  }
  const users = catalog.services.filter(
    ({ database, kind }) => database === 'shared' && kind !== 'job',
  )
  return [{ what: 'the shared database', schedules: users.map((one) => scheduleOf(one, catalog)) }]
}

function inputOf(name: string, { schedules, calendars, timeZone }: CompiledCatalog): Input {
  const schedule = scheduleNamed(schedules, name) ?? ALWAYS_ON
  return { schedule, calendars, overrides: [], timeZone }
}

/** A job of each working day is not about holidays. */
function onEachDay(input: Input): Input {
  const { schedule } = input
  if (schedule === ALWAYS_ON) return input
  return { ...input, schedule: { ...schedule, holidays: 'ignore' } }
}

/** The first instant of the coming year at which one is running and the other stopped. */
function awakeAbove(awake: Input, asleep: Input, now: Date): Date | undefined {
  if (awake.schedule === asleep.schedule) return undefined
  const to = new Date(now.getTime() + YEAR)
  const changes = [awake, asleep].flatMap((one) => edges(one, now, to).map(({ at }) => at))
  return [now, ...changes.toSorted().map((at) => new Date(at))].find(
    (at) => scheduled(awake, at).state === 'running' && isAsleep([asleep], at),
  )
}

const isAsleep = (inputs: readonly Input[], at: Date): boolean =>
  inputs.every((input) => scheduled(input, at).state === 'stopped')

/** The first run of the coming year while all are stopped; one at a rate may be at any time. */
function runAsleep(
  runs: string,
  inputs: readonly Input[],
  { now, timeZone }: { now: Date; timeZone: string },
): Date | undefined {
  const expression = readExpression(runs)
  const end = new Date(now.getTime() + YEAR)
  if (expression?.kind !== 'cron') {
    const changes = inputs.flatMap((input) => edges(input, now, end).map(({ at }) => at))
    const times = [now, ...changes.toSorted().map((at) => new Date(at))]
    return times.find((at) => isAsleep(inputs, at))
  }
  const zone = { since: now.getTime(), zone: timeZone }
  let at = nextInstant(expression, now.getTime(), zone)
  while (at !== undefined && at < end.getTime()) {
    if (isAsleep(inputs, new Date(at))) return new Date(at)
    at = nextInstant(expression, at, zone)
  }
  return undefined
}
