import { movesNothingOnAFailedRead } from '../../local/invariants/moves-nothing-on-a-failed-read.ts'
import type { Mutant } from './mutant.ts'

export const takesAPartForUnused: Mutant = {
  name: 'metrics that are answered in part prove that nobody uses it',
  file: 'functions/plan-sleep/metrics.ts',
  from: 'if (open.size > 0) throw',
  to: 'if (open.size < 0) throw',
  finds: movesNothingOnAFailedRead,
  story: 'unusedUnread',
}
