import { changesNothingForStrangers } from '../../local/invariants/changes-nothing-for-strangers.ts'
import type { Mutant } from './mutant.ts'

export const believesEverySignature: Mutant = {
  name: 'a request is taken whatever it is signed with',
  file: 'functions/receive-slack/index.ts',
  from: '    if (!fits) {',
  to: '    if (fits === undefined) {',
  finds: changesNothingForStrangers,
  story: 'strangersAsk',
}
