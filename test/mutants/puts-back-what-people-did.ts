import { leavesWhatPeopleDid } from '../../local/invariants/leaves-what-people-did.ts'
import type { Mutant } from './mutant.ts'

export const putsBackWhatPeopleDid: Mutant = {
  name: 'what was done by hand is over at once',
  file: 'domain/sleep/settle.ts',
  from: 'hand: { to: rest, at, until: said?.next?.at },',
  to: 'hand: { to: rest, at, until: at },',
  finds: leavesWhatPeopleDid,
  story: 'napByHand',
}
