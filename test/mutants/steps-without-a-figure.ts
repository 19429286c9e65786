import { stepsOncePerFigure } from '../../local/invariants/steps-once-per-figure.ts'
import type { Mutant } from './mutant.ts'

export const stepsWithoutAFigure: Mutant = {
  name: 'a budget goes up at every look',
  file: 'domain/budgets/judge.ts',
  from: 'const isNew = kept === undefined || !isSame(read, asRead(kept))',
  to: 'const isNew = true',
  finds: stepsOncePerFigure,
  story: 'spentByTheEnd',
}
