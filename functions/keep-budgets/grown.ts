import {
  type CostExplorerClient,
  type Expression,
  GetCostAndUsageCommand,
} from '@aws-sdk/client-cost-explorer'
import { comparedDays, type Grown, whatGrew } from '../../domain/budgets/grown.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import { TAGS } from '../../domain/tags.ts'
import { cut } from '../../domain/text.ts'
import type { Budget, Looking } from './looking.ts'

const NAME_CHARACTERS = 80

/**
 * What has grown of what a budget counts. A request costs a cent: it is made once a day at the most,
 * and only for a budget that takes a step, or is over and has a new figure. Without an answer nothing
 * is said of it.
 *
 * `GetCostComparisonDrivers` would say why as well, but compares whole months alone.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostComparisonDrivers.html
 */
export async function grownToday(
  looking: Looking,
  budget: Budget,
  kept: BudgetState['grown'],
): Promise<BudgetState['grown']> {
  const { now, costs, log } = looking
  const day = now.toISOString().slice(0, 10)
  if (kept?.day === day) return kept
  try {
    return { day, all: await ask(costs, looking, budget) }
  } catch (error) {
    log.warn('Cost Explorer does not say what has grown', { budget: budget.name, error })
    return { day, all: [] }
  }
}

async function ask(
  client: CostExplorerClient,
  { catalog, now }: Looking,
  { team }: Budget,
): Promise<Grown[]> {
  const { from, to } = comparedDays(now)
  const { ResultsByTime = [], NextPageToken } = await client.send(
    new GetCostAndUsageCommand({
      TimePeriod: { Start: from, End: to },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }],
      Filter: {
        And: [
          tagged(TAGS.environment, catalog.environment),
          ...(team === undefined ? [] : [tagged(TAGS.owner, team)]),
          { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } } },
        ],
      },
    }),
  )
  // Half of two weeks compares nothing.
  if (NextPageToken !== undefined) return []
  const days = ResultsByTime.map(({ TimePeriod, Groups = [] }) => ({
    day: TimePeriod?.Start ?? '',
    usd: Object.fromEntries(
      Groups.map(({ Keys = [], Metrics }) => [
        cut(Keys[0] ?? '', NAME_CHARACTERS),
        Number(Metrics?.UnblendedCost?.Amount ?? 0) || 0,
      ]),
    ),
  }))
  return whatGrew(days, now)
}

const tagged = (Key: string, value: string): Expression => ({ Tags: { Key, Values: [value] } })
