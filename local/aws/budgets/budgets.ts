import type {
  CreateBudgetRequest,
  DeleteBudgetRequest,
  DescribeBudgetsRequest,
  DescribeNotificationsForBudgetRequest,
  ResourceTag,
  UpdateBudgetRequest,
} from '@aws-sdk/client-budgets'
import type { Aws, Operations, Service } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, pager } from '../members.ts'
import { type Alert, alertOf, compared, type StoredBudget, shown, valuesOf } from './budget.ts'
import { noticeOf } from './notice.ts'

/** What billing shows from a moment on. `forecast` is absent where AWS has none. */
export type Spending = { usd: number; forecast?: number | undefined }

/**
 * AWS Budgets: budgets of costs, their alerts to topics. What things cost is told (`spend`), not
 * reckoned from what runs; e-mail goes nowhere.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
 */
export class Budgets implements Service {
  readonly id = 'budgets'
  readonly operations: Operations
  readonly #aws: Aws
  readonly #budgets = new Map<string, StoredBudget>()

  constructor(aws: Aws) {
    this.#aws = aws
    this.operations = {
      CreateBudget: (input: CreateBudgetRequest) => this.#create(input),
      UpdateBudget: (input: UpdateBudgetRequest) => this.#update(input),
      DeleteBudget: ({ BudgetName }: DeleteBudgetRequest) => {
        this.#budgets.delete(this.#named(BudgetName).budget.BudgetName ?? '')
        return {}
      },
      DescribeBudgets: (input: DescribeBudgetsRequest) => {
        const { NextToken, MaxResults = 100 } = input
        onlyMembers('budgets:DescribeBudgets', input, ['AccountId', 'NextToken', 'MaxResults'])
        const { items, next } = pageOf([...this.#budgets.values()], NextToken, MaxResults)
        return { Budgets: items.map(shown), ...(next !== undefined && { NextToken: next }) }
      },
      DescribeNotificationsForBudget: (input: DescribeNotificationsForBudgetRequest) => ({
        Notifications: this.#named(input.BudgetName).alerts.map(({ notification, passed }) => ({
          ...notification,
          NotificationState: passed ? 'ALARM' : 'OK',
        })),
      }),
    }
  }

  #create({ Budget, NotificationsWithSubscribers, ResourceTags }: CreateBudgetRequest) {
    const name = Budget?.BudgetName ?? ''
    if (Budget === undefined || !NAME.test(name)) {
      throw new AwsError('InvalidParameterException', `Invalid budget name: ${name}`)
    }
    if (this.#budgets.has(name)) {
      throw new AwsError('DuplicateRecordException', `the budget already exists: ${name}`)
    }
    const alerts = (NotificationsWithSubscribers ?? []).map(alertOf)
    if (alerts.length > MOST_ALERTS) {
      throw new AwsError('CreationLimitExceededException', 'Too many notifications')
    }
    const tags = tagsOf(ResourceTags)
    const budget = { ...Budget, LastUpdatedTime: this.#aws.world.date }
    this.#budgets.set(name, { budget, alerts, tags, spent: FIRST_USD })
    return {}
  }

  #update({ NewBudget }: UpdateBudgetRequest) {
    const stored = this.#named(NewBudget?.BudgetName)
    stored.budget = { ...stored.budget, ...NewBudget, LastUpdatedTime: this.#aws.world.date }
    this.#alert(stored)
    return {}
  }

  #named(name: string | undefined): StoredBudget {
    const found = this.#budgets.get(name ?? '')
    if (found !== undefined) return found
    throw new AwsError(
      'NotFoundException',
      `Unable to get budget: ${name} - the budget doesn't exist.`,
    )
  }

  /** The budgets that count a team's costs; without one, those of a whole environment. */
  namesFor(team: string | undefined): string[] {
    return [...this.#budgets.values()]
      .filter(({ budget }) => {
        const owners = valuesOf(budget.FilterExpression, 'caretaker:owner')
        return team === undefined ? owners.length === 0 : owners.includes(team)
      })
      .map(({ budget }) => budget.BudgetName ?? '')
  }

  /** Billing has counted, and shows this from now on; alerts whose threshold it passes are sent. */
  spend(name: string, { usd, forecast }: Spending): void {
    const stored = this.#named(name)
    Object.assign(stored, { spent: usd, forecast })
    this.#alert(stored)
  }

  /** An alert is sent once, until what it compares was below its threshold again. */
  #alert(stored: StoredBudget): void {
    for (const alert of stored.alerts) {
      const { amount, threshold } = compared(stored, alert.notification) ?? NEVER
      const before = alert.passed
      alert.passed = amount > threshold
      if (alert.passed && !before) this.#send(stored, alert)
    }
  }

  #send(stored: StoredBudget, { notification, subscribers }: Alert): void {
    const { account, world } = this.#aws
    const sourceArn = `arn:aws:budgets::${account}:budget/${stored.budget.BudgetName}`
    const caller = { kind: 'aws', name: 'budgets', sourceArn } as const
    const notice = noticeOf(this.#aws, stored, notification)
    for (const { SubscriptionType, Address: TopicArn } of subscribers) {
      if (SubscriptionType !== 'SNS') continue
      world.after(1_000, 'AWS Budgets sends an alert', () =>
        this.#aws.call('sns', 'Publish', { TopicArn, ...notice }, caller),
      )
    }
  }

  tagged() {
    return [...this.#budgets.values()].map(({ budget, tags }) => ({
      arn: `arn:aws:budgets::${this.#aws.account}:budget/${budget.BudgetName}`,
      tags,
    }))
  }
}

/** https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html */
const MOST_ALERTS = 10
const NAME = /^(?!.*\/action\/)[^:\\]{1,100}$/
/** What billing shows until somebody spends: zero would say that it does not know the tags. */
const FIRST_USD = 1
const NEVER = { amount: 0, threshold: 0 }

const tagsOf = (tags: readonly ResourceTag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))

const pageOf = pager('InvalidNextTokenException', 100)
