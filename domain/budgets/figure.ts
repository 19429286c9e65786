/** What AWS says of a budget: US dollars of this month. */
export type Figure = { limit: number; spent: number; forecast?: number | undefined }

type Spend = { Amount?: string | undefined; Unit?: string | undefined } | undefined
type Described = {
  BudgetLimit?: Spend
  CalculatedSpend?: { ActualSpend?: Spend; ForecastedSpend?: Spend } | undefined
}

/**
 * The figure of a budget as `DescribeBudgets` gives it. Nothing in it says how old it is:
 * `LastUpdatedTime` is when somebody last edited the budget.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CalculatedSpend.html
 *
 * @returns undefined when there is no limit or no amount in US dollars: nothing is known then.
 */
export function figureOf({ BudgetLimit, CalculatedSpend }: Described): Figure | undefined {
  const [limit, spent] = [usd(BudgetLimit), usd(CalculatedSpend?.ActualSpend)]
  const forecast = usd(CalculatedSpend?.ForecastedSpend)
  if (limit === undefined || limit <= 0 || spent === undefined) return undefined
  return { limit, spent, ...(forecast !== undefined && { forecast }) }
}

function usd(spend: Spend): number | undefined {
  const { Amount = '', Unit } = spend ?? {}
  const amount = Number(Amount)
  return Unit === 'USD' && Amount.trim() !== '' && Number.isFinite(amount) ? amount : undefined
}

/** Whether AWS says the same as before. */
export const isSame = (one: Figure, other: Figure): boolean =>
  one.spent === other.spent && one.forecast === other.forecast && one.limit === other.limit

/** Before its sixth day a month says too little of its end. */
const FIRST_FORECAST_DAY = 6

/** Why no forecast counts now; undefined when AWS's does. */
export function whyNoForecast({ forecast }: Figure, now: Date): string | undefined {
  if (now.getUTCDate() < FIRST_FORECAST_DAY) return 'the month is younger than six days'
  return forecast === undefined ? 'AWS gives none before about five weeks of costs' : undefined
}

/** `2026-03`: AWS counts months in UTC. */
export const monthOf = (now: Date): string => now.toISOString().slice(0, 7)

/** When the month of an instant is over. */
export const endOfMonth = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
