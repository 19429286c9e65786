import type {
  Budget,
  Expression,
  Notification,
  NotificationWithSubscribers,
  Subscriber,
} from '@aws-sdk/client-budgets'

/** A notification with those it goes to, and whether its threshold was passed when last looked. */
export type Alert = { notification: Notification; subscribers: Subscriber[]; passed: boolean }

export type StoredBudget = {
  budget: Budget
  alerts: Alert[]
  tags: Record<string, string>
  /** US dollars as billing shows them. */
  spent: number
  forecast?: number | undefined
}

export const alertOf = ({ Notification, Subscribers }: NotificationWithSubscribers): Alert => ({
  notification: Notification as Notification,
  subscribers: Subscribers ?? [],
  passed: false,
})

/** The values of a tag that a budget's expression asks for, wherever in it. */
export function valuesOf(expression: Expression | undefined, key: string): string[] {
  if (expression === undefined) return []
  const { And = [], Or = [], Tags } = expression
  return [
    ...(Tags?.Key === key ? (Tags.Values ?? []) : []),
    ...[...And, ...Or].flatMap((one) => valuesOf(one, key)),
  ]
}

const usd = (amount: number) => ({ Amount: String(amount), Unit: 'USD' })

/**
 * A budget as it is read. Nothing says how old its figures are: `LastUpdatedTime` is when somebody
 * last edited it. `ForecastedSpend` is absent where AWS has no forecast.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
 */
export const shown = ({ budget, spent, forecast }: StoredBudget): Budget => ({
  ...budget,
  CalculatedSpend: {
    ActualSpend: usd(spent),
    ...(forecast !== undefined && { ForecastedSpend: usd(forecast) }),
  },
})

/** What an alert compares, and with what: US dollars. Undefined without a forecast. */
export function compared(
  { budget, spent, forecast }: StoredBudget,
  { NotificationType, Threshold = 0, ThresholdType = 'PERCENTAGE' }: Notification,
): { amount: number; threshold: number } | undefined {
  const limit = Number(budget.BudgetLimit?.Amount ?? 0)
  const threshold = ThresholdType === 'PERCENTAGE' ? (limit * Threshold) / 100 : Threshold
  const amount = NotificationType === 'FORECASTED' ? forecast : spent
  return amount === undefined ? undefined : { amount, threshold }
}
