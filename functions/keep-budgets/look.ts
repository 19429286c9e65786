import type { Figure } from '../../domain/budgets/figure.ts'
import { judge } from '../../domain/budgets/judge.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import { budgetStateKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { keepBelowCeiling } from './ceiling.ts'
import { freezeTeam, thawTeam } from './freeze.ts'
import { grownToday } from './grown.ts'
import type { Budget, Looking } from './looking.ts'
import { endOrders } from './orders.ts'
import { endRecords, holdStill, keepRecords, tell } from './records.ts'

/** What may be a step. */
const UP = ['near', 'over', 'spent-more'] as const

/** Who or what has ended an order. */
const WHY_UNDONE = { month: 'a new month', raised: 'a raised budget' }

/**
 * Looks at one budget: what is new is done and told before it is kept that it was. Cut off in
 * between, the next look does the same again, and finds it done.
 */
export async function lookAt(looking: Looking, budget: Budget, figure: Figure) {
  const { table, now } = looking
  const key = budgetStateKey(budget.name)
  const [item] = await getItems(table, [key])
  const kept = item === undefined ? undefined : readItem('budget-state', item)
  const { name, limit } = budget
  const judged = judge({ name, figure, limit, kept, now })
  const { news } = judged
  const isUp = news.some(({ what }) => UP.some((one) => one === what))
  const grown = isUp ? await grownToday(looking, budget, kept?.grown) : kept?.grown
  const state = { ...judged.state, grown }
  for (const one of news) {
    if (one.what === 'undone') {
      await thawTeam(looking, budget)
      await endOrders(looking, (team) => team === budget.team, WHY_UNDONE[one.because])
      if (kept !== undefined) await endRecords(looking, kept, one.because)
    } else if (one.what === 'spent-more') {
      const { team } = budget
      // Also where budgets may act only since then.
      await holdStill(looking, state, await freezeTeam(looking, budget, figure))
      if (team !== undefined) await keepBelowCeiling(looking, { ...budget, team }, state)
    } else {
      const frozenUntil =
        one.what === 'over' ? await freezeTeam(looking, budget, figure) : undefined
      await tell(looking, budget, state, one.what, { ...(frozenUntil && { frozenUntil }) })
    }
  }
  const isStep = news.some(({ what }) => what !== 'spent-more')
  if (kept !== undefined && !isStep && state.changedAt !== kept.changedAt) {
    await keepRecords(looking, budget, state)
  }
  await keepState(table, state, kept)
  return { name, news: news.map(({ what }) => what) }
}

/** Keeps what a look has seen, unless another one was faster. */
export async function keepState(
  table: Table,
  state: BudgetState,
  kept: BudgetState | undefined,
): Promise<void> {
  if (kept !== undefined && JSON.stringify(state) === JSON.stringify(kept)) return
  const item = { ...budgetStateKey(state.name), ...state, revision: state.revision + 1 }
  // Another look was faster: it has seen the same.
  await putItem(
    table,
    kept === undefined
      ? { item, condition: 'attribute_not_exists(pk)' }
      : { item, condition: 'revision = :seen', values: { ':seen': kept.revision } },
  )
}
