import type { BudgetState } from '../../domain/table/budget-state.ts'
import { budgetStateKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { itemsBetween } from '../shared/table/query.ts'
import { thawOthers } from './freeze.ts'
import { keepState } from './look.ts'
import type { Looking } from './looking.ts'
import { endOrders } from './orders.ts'
import { endRecords, holdStill } from './records.ts'

/**
 * The catalog may have taken the right to act away, or a budget: what it held ends, and so does what
 * people were told of it. A budget that is looked at again begins anew, with its next figure.
 */
export async function letGo(looking: Looking): Promise<void> {
  const { features, budgets } = looking.catalog
  const acting = features.budgets === 'act' ? budgets : []
  const holds = (team: string): boolean => acting.some((one) => one.team === team)
  await thawOthers(looking, holds)
  await endOrders(looking, (team) => !holds(team), 'the catalog')
  const lookedAt = new Set(features.budgets === 'off' ? [] : budgets.map(({ name }) => name))
  for (const state of await standing(looking)) {
    if (!lookedAt.has(state.name)) await forget(looking, state)
    else if (features.budgets !== 'act') await holdStill(looking, state, undefined)
  }
}

/** Budgets of which something was told that stands. */
async function standing({ table, log }: Looking): Promise<BudgetState[]> {
  const { pk, sk } = budgetStateKey('')
  const items = await itemsBetween(table, pk, sk, `${sk}~`)
  return items.flatMap((item) => {
    try {
      const state = readItem('budget-state', item)
      return state.rung === 'none' ? [] : [state]
    } catch (error) {
      log.error('what is kept of a budget cannot be read', { budget: item.sk, error })
      return []
    }
  })
}

async function forget(looking: Looking, state: BudgetState): Promise<void> {
  await endRecords(looking, state, 'off')
  await keepState(looking.table, { ...state, rung: 'none', again: (state.again ?? 0) + 1 }, state)
}
