import { startsDigestsInOrder } from '../../local/invariants/starts-digests-in-order.ts'
import type { Mutant } from './mutant.ts'

export const believesTheEvent: Mutant = {
  name: 'a push is rolled out as its event says, whatever the tag names now',
  file: 'functions/shared/roll-out/candidates.ts',
  from: ': await chosen(registry,',
  to: ": cause.kind === 'push' ? cause.push : await chosen(registry,",
  finds: startsDigestsInOrder,
  story: 'lateEvent',
}
