import { changesNothingForStrangers } from '../../local/invariants/changes-nothing-for-strangers.ts'
import type { Mutant } from './mutant.ts'

export const takesOldSignatures: Mutant = {
  name: 'a signature is good for an hour',
  file: 'functions/receive-slack/signature.ts',
  from: 'const WINDOW_SECONDS = 5 * 60',
  to: 'const WINDOW_SECONDS = 60 * 60',
  finds: changesNothingForStrangers,
  story: 'strangersAsk',
}
