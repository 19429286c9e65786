import type { FunctionCall } from '../../local/aws/lambda/runtime.ts'
import { differentIn, violatedIn } from '../../local/invariants/all.ts'
import { Recording } from '../../local/invariants/recording.ts'
import type { Trace } from '../../local/invariants/trace.ts'
import { Stage } from './roll-outs.ts'

/** Lets time pass until a local time of Monday 2 March 2026. */
export const until = (stage: Stage, time: string): Promise<void> => {
  const { world } = stage.simulation
  const at = time.length > 5 ? time : `${time}:00`
  return world.run(Math.max(0, Date.parse(`2026-03-02T${at}+01:00`) - world.now))
}

/** A place at which a function could have died, and whether the next is like it. */
type Place = { where: string; call: FunctionCall; moment: string }
export type Nap = { trace: Trace; places: Place[] }

/** What is disturbed in a nap. */
export type Disturbance = {
  /** The place at which a function dies, once. */
  fatal?: number
  /** Before anything sleeps. */
  before?: (stage: Stage) => void
  /** From 10:38 to 11:50 as one likes. */
  during?: (stage: Stage) => Promise<void>
}

/**
 * `payments`, its database and `orders`, which is of three tasks, sleep from 10:40 to 11:20.
 *
 * @param catalog `nightCatalog(NAPPERS)`.
 */
export async function nap(catalog: string, how: Disturbance = {}): Promise<Nap> {
  const start = new Date('2026-03-02T09:22:00Z')
  const stage = await Stage.open({ seed: 5, catalog, start })
  const recording = new Recording(stage.simulation)
  for (const name of ['payments', 'orders']) stage.push({ behaviour: 'healthy' }, name)
  await until(stage, '10:32')
  await bound(stage)
  how.before?.(stage)
  await until(stage, '10:38')
  const places: Place[] = []
  const { aws, lambda, world } = stage.simulation
  let calls = 0
  aws.guards.unshift(() => void calls++)
  lambda.killer = (call) => {
    // The sweep only reads, and comes every five minutes whatever happens.
    if (call.function.endsWith('-sweep')) return false
    const where = `${call.when} call ${call.n} of ${call.function}, ${call.operation}`
    places.push({ where, call, moment: `${world.now} ${calls}` })
    return places.length - 1 === how.fatal
  }
  await how.during?.(stage)
  await until(stage, '11:55')
  return { trace: recording.trace({ settled: true }), places }
}

/** Somebody has made `orders` larger than the catalog says. */
const bound = (stage: Stage) =>
  stage.call('application-auto-scaling', 'RegisterScalableTarget', {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ...{ ResourceId: 'service/dev-backend/orders', MinCapacity: 3, MaxCapacity: 4 },
  })

/**
 * Whether a function that dies here leaves the same as when it dies at its next place: it goes
 * straight from one call to the next, and meanwhile nobody has called AWS and no time has passed.
 */
export function isLikeNext({ call, moment }: Place, next: Place | undefined): boolean {
  const isStraight = call.when === 'after' && next?.call.when === 'before'
  return isStraight && next.call.requestId === call.requestId && next.moment === moment
}

/** What is not as it must be: the same sizes, no zeros, every predicate, the same world. */
export function untrueIn(calm: Nap, disturbed: Nap, what: string): string[] {
  const found = [...violatedIn(disturbed.trace), ...differentIn(calm.trace, disturbed.trace)]
  return found.map((one) => `${what}: ${one}`)
}

/** Tasks asked for, by service, at the end. */
export const sizesIn = ({ trace }: Nap): Record<string, number> =>
  Object.fromEntries(trace.services.map(({ service, desired }) => [service, desired]))

/** The bounds of `orders`, as they were set last. */
export function boundsIn({ trace }: Nap): object {
  const {
    MinCapacity: min,
    MaxCapacity: max,
    SuspendedState,
  } = Object.assign(
    {},
    ...trace.calls
      .filter(({ operation }) => operation === 'RegisterScalableTarget')
      .map(({ input }) => input),
  )
  return { min, max, suspended: SuspendedState?.DynamicScalingInSuspended === true }
}
