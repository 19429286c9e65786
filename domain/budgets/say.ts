import { sayUsd } from '../ledger/say.ts'
import type { BudgetState } from '../table/budget-state.ts'

/** A budget in a few words; zero is no figure: it is what AWS shows while billing does not know the tags. */
export function sayBudget(state: BudgetState | undefined): string {
  if (state === undefined) return 'not looked at yet'
  if (state.spent <= 0) return 'no figures yet'
  return `${sayUsd(state.spent)} of ${sayUsd(state.limit)} spent`
}
