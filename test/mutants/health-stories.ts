import type { Caller, Operations } from '../../local/aws/aws.ts'
import { Ecs } from '../../local/aws/ecs/ecs.ts'
import { Recording } from '../../local/invariants/recording.ts'
import { Callers, PRODUCTS } from '../kits/callers.ts'
import { catalogOf } from '../kits/catalog.ts'
import type { Stage } from '../kits/roll-outs.ts'
import type { Story } from './story.ts'

/**
 * A backend with a circuit turns red: first one of its two instances fails, while ECS lists no task
 * for some minutes; then both fail; then a good image takes their place.
 */
const redBackend: Story = async (open) => {
  const stage = await open(catalogOf(PRODUCTS))
  const listed = emptyLists(stage)
  // A recording sees the answers that were there when it began.
  const recording = new Recording(stage.simulation)
  const callers = await Callers.of(stage)
  listed.empty = true
  await callers.within(20, () => callers.isRed())
  await stage.minutes(4)
  listed.empty = false
  await stage.minutes(20)
  stage.push({ behaviour: 'healthy' }, 'products')
  await stage.minutes(30)
  return { trace: recording.trace() }
}

/** While `empty`, ECS lists no task for functions. */
function emptyLists({ simulation }: Stage): { empty: boolean } {
  const listed = { empty: false }
  const operations = simulation.aws.the(Ecs).operations as Operations
  const { ListTasks } = operations
  operations.ListTasks = (input: never, caller: Caller) =>
    listed.empty && caller.kind === 'function' ? { taskArns: [] } : ListTasks?.(input, caller)
  return listed
}

export const HEALTH = { redBackend } as const satisfies Record<string, Story>
