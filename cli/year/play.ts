import { unmarshall } from '@aws-sdk/util-dynamodb'
import { compileCatalog } from '../../catalog/compile.ts'
import { readCatalog } from '../../catalog/read.ts'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { sumsOf, type TeamSlept } from '../../domain/ledger/sums.ts'
import { dayAfter, instantOf } from '../../domain/local-time.ts'
import { edges } from '../../domain/schedule/scheduled.ts'
import { scheduleNamed } from '../../domain/schedule/written.ts'
import { LEDGER } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { servicesOf } from '../../local/views/services.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** What comes first in the order takes its time. */
const KEPT_MS = 30 * MINUTE

/** An edge of a schedule, and the services that were not as it says half an hour later. */
export type Kept = { at: string; schedule: string; state: string; missed: string[] }

export type Year = {
  timeZone: string
  kept: Kept[]
  /** Days that are not like the others: `2026-03-29`, what is so of it. */
  days: { date: string; what: string }[]
  /** Tasks asked for, by service, before and after. */
  sizes: { before: Record<string, number>; after: Record<string, number> }
  slept: TeamSlept[]
  cpuSeconds: number
}

/**
 * Lets time pass over the environment of a catalog, in which nobody does anything.
 *
 * @param date the local day on which it begins, `2026-01-01`.
 * @param told of each edge, when it has been looked at.
 */
export async function playYear(
  directory: string,
  { date, days }: { date: string; days: number },
  told: (kept: Kept) => void,
): Promise<Year> {
  const catalog = compileCatalog(readCatalog(directory))
  const { timeZone } = catalog
  const start = instantOf(date, '09:00', timeZone)
  const simulation = await Simulation.open({ seed: 1, start, catalog: directory })
  const { world, ecr, repositories } = simulation
  for (const repository of repositories) ecr.push({ repository, tag: 'main' })
  await world.run(HOUR)
  const before = await sizesOf(simulation)
  const end = new Date(start.getTime() + days * DAY)
  const busy = process.cpuUsage()
  const kept: Kept[] = []
  for (const edge of edgesOf(catalog, world.date, end)) {
    await world.run(Date.parse(edge.at) + KEPT_MS - world.now)
    const missed = await missedOf(simulation, catalog, edge)
    kept.push({ ...edge, missed })
    told({ ...edge, missed })
    forget(simulation)
  }
  await world.run(Math.max(0, end.getTime() - world.now))
  const { user, system } = process.cpuUsage(busy)
  return {
    ...{ timeZone, kept, days: specialDays(catalog, date, days) },
    sizes: { before, after: await sizesOf(simulation) },
    slept: sumsOf(entriesOf(simulation), start, end),
    cpuSeconds: (user + system) / 1_000_000,
  }
}

type Edge = Omit<Kept, 'missed'>

function edgesOf(catalog: CompiledCatalog, from: Date, to: Date): Edge[] {
  const { calendars, schedules, timeZone } = catalog
  const names = new Set(Object.values(catalog.services).map(({ schedule }) => schedule))
  const found = [...names].flatMap((name) => {
    const schedule = scheduleNamed(schedules, name)
    if (schedule === undefined || typeof schedule === 'string') return []
    const input = { schedule: { name, ...schedule }, calendars, timeZone, overrides: [] }
    return edges(input, from, to).map(({ at, state }) => ({ at, state, schedule: name }))
  })
  return found.toSorted((a, b) => a.at.localeCompare(b.at))
}

async function missedOf(
  simulation: Simulation,
  { services }: CompiledCatalog,
  { schedule, state }: Edge,
): Promise<string[]> {
  const reports = await servicesOf(simulation)
  return reports
    .filter(({ name }) => services[name]?.schedule === schedule && state !== 'any')
    .filter(({ awake, healthy }) => (state === 'running' ? !awake || !healthy : awake))
    .map(({ name }) => name)
}

const sizesOf = async (simulation: Simulation): Promise<Record<string, number>> =>
  Object.fromEntries((await servicesOf(simulation)).map(({ name, desired }) => [name, desired]))

/** What is only looked back on grows by a gigabyte in a year. */
function forget({ aws, invocations }: Simulation): void {
  aws.calls.length = 0
  invocations.length = 0
}

function entriesOf({ dynamodb, environment }: Simulation) {
  const table = dynamodb.tables.find(({ name }) => name === `${environment.name}-caretaker`)
  return (table?.items() ?? [])
    .map((item) => unmarshall(item))
    .filter(({ pk, sk }) => pk === LEDGER && String(sk).startsWith('sleep#'))
    .map((item) => readItem('ledger-entry', item))
}

/** Holidays of the calendars, and days that are longer or shorter than others. */
function specialDays({ calendars, timeZone }: CompiledCatalog, date: string, count: number) {
  const found: Year['days'] = []
  let day = date
  for (let place = 0; place < count; place++) {
    const next = dayAfter(day)
    const [from, to] = [day, next].map((one) => instantOf(one, '00:00', timeZone).getTime())
    const hours = ((to ?? 0) - (from ?? 0)) / HOUR
    if (hours !== 24) found.push({ date: day, what: `${hours} hours: the clocks change` })
    for (const calendar of Object.values(calendars)) {
      const what = (calendar as Readonly<Record<string, unknown>>)[day]
      if (what !== undefined) found.push({ date: day, what: String(what) })
    }
    day = next
  }
  return found
}
