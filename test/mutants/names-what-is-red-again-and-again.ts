import { doesNothingWhenNothingIs } from '../../local/invariants/does-nothing-when-nothing-is.ts'
import type { Mutant } from './mutant.ts'

export const namesWhatIsRedAgainAndAgain: Mutant = {
  name: 'every sweep names again what is red',
  file: 'functions/sweep/still-red.ts',
  from: 'channels.filter((_, place) => known[place] === undefined)',
  to: 'channels.filter((_, place) => known[place] !== null)',
  finds: doesNothingWhenNothingIs,
  story: 'quietAndRed',
}
