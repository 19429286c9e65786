import { endsEveryEvent } from '../../local/invariants/ends-every-event.ts'
import type { Mutant } from './mutant.ts'

export const leavesTheRecordOpen: Mutant = {
  name: 'the verdict is not written to the record',
  file: 'statemachines/roll-out.asl.json',
  from: "'SET verdict = :verdict, reason = :reason, endedAt = :endedAt'",
  to: "'SET ending = :verdict, reason = :reason, endedAt = :endedAt'",
  finds: endsEveryEvent,
  story: 'goodThenBad',
}
