import { staysSmall } from '../../local/invariants/stays-small.ts'
import type { Mutant } from './mutant.ts'

export const keepsWholeLines: Mutant = {
  name: 'lines of a log are kept however long they are',
  file: 'functions/watch-deployment/explain.ts',
  from: "lastOf(events.map(({ message = '' }) => cut(message, LOG_LINE_CHARACTERS)))",
  to: "events.map(({ message = '' }) => message)",
  finds: staysSmall,
  story: 'goodThenBad',
}
