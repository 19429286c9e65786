import { startsDigestsInOrder } from '../../local/invariants/starts-digests-in-order.ts'
import type { Mutant } from './mutant.ts'

export const believesTheEvent: Mutant = {
  name: 'a push is rolled out as its event says, whatever the tag names now',
  file: 'functions/shared/roll-out/candidates.ts',
  from: ': choose(policy,',
  to: ": cause.kind === 'push' ? cause.push : choose(policy,",
  finds: startsDigestsInOrder,
  story: 'lateEvent',
}
