import { staysSmall } from '../../local/invariants/stays-small.ts'
import type { Mutant } from './mutant.ts'

export const keepsWholeLines: Mutant = {
  name: 'lines of a log are kept however long they are',
  file: 'functions/watch-deployment/explain.ts',
  from: 'cut(message, LINE_CHARACTERS)',
  to: 'message',
  finds: staysSmall,
  story: 'goodThenBad',
}
