import type { Size } from '../../domain/sleep/resource.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { ecsServiceOf, type Stack, type Template } from '../../scripts/assembly.ts'
import type { States } from './services.ts'
import { type Change, changeSleeper, type Table } from './sleepers.ts'
import type { Standing } from './standing.ts'

/** Between how many tasks the catalog has a service scaled. */
export type Scaling = { min: number; max: number }

/** What the templates say of a service's scaling, where that changes. */
export type Rescaled = { before: Scaling | undefined; after: Scaling }

/** As the catalog says it: the target's own minimum is a parameter, of which this is the most. */
function scalingOf({ Parameters, Resources }: Template): Scaling | undefined {
  const target = Object.values(Resources).find(
    ({ Type }) => Type === 'AWS::ApplicationAutoScaling::ScalableTarget',
  )
  const min = Parameters?.LeastTasks?.MaxValue
  const max = Number(target?.Properties?.MaxCapacity)
  return min === undefined || Number.isNaN(max) ? undefined : { min, max }
}

/** What is new about how a stack's service is scaled; undefined for nothing. Pure. */
export function rescaled(before: Template | undefined, after: Template): Rescaled | undefined {
  const [was, is] = [before && scalingOf(before), scalingOf(after)]
  if (is === undefined || (was?.min === is.min && was.max === is.max)) return undefined
  return { before: was, after: is }
}

/**
 * The size with the bounds that changed, and as many tasks as lie between them. What somebody has
 * set beside the catalog stays where the catalog did not change. Pure.
 */
export function resized({ desired, bounds }: Size, { before, after }: Rescaled): Size {
  const max = before?.max === after.max ? (bounds?.max ?? after.max) : after.max
  const least = before?.min === after.min ? (bounds?.min ?? after.min) : after.min
  const min = Math.min(least, max)
  return {
    desired: Math.min(Math.max(desired, min), max),
    bounds: { min, max, suspended: bounds?.suspended ?? false },
  }
}

/** Its size is kept from before it slept, or from when it was whole last. */
export function withBounds(kept: Sleeper, change: Rescaled): Change | undefined {
  if (kept.rest !== 'asleep' && kept.moving === undefined) return undefined
  if (kept.captured !== undefined) return { set: { captured: resized(kept.captured, change) } }
  return { set: { last: resized(kept.last ?? { desired: change.after.min }, change) } }
}

/**
 * A service that sleeps was deployed with a minimum of 0, so that nothing wakes it. The bounds that
 * the catalog has now are kept for its wake.
 *
 * @param before what services ran before the deployment, by their stack.
 * @returns what was kept, in words.
 */
export async function keepBounds(
  table: Table,
  deployed: readonly Stack[],
  standing: ReadonlyMap<string, Standing>,
  before: States,
): Promise<string[]> {
  const lines: string[] = []
  for (const stack of deployed) {
    const { running } = before.get(stack.name) ?? {}
    const service = ecsServiceOf(stack)
    const change = rescaled(standing.get(stack.name)?.template, stack.template)
    if (service === undefined || change === undefined) continue
    if (running?.desiredCount !== 0 || running.placeholder) continue
    const id = `service/${service.cluster}/${service.name}`
    const { min, max } = change.after
    if (await changeSleeper(table, id, (kept) => withBounds(kept, change))) {
      lines.push(`${service.name} sleeps: it wakes with ${min} to ${max} tasks`)
    }
  }
  return lines
}
