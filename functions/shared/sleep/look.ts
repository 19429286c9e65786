import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import {
  type Decided,
  decide,
  nextInstant,
  type Read,
  type Rules,
} from '../../../domain/sleep/decide.ts'
import type { Refusal } from '../../../domain/sleep/settle.ts'
import { keepsOthersUp } from '../../../domain/sleep/steps.ts'
import type { Managed } from '../managed.ts'
import { gather, type Sources } from './gather.ts'
import type { Kept } from './kept.ts'
import { rulesOf } from './rules.ts'
import { workIn } from './tasks.ts'

/** Everything that was read, and what follows. */
export type Looked = {
  read: Read
  rules: Rules
  decided: Decided
  /** The next instant at which it may be different. */
  next: Date | undefined
}

/**
 * Looks at everything that carries a schedule, and decides. Which tasks belong to no service is
 * asked only before something would sleep that they may need.
 *
 * @param described services that were read already.
 */
export async function lookAt(
  sources: Sources,
  kept: Kept,
  { described = [], refusals = [] }: { described?: readonly Managed[]; refusals?: Refusal[] },
  now: Date,
): Promise<Looked> {
  const rules = rulesOf(sources.catalog, now)
  const read = { ...(await gather(sources, kept, described)), refusals }
  const decided = decide(read, rules, now)
  const next = nextInstant(decided, read, rules, now)
  const isAsked = decided.steps.due.some(
    ({ known, to }) => to === 'asleep' && keepsOthersUp(known.seen),
  )
  const works = isAsked ? await workIn(sources.ecs, clustersOf(sources.catalog)) : undefined
  if (works === undefined) return { read, rules, decided, next }
  return { read, rules, decided: decide({ ...read, works }, rules, now), next }
}

const clustersOf = ({ services }: CompiledCatalog): string[] => [
  ...new Set(Object.values(services).map(({ cluster }) => cluster)),
]
