import { beforeAll, describe, expect, it } from 'vitest'
import { Budgets } from '../../local/aws/budgets/budgets.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { Account } from '../kits/account.ts'

const AccountId = '123456789012'
const TOPIC = `arn:aws:sns:eu-central-1:${AccountId}:budgets`

class Billed extends Account {
  readonly budgets = new Budgets(this.aws)
  readonly sns = new Sns(this.aws)

  static async open() {
    const account = new Billed()
    account.aws.register(account.budgets)
    account.aws.register(account.sns)
    await account.call('sns', 'CreateTopic', {
      Name: 'budgets',
      Attributes: {
        Policy: JSON.stringify({
          Statement: [
            {
              ...{ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC },
              Principal: { Service: 'budgets.amazonaws.com' },
            },
          ],
        }),
      },
    })
    await account.call('budgets', 'CreateBudget', {
      AccountId,
      Budget: {
        ...{ BudgetName: 'dev-ordering', BudgetType: 'COST', TimeUnit: 'MONTHLY' },
        BudgetLimit: { Amount: '1250', Unit: 'USD' },
        FilterExpression: {
          And: [
            { Tags: { Key: 'caretaker:environment', Values: ['dev'] } },
            { Tags: { Key: 'caretaker:owner', Values: ['ordering'] } },
          ],
        },
      },
      NotificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((NotificationType) => ({
        Notification: {
          ...{ NotificationType, Threshold: 80, ComparisonOperator: 'GREATER_THAN' },
        },
        Subscribers: [{ SubscriptionType: 'SNS', Address: TOPIC }],
      })),
    })
    return account
  }

  async figures() {
    const { Budgets: all } = await this.call<{ Budgets: Record<string, unknown>[] }>(
      'budgets',
      'DescribeBudgets',
      { AccountId },
    )
    return all[0]?.CalculatedSpend
  }

  get sent(): string[] {
    return this.sns.journal.map(({ notification }) => notification.message)
  }
}

describe('a budget', () => {
  let account: Billed
  beforeAll(async () => {
    account = await Billed.open()
  })

  it('shows a dollar, and no forecast, until billing has counted', async () => {
    expect(await account.figures()).toEqual({ ActualSpend: { Amount: '1', Unit: 'USD' } })
    expect(account.budgets.namesFor('ordering')).toEqual(['dev-ordering'])
    expect(account.budgets.namesFor(undefined)).toEqual([])
  })

  it('sends one plain text for each threshold that is passed, and none again while it stays so', async () => {
    account.budgets.spend('dev-ordering', { usd: 1100.5, forecast: 900 })
    account.budgets.spend('dev-ordering', { usd: 1200, forecast: 900 })
    await account.world.run(5_000)
    expect(await account.figures()).toEqual({
      ActualSpend: { Amount: '1200', Unit: 'USD' },
      ForecastedSpend: { Amount: '900', Unit: 'USD' },
    })
    expect(account.sent).toHaveLength(1)
    expect(account.sent[0]?.split('\n')).toEqual(
      expect.arrayContaining([
        'AWS Account 123456789012',
        'Budget Name: dev-ordering',
        'Budgeted Amount: $1,250.00',
        'Alert Type: ACTUAL',
        'Alert Threshold: > $1,000.00',
        'ACTUAL Amount: $1,100.50',
      ]),
    )
    expect(
      await account.call('budgets', 'DescribeNotificationsForBudget', {
        AccountId,
        BudgetName: 'dev-ordering',
      }),
    ).toMatchObject({
      Notifications: [{ NotificationState: 'ALARM' }, { NotificationState: 'OK' }],
    })
  })

  it('is refused under a name that AWS does not take, or twice; and is deleted', async () => {
    const create = (BudgetName: string) =>
      account.call('budgets', 'CreateBudget', {
        AccountId,
        Budget: { BudgetName, TimeUnit: 'MONTHLY', BudgetType: 'COST' },
      })
    await expect(create('a:b')).rejects.toThrow("Value 'a:b' at 'budget.budgetName' failed")
    await expect(create('dev-ordering')).rejects.toThrow('already exists')
    const named = { AccountId, BudgetName: 'dev-ordering' }
    await account.call('budgets', 'DeleteBudget', named)
    await expect(account.call('budgets', 'DeleteBudget', named)).rejects.toThrow("doesn't exist")
  })
})
