import { sleepsForItsOwnBudget } from '../../local/invariants/sleeps-for-its-own-budget.ts'
import type { Mutant } from './mutant.ts'

export const sleepsWhatOthersOwn: Mutant = {
  name: 'a budget puts everything to sleep',
  file: 'domain/budgets/order.ts',
  from: 'resource: id, service: service ?? id, team, from',
  to: 'from',
  finds: sleepsForItsOwnBudget,
  story: 'spentByTheEnd',
}
