import type { GetScheduleOutput } from '@aws-sdk/client-scheduler'
import type { Caller, CallRecord } from '../local/aws/aws.ts'
import { Simulation } from '../local/simulation/simulation.ts'
import { sizesOf, templatesOf } from '../local/simulation/synth.ts'

const OPERATOR: Caller = { kind: 'person', name: 'bench' }
const START = new Date('2026-03-02T09:00:00Z')
const MINUTE = 60_000
const SEEDS = [1, 2, 3, 4, 5]
/** A week in which nobody pushes: schedules, sweeps, health checks. */
const QUIET_HOURS = 24 * 7

/** What one roll-out of a good image took. */
type RollOut = {
  calls: number
  writes: number
  transitions: number
  /** Simulated seconds from the push to ECS's `UpdateService`. */
  toUpdate: number
  /** Simulated seconds that ECS itself took. */
  ecs: number
  /** Simulated seconds from the end of ECS's deployment to the verdict, the bake included. */
  toVerdict: number
}

/** Prints what a roll-out costs in calls, transitions and seconds, and how fast time runs here. */
export async function bench(): Promise<number> {
  const rollOuts: RollOut[] = []
  for (const seed of SEEDS) rollOuts.push(await measure(seed))
  const mean = (of: (one: RollOut) => number) =>
    rollOuts.reduce((sum, one) => sum + of(one), 0) / rollOuts.length
  const row = (what: string, value: string) => console.log(`${what.padEnd(46)} ${value}`)
  console.log(`One roll-out of a good image to a running service (mean of ${SEEDS.length} seeds)`)
  row('  AWS calls by functions and the machine', mean(({ calls }) => calls).toFixed(1))
  row('  of which change ECS (lower bound 2)', mean(({ writes }) => writes).toFixed(1))
  row('  state transitions', mean(({ transitions }) => transitions).toFixed(1))
  row('  from the push to UpdateService', `${mean(({ toUpdate }) => toUpdate).toFixed(1)} s`)
  row('  ECS itself', `${mean(({ ecs }) => ecs).toFixed(1)} s`)
  row(
    '  from ECS to the verdict (bake 120 s)',
    `${mean(({ toVerdict }) => toVerdict).toFixed(1)} s`,
  )
  console.log('\nBundles')
  for (const [name, bytes] of Object.entries(sizesOf(await templatesOf()))) {
    row(`  ${name}`, `${(bytes / 1000).toFixed(1)} kB`)
  }
  const { hours, seconds } = await quiet()
  console.log('\nThe simulation')
  row('  a quiet week takes', `${seconds.toFixed(1)} s`)
  row('  simulated hours per real second', (hours / seconds).toFixed(0))
  return 0
}

async function measure(seed: number): Promise<RollOut> {
  const simulation = await Simulation.open({ seed, start: START })
  const { world, ecr, aws, sfn } = simulation
  ecr.push({ repository: 'orders', tag: 'main' })
  await world.run(20 * MINUTE)
  await stopSweeping(simulation)
  const before = aws.calls.length
  const known = new Set(sfn.executions)
  const pushedAt = world.now
  const { digest } = ecr.push({ repository: 'orders', tag: 'main' })
  await world.run(20 * MINUTE)
  const calls = aws.calls.slice(before).filter(isOurs)
  const execution = sfn.executions.find(
    (one) => !known.has(one) && one.inputText.includes(digest.slice(7)),
  )
  const verdict = simulation.records.verdicts.find((one) => one.digest === digest)
  const update = calls.find(({ operation }) => operation === 'UpdateService')
  const steady = simulation.records.all.find((one) => one.digest === digest)?.progress?.steadyAt
  if (verdict?.endedAt === undefined || update === undefined || steady === undefined) {
    throw new Error(`seed ${seed}: the image was not deployed: ${verdict?.reason}`)
  }
  return {
    calls: calls.length,
    writes: calls.filter((call) => /^(RegisterTaskDefinition|UpdateService)$/.test(call.operation))
      .length,
    transitions: execution?.transitions ?? 0,
    toUpdate: (Date.parse(update.at) - pushedAt) / 1000,
    ecs: (Date.parse(steady) - Date.parse(update.at)) / 1000,
    toVerdict: (Date.parse(verdict.endedAt) - Date.parse(steady)) / 1000,
  }
}

/** The sweep's reads are not the roll-out's. */
async function stopSweeping({ aws, environment }: Simulation): Promise<void> {
  const Name = `${environment.name}-sweep-schedule`
  const schedule = await aws.call<object>('scheduler', 'GetSchedule', { Name }, OPERATOR)
  const { Arn, CreationDate, LastModificationDate, ...settings } = schedule as GetScheduleOutput
  await aws.call('scheduler', 'UpdateSchedule', { ...settings, State: 'DISABLED' }, OPERATOR)
}

async function quiet(): Promise<{ hours: number; seconds: number }> {
  const { world, ecr } = await Simulation.open({ seed: 1, start: START })
  for (const repository of ['orders', 'web']) ecr.push({ repository, tag: 'main' })
  await world.run(30 * MINUTE)
  const began = performance.now()
  await world.run(QUIET_HOURS * 60 * MINUTE)
  return { hours: QUIET_HOURS, seconds: (performance.now() - began) / 1000 }
}

const isOurs = ({ by }: CallRecord): boolean => /^(function|machine)\//.test(by)
