import { usesEachIntentOnce } from '../../local/invariants/uses-each-intent-once.ts'
import type { Mutant } from './mutant.ts'

export const usesAnIntentAgain: Mutant = {
  name: 'an intent that somebody uses at this moment is used once more',
  file: 'functions/answer-slack/press.ts',
  from: "condition: 'attribute_exists(pk) AND attribute_not_exists(used)'",
  to: "condition: 'attribute_exists(pk)'",
  finds: usesEachIntentOnce,
  story: 'pressedTwice',
}
