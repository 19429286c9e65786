import type { Comparison, Invariant } from '../../local/invariants/invariant.ts'
import type { STORIES } from './stories.ts'

/** A way in which the product could be wrong, and the predicate that finds it. */
export type Mutant = {
  /** What it does wrong. */
  name: string
  /** One source file, from the repository's root, in which `from` occurs exactly once. */
  file: string
  from: string
  to: string
  finds: Invariant | Comparison
  story: keyof typeof STORIES
}
