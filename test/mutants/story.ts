import type { Comparison } from '../../local/invariants/invariant.ts'
import { Recording } from '../../local/invariants/recording.ts'
import type { Trace } from '../../local/invariants/trace.ts'
import { twoServices } from '../kits/catalog.ts'
import type { Stage } from '../kits/roll-outs.ts'

/** What happened in it; and in the same story with an interruption, where one is compared. */
export type Told = { trace: Trace; disturbed?: Trace; by?: Comparison['between'] }
/** Opens a stage, each time a new one with the same seed; of the repository's catalog, or another; from an instant on. */
export type Open = (catalog?: string, start?: Date) => Promise<Stage>
/** Plays on the stages that it opens. */
export type Story = (open: Open) => Promise<Told>

/** Opens a stage, of two services where the story says no other, whose story is written down. */
export async function recorded(open: Open) {
  const stage = await open(twoServices())
  return { stage, recording: new Recording(stage.simulation) }
}
