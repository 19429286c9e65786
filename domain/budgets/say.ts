import { sayUsd } from '../ledger/say.ts'
import type { BudgetState } from '../table/budget-state.ts'
import type { Grown } from './grown.ts'

/** A budget in a few words; zero is no figure: it is what AWS shows while billing does not know the tags. */
export function sayBudget(state: BudgetState | undefined): string {
  if (state === undefined) return 'not looked at yet'
  if (state.spent <= 0) return 'no figures yet'
  return `${sayUsd(state.spent)} of ${sayUsd(state.limit)} spent`
}

/**
 * What costs more than a week before: one sentence, or none.
 *
 * @param named how a name of AWS's is written where the sentence is read.
 */
export function sayGrown(
  all: readonly Grown[],
  named: (name: string) => string = (name) => name,
): string[] {
  const each = all.map(
    ({ name, before, now }) => `${named(name)} ${sayUsd(now)} (was ${sayUsd(before)})`,
  )
  return each.length === 0 ? [] : [`A day costs more than a week before: ${each.join(', ')}.`]
}
