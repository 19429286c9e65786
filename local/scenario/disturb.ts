import { Ecs } from '../aws/ecs/ecs.ts'
import { AwsError } from '../aws/errors.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { SCENARIO } from './callers.ts'
import { defined } from './defined.ts'
import { clusterOf } from './joined.ts'
import type { Step } from './schema.ts'

/** Lets go wrong what a step says. */
export async function disturb(step: Step, simulation: Simulation): Promise<void> {
  const { faults, world } = simulation
  if (step.faults !== undefined) faults.set(defined(step.faults))
  if (step.shortage !== undefined) {
    const { type: instanceType, zone, for: length } = step.shortage
    faults.shortage({ instanceType, zone, until: world.now + length })
  }
  if (step.interrupt !== undefined) {
    const { service } = step.interrupt
    const cluster = await clusterOf(simulation, service)
    if ((simulation.aws.find(Ecs)?.interrupt(cluster, service) ?? 0) === 0) {
      throw new AwsError('NothingOnSpot', `no task of ${service} runs on FARGATE_SPOT`)
    }
  }
  if (step.down !== undefined) {
    const { service, for: length } = step.down
    faults.down({ service, from: world.now, until: world.now + length })
  }
  if (step.off !== undefined) await switchOff(simulation, step.off.for)
}

type Reserved = { name: string; before: number | undefined }

/**
 * A person takes all of Caretaker's functions out of service, as the console's button Throttle does,
 * and gives them back what they had.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
async function switchOff(simulation: Simulation, length: number): Promise<void> {
  const { lambda, environment, faults, world } = simulation
  faults.down({ service: 'caretaker', from: world.now, until: world.now + length })
  const names = [...lambda.tagged()]
    .map(({ arn }) => arn.split(':').at(-1) ?? '')
    .filter((name) => name.startsWith(`${environment.name}-`))
  const reserved: Reserved[] = []
  for (const name of names) {
    const before = await concurrency(simulation, name)
    if (before === 0) continue
    reserved.push({ name, before })
    await reserve(simulation, { name, before: 0 })
  }
  world.after(length, 'Caretaker is switched on again', async () => {
    for (const one of reserved) await reserve(simulation, one)
  })
}

async function concurrency({ aws }: Simulation, name: string): Promise<number | undefined> {
  const { ReservedConcurrentExecutions } = await aws.call<{
    ReservedConcurrentExecutions?: number
  }>('lambda', 'GetFunctionConcurrency', { FunctionName: name }, SCENARIO)
  return ReservedConcurrentExecutions
}

async function reserve({ aws }: Simulation, { name, before }: Reserved): Promise<void> {
  const [operation, more] =
    before === undefined
      ? ['DeleteFunctionConcurrency', {}]
      : ['PutFunctionConcurrency', { ReservedConcurrentExecutions: before }]
  try {
    await aws.call('lambda', operation, { FunctionName: name, ...more }, SCENARIO)
  } catch (error) {
    // The function was deleted meanwhile.
    if (!(error instanceof AwsError) || error.name !== 'ResourceNotFoundException') throw error
  }
}
