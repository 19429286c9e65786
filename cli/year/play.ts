import type { DescribeScalableTargetsCommandOutput } from '@aws-sdk/client-application-auto-scaling'
import type { DescribeInstancesCommandOutput } from '@aws-sdk/client-ec2'
import type { DescribeDBInstancesCommandOutput } from '@aws-sdk/client-rds'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { compileCatalog } from '../../catalog/compile.ts'
import { readCatalog } from '../../catalog/read.ts'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { sumsOf, type TeamSlept } from '../../domain/ledger/sums.ts'
import { dayAfter, instantOf } from '../../domain/local-time.ts'
import { edges, scheduled } from '../../domain/schedule/scheduled.ts'
import { scheduleNamed } from '../../domain/schedule/written.ts'
import { LEDGER } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { Caller } from '../../local/aws/aws.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { servicesOf } from '../../local/views/services.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** What comes first in the order takes its time. */
const KEPT_MS = 30 * MINUTE

/** An edge of a schedule, and the services that were not as it says half an hour later. */
export type Kept = { at: string; schedule: string; state: string; missed: string[] }

/** By the name of each: `2 (2 to 3)`, `runs`. */
type Sizes = Record<string, string>

export type Year = {
  timeZone: string
  kept: Kept[]
  /** Days that are not like the others: `2026-03-29`, what is so of it. */
  days: { date: string; what: string }[]
  /** How large everything is when all of it runs, before and after; `until`: when that was. */
  sizes: { before: Sizes; after: Sizes; until: string }
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
  await untilAllRun(simulation, catalog)
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
  await untilAllRun(simulation, catalog)
  const { user, system } = process.cpuUsage(busy)
  return {
    ...{ timeZone, kept, days: specialDays(catalog, date, days) },
    sizes: { before, after: await sizesOf(simulation), until: world.date.toISOString() },
    slept: sumsOf(entriesOf(simulation), start, end),
    cpuSeconds: (user + system) / 1_000_000,
  }
}

/** Sizes mean something while nothing sleeps: on a holiday or a weekend everything does. */
async function untilAllRun({ world }: Simulation, catalog: CompiledCatalog): Promise<void> {
  const at = allRunAfter(catalog, world.date)
  if (at > world.date) await world.run(at.getTime() + KEPT_MS - world.now)
}

/** So many edges: schedules that never run together are not waited for. */
const MOST_EDGES = 100

/** The first instant, from one on, at which every service is to run; that one where there is none. */
export function allRunAfter(catalog: CompiledCatalog, from: Date): Date {
  const inputs = inputsOf(catalog)
  let at = from
  for (let edge = 0; edge < MOST_EDGES; edge++) {
    const all = inputs.map((input) => scheduled(input, at))
    const waits = all.flatMap(({ state, next }) => (state === 'stopped' ? [next?.at] : []))
    if (waits.length === 0) return at
    if (waits.includes(undefined)) return from
    at = new Date(Math.max(...waits.map((one) => Date.parse(one ?? ''))))
  }
  return from
}

type Edge = Omit<Kept, 'missed'>

function edgesOf(catalog: CompiledCatalog, from: Date, to: Date): Edge[] {
  const found = inputsOf(catalog).flatMap((input) =>
    edges(input, from, to).map(({ at, state }) => ({ at, state, schedule: input.schedule.name })),
  )
  return found.toSorted((a, b) => a.at.localeCompare(b.at))
}

/** What the schedule function is asked of each schedule of the services that has edges. */
function inputsOf({ calendars, schedules, timeZone, services }: CompiledCatalog) {
  const names = new Set(Object.values(services).map(({ schedule }) => schedule))
  return [...names].flatMap((name) => {
    const schedule = scheduleNamed(schedules, name)
    if (schedule === undefined || typeof schedule === 'string') return []
    return [{ schedule: { ...schedule, name }, calendars, timeZone, overrides: [] }]
  })
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

/** What it has asked of the account is not what the environment has. */
const READER: Caller = { kind: 'aws', name: 'console' }

/** Tasks asked for, between which bounds, and whether databases and instances run, by their names. */
async function sizesOf(simulation: Simulation): Promise<Sizes> {
  const read = <Output>(service: string, operation: string, input: object = {}) =>
    simulation.aws.call<Output>(service, operation, input, READER)
  const { ScalableTargets = [] } = await read<DescribeScalableTargetsCommandOutput>(
    'application-auto-scaling',
    'DescribeScalableTargets',
    { ServiceNamespace: 'ecs' },
  )
  const bounds = new Map(
    ScalableTargets.map(({ ResourceId = '', MinCapacity, MaxCapacity }) => [
      ResourceId.split('/').at(-1),
      ` (${MinCapacity} to ${MaxCapacity})`,
    ]),
  )
  const { DBInstances = [] } = await read<DescribeDBInstancesCommandOutput>(
    'rds',
    'DescribeDBInstances',
  )
  const { Reservations = [] } = await read<DescribeInstancesCommandOutput>(
    'ec2',
    'DescribeInstances',
  )
  const runs = (state = '') => (state.startsWith('stop') ? 'stopped' : 'runs')
  return Object.fromEntries([
    ...(await servicesOf(simulation)).map(({ name, desired }) => [
      name,
      `${desired}${bounds.get(name) ?? ''}`,
    ]),
    ...DBInstances.map((one) => [one.DBInstanceIdentifier, runs(one.DBInstanceStatus)]),
    ...Reservations.flatMap(({ Instances = [] }) =>
      Instances.map((one) => [one.InstanceId, runs(one.State?.Name)]),
    ),
  ])
}

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
