import { startsEachDigestOnce } from '../../local/invariants/starts-each-digest-once.ts'
import type { Mutant } from './mutant.ts'

export const deploysAgainAfterTheBake: Mutant = {
  name: 'what has baked is registered and deployed once more',
  file: 'statemachines/roll-out.asl.json',
  from: '"Seconds": "{% $plan.bakeSeconds %}",\n      "Next": "Check"',
  to: '"Seconds": "{% $plan.bakeSeconds %}",\n      "Next": "Register"',
  finds: startsEachDigestOnce,
  story: 'goodThenBad',
}
