import type { Said } from '../schedule/scheduled.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { cut } from '../text.ts'
import type { Seen } from './resource.ts'

const CHARACTERS = 200

/**
 * What is kept of something that carries a schedule, with why nothing can be done to the resource, where that is so. What is new about it
 * makes somebody look, and its owner is told. The same object when nothing is new.
 */
export function noted(kept: Sleeper, seen: Seen, said: Said | undefined): Sleeper {
  const why = said === undefined ? `no schedule ${seen.schedule}` : seen.refuses
  const problem = why === undefined ? undefined : cut(why, CHARACTERS)
  if (kept.problem === problem && kept.untagged === undefined) return kept
  const { problem: _, untagged: __, expires: ___, ...rest } = kept
  return problem === undefined ? rest : { ...rest, problem }
}
