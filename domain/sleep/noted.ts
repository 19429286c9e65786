import type { Sleeper } from '../table/sleeper.ts'
import { cut } from '../text.ts'
import type { Seen } from './resource.ts'
import type { Said } from './wanted.ts'

const CHARACTERS = 200

/**
 * What is kept, with why nothing can be done to the resource, where that is so. What is new about it
 * makes somebody look, and its owner is told. The same object when nothing is new.
 */
export function noted(kept: Sleeper, seen: Seen, said: Said | undefined): Sleeper {
  const why = said === undefined ? `no schedule ${seen.schedule}` : seen.refuses
  const problem = why === undefined ? undefined : cut(why, CHARACTERS)
  if (kept.problem === problem) return kept
  const { problem: _, ...rest } = kept
  return problem === undefined ? rest : { ...rest, problem }
}
