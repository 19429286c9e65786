import type { ListFunctionsResponse } from '@aws-sdk/client-lambda'
import { taskHour } from '../../domain/ledger/rate.ts'
import { PRICES } from '../../domain/prices.ts'
import type { Simulation } from '../simulation/simulation.ts'

/** What the time since the start would have cost at list prices (domain/prices.ts). */
export type Cost = {
  currency: 'USD'
  /** Caretaker itself. */
  controlPlane: { stateTransitions: number; functionCalls: number; usd: number }
  /** What it looks after. */
  services: { taskHours: number; usd: number }
}

export async function costOf(simulation: Simulation): Promise<Cost> {
  const { start, sfn } = simulation
  const stateTransitions = sfn.executions
    .filter(({ startDate }) => startDate >= start)
    .reduce((sum, { transitions, retries }) => sum + transitions + retries, 0)
  const invocations = simulation.invocations.filter(({ at }) => at >= start)
  const megabytes = await memoryOf(simulation)
  const gigabyteSeconds = invocations.reduce((sum, { functionName, duration, init = 0 }) => {
    const memory = (megabytes.get(functionName) ?? 0) / 1024
    return sum + memory * ((duration + init) / 1000)
  }, 0)
  const usd =
    stateTransitions * PRICES.stateTransition +
    invocations.length * PRICES.lambdaRequest +
    gigabyteSeconds * PRICES.lambdaGigabyteSecond
  return {
    currency: 'USD',
    controlPlane: {
      stateTransitions,
      functionCalls: invocations.length,
      usd: rounded(usd),
    },
    services: taskCost(simulation),
  }
}

/** Megabytes by function. */
async function memoryOf({ aws }: Simulation): Promise<Map<string, number>> {
  const { Functions = [] } = await aws.call<ListFunctionsResponse>(
    'lambda',
    'ListFunctions',
    {},
    { kind: 'aws', name: 'billing' },
  )
  return new Map(
    Functions.map(({ FunctionName = '', MemorySize = 0 }) => [FunctionName, MemorySize]),
  )
}

/** Fargate bills a task from the start of its pull to its end, per second. */
function taskCost({ eventbridge, world, start }: Simulation): Cost['services'] {
  const tasks = new Map<string, Record<string, unknown>>()
  for (const { event } of eventbridge.journal) {
    if (event['detail-type'] !== 'ECS Task State Change') continue
    tasks.set(String(event.detail.taskArn), event.detail)
  }
  let taskHours = 0
  let usd = 0
  for (const { pullStartedAt, stoppedAt, cpu, memory } of tasks.values()) {
    if (typeof pullStartedAt !== 'string') continue
    const from = Math.max(Date.parse(pullStartedAt), start.getTime())
    const until = typeof stoppedAt === 'string' ? Date.parse(stoppedAt) : world.now
    const hours = Math.max(0, until - from) / 3_600_000
    taskHours += hours
    usd += hours * taskHour(Number(cpu), Number(memory))
  }
  return { taskHours: rounded(taskHours), usd: rounded(usd) }
}

const rounded = (value: number): number => Math.round(value * 1_000_000) / 1_000_000
