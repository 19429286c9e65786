import type { DescribeBudgetsResponse } from '@aws-sdk/client-budgets'
import { figureOf } from '../../domain/budgets/figure.ts'
import { sayUsd } from '../../domain/ledger/say.ts'
import type { Caller } from '../aws/aws.ts'
import { Budgets } from '../aws/budgets/budgets.ts'
import type { Simulation } from './simulation.ts'

/** What the next press spends, as a share of the limit: a step of the ladder each time. */
const SHARES = [0.85, 1.04] as const
const MORE = 1.2

const SOMEBODY: Caller = { kind: 'person', name: 'console' }

/**
 * A team spends more: billing shows it from now on, and sends its alerts. At first 85 % of the
 * budget, then 104 %, then a fifth more each time.
 *
 * @returns what billing shows, in words.
 * @throws Error for a team without a budget.
 */
export async function overspend({ aws }: Simulation, team: string): Promise<string> {
  const budgets = aws.the(Budgets)
  const [name] = budgets.namesFor(team)
  const { Budgets: all = [] } = await aws.call<DescribeBudgetsResponse>(
    'budgets',
    'DescribeBudgets',
    { AccountId: aws.account },
    SOMEBODY,
  )
  const found = all.find(({ BudgetName }) => BudgetName === name)
  const figure = found && figureOf(found)
  if (name === undefined || figure === undefined) {
    throw new Error(`The catalog gives ${team} no budget`)
  }
  const { limit, spent } = figure
  const share = SHARES.find((one) => spent < limit * one)
  const usd = Math.round(share === undefined ? spent * MORE : limit * share)
  budgets.spend(name, { usd })
  return `Billing shows ${sayUsd(usd)} of ${sayUsd(limit)} for ${team}, ${Math.floor((100 * usd) / limit)} %`
}
