import { endsEveryEvent } from '../../local/invariants/ends-every-event.ts'
import type { Mutant } from './mutant.ts'

export const forgetsWhatIsNotTaken: Mutant = {
  name: 'a push that a service does not take is passed over without a word',
  file: 'functions/start-roll-outs/index.ts',
  from: 'await recordNotTaken(table, context, push, reason)',
  to: 'if (context === undefined) await recordNotTaken(table, context, push, reason)',
  finds: endsEveryEvent,
  story: 'notForUs',
}
