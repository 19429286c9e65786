import type { GetScheduleOutput } from '@aws-sdk/client-scheduler'
import type { Caller, CallRecord } from '../../local/aws/aws.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { EXAMPLE } from './catalog.ts'

export const START = new Date('2026-03-02T09:00:00Z')
export const MINUTE = 60_000
const OPERATOR: Caller = { kind: 'person', name: 'bench' }

/** What one roll-out of a good image to a running service took. */
export type RollOut = {
  /** Calls of functions and machines to AWS. */
  calls: number
  /** Those of them that change ECS. */
  writes: number
  transitions: number
  /** Simulated seconds from the push to ECS's `UpdateService`. */
  secondsToUpdate: number
  /** Simulated seconds that ECS itself took. */
  secondsOfEcs: number
  /** Simulated seconds from ECS's last event to the verdict, the bake included. */
  secondsAfterEcs: number
}

/** Whether a call is the product's own. */
export const isOurs = ({ by }: CallRecord): boolean => /^(function|machine)\//.test(by)

/** Rolls a second image out to `orders` and counts what that took. */
export async function measureRollOut(seed: number): Promise<RollOut> {
  const simulation = await Simulation.open({ catalog: EXAMPLE, seed, start: START })
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
  const started = sfn.executions.filter((one) => !known.has(one))
  const verdict = simulation.records.verdicts.find((one) => one.digest === digest)
  const update = calls.find(({ operation }) => operation === 'UpdateService')
  const steady = simulation.records.all.find((one) => one.digest === digest)?.progress?.steadyAt
  if (verdict?.endedAt === undefined || update === undefined || steady === undefined) {
    throw new Error(`seed ${seed}: the image was not deployed: ${verdict?.reason}`)
  }
  return {
    calls: calls.length,
    writes: calls.filter(({ operation }) =>
      /^(RegisterTaskDefinition|UpdateService)$/.test(operation),
    ).length,
    transitions: started.reduce((sum, { transitions }) => sum + transitions, 0),
    secondsToUpdate: (Date.parse(update.at) - pushedAt) / 1000,
    secondsOfEcs: (Date.parse(steady) - Date.parse(update.at)) / 1000,
    secondsAfterEcs: (Date.parse(verdict.endedAt) - Date.parse(steady)) / 1000,
  }
}

/** The sweep's reads are not the roll-out's. */
async function stopSweeping({ aws, environment }: Simulation): Promise<void> {
  const Name = `${environment.name}-sweep-schedule`
  const schedule = await aws.call<object>('scheduler', 'GetSchedule', { Name }, OPERATOR)
  const { Arn, CreationDate, LastModificationDate, ...settings } = schedule as GetScheduleOutput
  await aws.call('scheduler', 'UpdateSchedule', { ...settings, State: 'DISABLED' }, OPERATOR)
}

/** An environment in which every service runs its image, and nobody pushes any more. */
export async function quietEnvironment(catalog = EXAMPLE): Promise<Simulation> {
  const simulation = await Simulation.open({ seed: 1, start: START, catalog })
  for (const repository of simulation.repositories) {
    simulation.ecr.push({ repository, tag: 'main' })
  }
  await simulation.world.run(60 * MINUTE)
  return simulation
}
