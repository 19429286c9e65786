import type { Notification } from '@aws-sdk/client-budgets'
import type { Aws } from '../aws.ts'
import { compared, type StoredBudget } from './budget.ts'

const dollars = (amount: number): string =>
  `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

const longDate = (date: Date): string =>
  date.toLocaleDateString('en-US', {
    ...{ month: 'long', day: '2-digit', year: 'numeric', timeZone: 'UTC' },
  })

/** The plain text that AWS sends, as people have posted it from 2022 to 2026; AWS documents none. */
export function noticeOf(aws: Aws, stored: StoredBudget, notification: Notification) {
  const { BudgetName: name = '', BudgetLimit } = stored.budget
  const { amount, threshold } = compared(stored, notification) ?? { amount: 0, threshold: 0 }
  const { NotificationType: type = 'ACTUAL' } = notification
  return {
    Subject: `AWS Budgets: ${name} has exceeded your alert threshold`.slice(0, 100),
    Message: [
      `AWS Budget Notification ${longDate(aws.world.date)}`,
      `AWS Account ${aws.account}`,
      '',
      'Dear AWS Customer,',
      '',
      `You requested that we alert you when the ${type} Cost associated with your ${name} budget is greater than ${dollars(threshold)} for the current month. The ${type} Cost associated with this budget is ${dollars(amount)}. You can find additional details below and by accessing the AWS Budgets dashboard [1].`,
      '',
      `Budget Name: ${name}`,
      'Budget Type: Cost',
      `Budgeted Amount: ${dollars(Number(BudgetLimit?.Amount ?? 0))}`,
      `Alert Type: ${type}`,
      `Alert Threshold: > ${dollars(threshold)}`,
      `${type} Amount: ${dollars(amount)}`,
      '',
      '[1] https://console.aws.amazon.com/billing/home#/budgets',
    ].join('\n'),
  }
}
