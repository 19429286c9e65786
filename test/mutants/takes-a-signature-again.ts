import { takesEachSignatureOnce } from '../../local/invariants/takes-each-signature-once.ts'
import type { Mutant } from './mutant.ts'

export const takesASignatureAgain: Mutant = {
  name: 'what was signed once is taken whenever it comes',
  file: 'functions/receive-slack/index.ts',
  from: "{ item, condition: 'attribute_not_exists(pk)' }",
  to: "{ item, condition: 'attribute_not_exists(nothing)' }",
  finds: takesEachSignatureOnce,
  story: 'strangersAsk',
}
