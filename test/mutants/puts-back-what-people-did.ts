import { leavesWhatPeopleDid } from '../../local/invariants/leaves-what-people-did.ts'
import type { Mutant } from './mutant.ts'

export const putsBackWhatPeopleDid: Mutant = {
  name: 'what was done by hand is over at once',
  file: 'domain/sleep/hand.ts',
  from: 'at: who?.at ?? at, until: said?.next?.at }',
  to: 'at: who?.at ?? at, until: at }',
  finds: leavesWhatPeopleDid,
  story: 'napByHand',
}
