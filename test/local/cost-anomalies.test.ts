import { beforeAll, describe, expect, it, test } from 'vitest'
import { monitorsIn } from '../../cli/doctor/anomalies.ts'
import { CostExplorer } from '../../local/aws/cost-explorer/cost-explorer.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Account } from '../kits/account.ts'

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:anomalies'

const above = (usd: number, Key = 'ANOMALY_TOTAL_IMPACT_ABSOLUTE') => ({
  Dimensions: { Key, MatchOptions: ['GREATER_THAN_OR_EQUAL'], Values: [String(usd)] },
})

class Watched extends Account {
  readonly costs = new CostExplorer(this.aws)
  readonly sns = new Sns(this.aws)

  static async open() {
    const account = new Watched()
    account.aws.register(account.costs)
    account.aws.register(account.sns)
    const Policy = JSON.stringify({
      Statement: [
        {
          ...{ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC },
          Principal: { Service: 'costalerts.amazonaws.com' },
        },
      ],
    })
    await account.call('sns', 'CreateTopic', { Name: 'anomalies', Attributes: { Policy } })
    return account
  }

  async watch(monitor: object): Promise<string> {
    const AnomalyMonitor = { MonitorName: 'one', ...monitor }
    const { MonitorArn } = await this.call<{ MonitorArn: string }>(
      ...(['cost-explorer', 'CreateAnomalyMonitor', { AnomalyMonitor }] as const),
    )
    return MonitorArn
  }

  async subscribe(monitor: string, more: object = {}): Promise<string> {
    const AnomalySubscription = {
      ...{ SubscriptionName: 'all', Frequency: 'IMMEDIATE', MonitorArnList: [monitor] },
      Subscribers: [{ Type: 'SNS', Address: TOPIC }],
      ...more,
    }
    const { SubscriptionArn } = await this.call<{ SubscriptionArn: string }>(
      ...(['cost-explorer', 'CreateAnomalySubscription', { AnomalySubscription }] as const),
    )
    return SubscriptionArn
  }

  async detect(team: string | undefined, usd: number) {
    this.costs.detect({ team, service: 'Amazon RDS', usd, expected: 10 })
    await this.world.run(5_000)
  }

  get sent() {
    return this.sns.journal.map(({ notification }) => JSON.parse(notification.message))
  }
}

const BY_OWNER = {
  ...{ MonitorType: 'DIMENSIONAL', MonitorDimension: 'TAG' },
  MonitorSpecification: { Tags: { Key: 'caretaker:owner' } },
}
const BY_SERVICE = { MonitorType: 'DIMENSIONAL', MonitorDimension: 'SERVICE' }

describe('monitors', () => {
  it('that AWS manages are one of each dimension: a second one is refused in AWS’s words', async () => {
    const account = await Watched.open()
    const arn = await account.watch({ ...BY_SERVICE, MonitorName: 'Default-Services-Monitor' })
    await account.watch(BY_OWNER)
    await expect(account.watch(BY_SERVICE)).rejects.toThrow(
      'Limit exceeded on dimensional spend monitor creation',
    )
    await expect(account.watch({ MonitorType: 'DIMENSIONAL' })).rejects.toThrow('do not match')
    const caller = { kind: 'person', name: 'ann' } as const
    expect(await monitorsIn(sdkConfiguration(account.aws, caller))).toEqual([
      { arn, name: 'Default-Services-Monitor', dimension: 'SERVICE' },
      { arn: expect.any(String), name: 'one', dimension: 'TAG' },
    ])
    await account.call('cost-explorer', 'DeleteAnomalyMonitor', { MonitorArn: arn })
    await account.watch(BY_SERVICE)
  })

  test.each([
    ['an e-mail at once', { Subscribers: [{ Type: 'EMAIL', Address: 'a@example.com' }] }],
    ['a topic once a day', { Frequency: 'DAILY' }],
    ['a monitor that is not there', { MonitorArnList: ['arn:aws:ce::1:anomalymonitor/x'] }],
  ])('are not subscribed to by %s', async (_, more) => {
    const account = await Watched.open()
    await expect(account.subscribe(await account.watch(BY_SERVICE), more)).rejects.toThrow()
  })
})

describe('an anomaly', () => {
  let account: Watched
  let subscription = ''
  beforeAll(async () => {
    account = await Watched.open()
    const ThresholdExpression = above(20)
    subscription = await account.subscribe(await account.watch(BY_OWNER), { ThresholdExpression })
  })

  it('is sent to the topic in AWS’s documented form, from its threshold on', async () => {
    await account.detect('ordering', 19)
    expect(account.sent).toEqual([])
    await account.detect('ordering', 40)
    expect(account.sent).toEqual([
      {
        accountId: '123456789012',
        anomalyDetailsLink: expect.stringMatching(/^https:\/\/console\.aws\.amazon\.com\/.*anomal/),
        anomalyEndDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
        anomalyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        anomalyScore: { currentScore: 0.5, maxScore: 0.5 },
        anomalyStartDate: expect.any(String),
        dimensionalValue: 'ordering',
        impact: {
          ...{ maxImpact: 40, totalImpact: 40, totalActualSpend: 50, totalExpectedSpend: 10 },
          totalImpactPercentage: 400,
        },
        monitorArn: expect.stringContaining(':anomalymonitor/'),
        rootCauses: [
          {
            ...{ linkedAccount: '123456789012', linkedAccountName: 'local' },
            ...{ region: 'eu-central-1', service: 'Amazon RDS', usageType: 'Usage' },
            impact: { contribution: 40 },
          },
        ],
        subscriptionId: expect.any(String),
        subscriptionName: 'all',
      },
    ])
  })

  it('keeps its id while it goes on, and each team has its own; what no monitor sees is none', async () => {
    await account.detect('storefront', 40)
    await account.world.run(24 * 60 * 60_000)
    await account.detect('ordering', 60)
    await account.detect(undefined, 60)
    const [first, other, again, ...more] = account.sent.map(({ anomalyId }) => anomalyId)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
    expect(more).toEqual([])
    const all = { DateInterval: { StartDate: '2000-01-01' } }
    const { Anomalies } = await account.call<{ Anomalies: { Impact: object }[] }>(
      ...(['cost-explorer', 'GetAnomalies', all] as const),
    )
    expect(Anomalies).toHaveLength(2)
    expect(Anomalies[0]?.Impact).toMatchObject({ TotalImpact: 60 })
  })

  it('is sent by the threshold as it is now; another kind of threshold is refused by name', async () => {
    const change = (ThresholdExpression: object) =>
      account.call('cost-explorer', 'UpdateAnomalySubscription', {
        ...{ SubscriptionArn: subscription, ThresholdExpression },
      })
    const before = account.sent.length
    await change(above(100))
    await account.detect('ordering', 99)
    expect(account.sent).toHaveLength(before)
    await change(above(40, 'ANOMALY_TOTAL_IMPACT_PERCENTAGE'))
    await expect(account.detect('ordering', 99)).rejects.toThrow('ANOMALY_TOTAL_IMPACT_ABSOLUTE')
  })
})
