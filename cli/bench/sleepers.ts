import type { Service } from '@aws-sdk/client-ecs'
import type { CallRecord } from '../../local/aws/aws.ts'
import { halfOf, throttle } from '../../local/aws/limits.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { inCatalog, modelOf, ORDERS, SETUP } from './catalog.ts'
import { MINUTE } from './measure.ts'

/** What it takes to put many services to sleep while half of ECS's rate is left to others. */
export type Night = {
  services: number
  /** With a scalable target that is held down before. */
  scaled: number
  /** Calls to AWS for it, those to Caretaker's own table aside, and the least it could take. */
  calls: number
  bound: number
  /** Calls that were refused for their rate, anybody's. */
  throttled: number
  /** Simulated seconds from the start of the machine to the last `UpdateService`, and what half of the rate allows. */
  seconds: number
  secondsBound: number
  /** Simulated seconds from the start of the machine to the last task that has ended. */
  secondsToSleep: number
  transitions: number
}

/** 20:00 in Berlin. */
const START = new Date('2026-03-02T17:00:00Z')
const EDGE = Date.parse('2026-03-02T19:00:00Z')
/** ECS's bucket for changes of services, halved. */
const [BURST, REFILL] = [25, 2.5]
const SCALED_OF = 5

/** Lets night fall over so many services of one environment. */
export async function measureNight(services: number): Promise<Night> {
  const environment = (own: string) => `${own}\nfeatures: { sleep: act }\n`
  return inCatalog(ORDERS, environment, async (directory) =>
    measured(await environmentOf(directory, services), services),
  )
}

async function measured({ world, aws, sfn, eventbridge }: Simulation, services: number) {
  const scaled = Math.floor(services / SCALED_OF)
  aws.guards.push(throttle(world, HALVED))
  await world.run(EDGE - world.now - MINUTE)
  const [from, events] = [aws.calls.length, eventbridge.journal.length]
  const known = new Set(sfn.executions)
  await world.run(31 * MINUTE)
  const calls = aws.calls.slice(from)
  const own = calls.filter(isOfSleep)
  const updates = own.filter(({ operation }) => operation === 'UpdateService')
  const stopped = eventbridge.journal
    .slice(events)
    .map(({ event }) => event.detail.stoppedAt)
    .filter((at) => typeof at === 'string')
  if (updates.length !== services || stopped.length !== services) {
    throw new Error(`${updates.length} of ${services} were asked, ${stopped.length} stopped`)
  }
  const executions = sfn.executions.filter((one) => !known.has(one))
  // Scheduler is up to a minute late.
  const begun = Math.min(...executions.map(({ startDate }) => startDate.getTime()))
  const since = (instants: readonly string[]) =>
    (Math.max(...instants.map((at) => Date.parse(at))) - begun) / 1000
  return {
    services,
    scaled,
    calls: own.length,
    bound: boundOf(services, scaled),
    throttled: calls.filter(({ outcome }) => outcome === 'ThrottlingException').length,
    seconds: since(updates.map(({ at }) => at)),
    secondsBound: (services - BURST) / REFILL,
    secondsToSleep: since(stopped),
    transitions: executions.reduce((sum, { transitions }) => sum + transitions, 0),
  }
}

const HALVED = halfOf('ecs')

/**
 * One call for each service, one for each scalable target, and one look that lists them by
 * hundreds, their services by tens and their scalable targets by fifties.
 */
const boundOf = (services: number, scaled: number): number =>
  services +
  scaled +
  Math.ceil(services / 100) +
  Math.ceil(services / 10) +
  Math.ceil(services / 50)

/** Whether a call is made by sleep's function or machine, for something else than the table. */
const isOfSleep = ({ by, service }: CallRecord): boolean =>
  /^(function|machine)\/.*sleep$/.test(by) && !['dynamodb', 'lambda'].includes(service)

/** An environment of one service of the catalog, and many others that were tagged by hand. */
async function environmentOf(directory: string, services: number): Promise<Simulation> {
  const simulation = await Simulation.open({ seed: 1, start: START, catalog: directory })
  const { world, aws, ecr } = simulation
  ecr.push({ repository: 'orders', tag: 'main' })
  await world.run(10 * MINUTE)
  const tags = [
    { key: 'caretaker:environment', value: simulation.environment.name },
    { key: 'caretaker:owner', value: 'ordering' },
    { key: 'caretaker:schedule', value: 'office-hours' },
  ]
  const model = { ...(await modelOf(simulation)), desiredCount: 1, tags }
  for (let number = 0; number < services; number++) {
    const { service } = await aws.call<{ service: Service }>(
      'ecs',
      'CreateService',
      { ...model, serviceName: `sleeper-${number}` },
      SETUP,
    )
    if (number % SCALED_OF === 0) await scale(simulation, service)
  }
  await world.run(30 * MINUTE)
  return simulation
}

const scale = ({ aws }: Simulation, { serviceArn = '' }: Service) =>
  aws.call(
    'application-auto-scaling',
    'RegisterScalableTarget',
    {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: serviceArn.split(':').at(-1),
      MinCapacity: 1,
      MaxCapacity: 3,
    },
    SETUP,
  )
