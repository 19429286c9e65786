import { stepsOncePerFigure } from '../../local/invariants/steps-once-per-figure.ts'
import type { Mutant } from './mutant.ts'

export const believesLastMonth: Mutant = {
  name: 'a figure of the month before counts for the new one',
  file: 'domain/budgets/judge.ts',
  from: 'if (lastMonth !== undefined && isStillLastMonth(figure, lastMonth, now))',
  to: 'if (figure.spent < 0)',
  finds: stepsOncePerFigure,
  story: 'spentByTheEnd',
}
