import { tellsEveryRecord } from '../../local/invariants/tells-every-record.ts'
import type { Mutant } from './mutant.ts'

export const keepsAVerdictToItself: Mutant = {
  name: 'a roll-back is not told',
  file: 'functions/tell-slack/roll-out/message.ts',
  from: 'Object.hasOwn(HEADLINES, verdict) &&',
  to: "Object.hasOwn(HEADLINES, verdict) && verdict !== 'rolled-back' &&",
  finds: tellsEveryRecord,
  story: 'goodThenBad',
}
