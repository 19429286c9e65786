import { neverWakesASleeper } from '../../local/invariants/never-wakes-a-sleeper.ts'
import type { Mutant } from './mutant.ts'

export const alwaysSetsTheCount: Mutant = {
  name: 'every deployment sets the number of tasks',
  file: 'functions/plan-roll-out/prepare.ts',
  from: 'update: placeholder ? { ...target, DesiredCount: count } : target,',
  to: 'update: { ...target, DesiredCount: count },',
  finds: neverWakesASleeper,
  story: 'pushToASleeper',
}
