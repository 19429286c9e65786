import { beforeAll, describe, expect, it, test } from 'vitest'
import { readAnomaly, teamOf } from '../../../domain/budgets/anomaly.ts'
import { CostExplorer } from '../../../local/aws/cost-explorer/cost-explorer.ts'
import { BudgetWorld } from '../../kits/budgets.ts'
import { itemsOfKind } from '../../kits/items.ts'

const DAY = 24 * 60

/** AWS's own example: cost-management/latest/userguide/getting-started-ad.html#view-ad-monitor */
const SAMPLE = {
  accountId: '123456789012',
  anomalyDetailsLink:
    'https://console.aws.amazon.com/cost-management/home#/anomaly-detection/monitors/abcdef12-1234-4ea0-84cc-918a97d736ef/anomalies/12345678-abcd-ef12-3456-987654321a12',
  anomalyEndDate: '2021-05-25T00:00:00Z',
  anomalyId: '12345678-abcd-ef12-3456-987654321a12',
  anomalyScore: { currentScore: 0.47, maxScore: 0.47 },
  anomalyStartDate: '2021-05-25T00:00:00Z',
  dimensionalValue: 'ServiceName',
  impact: {
    ...{ maxImpact: 151, totalActualSpend: 1301, totalExpectedSpend: 300 },
    ...{ totalImpact: 1001, totalImpactPercentage: 333.67 },
  },
  monitorArn: 'arn:aws:ce::123456789012:anomalymonitor/abcdef12-1234-4ea0-84cc-918a97d736ef',
  rootCauses: [
    {
      ...{ linkedAccount: 'AnomalousLinkedAccount', region: 'AnomalousRegionName' },
      ...{ linkedAccountName: 'AnomalousLinkedAccountName', service: 'AnomalousServiceName' },
      ...{ usageType: 'AnomalousUsageType', impact: { contribution: 601 } },
    },
  ],
  subscriptionId: '874c100c-59a6-4abb-a10a-4682cc3f2d69',
  subscriptionName: 'alertSubscription',
}
const read = (change: object) => readAnomaly(JSON.stringify({ ...SAMPLE, ...change }))

describe('what Cost Anomaly Detection sends', () => {
  it('is read as AWS documents it', () => {
    expect(read({})).toEqual({
      id: SAMPLE.anomalyId,
      value: 'ServiceName',
      ...{ usd: 1001, spent: 1301, expected: 300 },
      ...{ from: '2021-05-25', to: '2021-05-25' },
      causes: [
        {
          service: 'AnomalousServiceName',
          where: 'AnomalousRegionName, AnomalousLinkedAccountName',
          usage: 'AnomalousUsageType',
          usd: 601,
        },
      ],
      link: SAMPLE.anomalyDetailsLink,
    })
  })

  test.each<[string, object, object]>([
    ['no impact', { impact: undefined }, { id: SAMPLE.anomalyId, from: '2021-05-25' }],
    ['no causes', { rootCauses: undefined }, { causes: [] }],
    ['a cause of which nothing is known', { rootCauses: [{}] }, { causes: [{ service: '' }] }],
    ['dates that are none', { anomalyStartDate: 'soon', anomalyEndDate: 'later' }, { from: '' }],
    ['words without end', { dimensionalValue: 'x'.repeat(9000) }, { value: `${'x'.repeat(99)}…` }],
  ])('with %s is read as far as it goes', (_, change, found) => {
    expect(read(change)).toMatchObject(found)
  })

  test.each(['http://console.aws.amazon.com/x', 'https://evil.example/console.aws.amazon.com/'])(
    'never leads to %s',
    (anomalyDetailsLink) => {
      expect(read({ anomalyDetailsLink })).not.toHaveProperty('link')
    },
  )

  test.each([
    ['an alert of AWS Budgets', 'Budget Name: dev-ordering'],
    ['nothing', ''],
    ['another document', '{"a":1}'],
    ['one without its id', JSON.stringify({ ...SAMPLE, anomalyId: '' })],
    ['a number as an impact', JSON.stringify({ ...SAMPLE, impact: 7 })],
    ['half a document', JSON.stringify(SAMPLE).slice(0, 200)],
  ])('is none: %s', (_, text) => {
    expect(readAnomaly(text)).toBeUndefined()
  })

  test.each([
    ['ordering', 'ordering'],
    ['caretaker:owner$ordering', 'ordering'],
    ['Amazon Relational Database Service', undefined],
    ['toString', undefined],
    ['', undefined],
  ])('of "%s" is about the team %s', (dimensionalValue, team) => {
    const one = read({ dimensionalValue })
    expect(one && teamOf({ teams: { ordering: {} } }, one)).toBe(team)
  })
})

describe('unusual costs', () => {
  let world: BudgetWorld
  const unusual = async (team: string | undefined, usd: number) => {
    world.stage.simulation.aws
      .the(CostExplorer)
      .detect({ team, service: 'Amazon Relational Database Service', usd, expected: 21 })
    await world.stage.minutes(2)
  }
  const told = (channel: string) =>
    world.stage.simulation.slack.messages.filter(
      (one) => one.channel === channel && one.text.includes('more than AWS expected'),
    )

  beforeAll(async () => {
    world = await BudgetWorld.open('tell', new Date('2026-03-10T09:00:00Z'), {
      of: (text) => text.replace('budget: 600', 'budget: 600\nanomalies: { monitor: owner }'),
    })
  })

  it('below the catalog’s limit are told to nobody', async () => {
    await unusual('ordering', 19.99)
    expect(itemsOfKind(world.stage.simulation, 'anomaly')).toEqual([])
  })

  it('are told to the team whose tag it is, with what, where, and AWS’s page', async () => {
    await unusual('ordering', 40)
    const [message, ...others] = told('#ordering')
    expect(others).toEqual([])
    expect(message?.text).toContain('ordering: $40.00 more than AWS expected')
    expect(message?.text).toContain('$61.00 instead of $21.00, on 2026-03-10')
    expect(message?.text).toContain(
      'Where it comes from: Amazon Relational Database Service, Usage (eu-central-1, local) $40.00',
    )
    expect(JSON.stringify(message?.blocks)).toContain('<https://console.aws.amazon.com/')
  })

  it('are one message as long as they go on, with the newest figures, also said late or twice', async () => {
    await world.stage.minutes(DAY)
    await unusual('ordering', 66)
    await unusual('ordering', 66)
    const before = itemsOfKind(world.stage.simulation, 'anomaly')
    const Message = JSON.stringify({
      anomalyId: String(before[0]?.pk).slice('anomaly#'.length),
      ...{ dimensionalValue: 'ordering', anomalyEndDate: '2026-03-10T00:00:00Z' },
    })
    await world.alert(Message)
    const [message, ...others] = told('#ordering')
    expect(others).toEqual([])
    expect(message?.text).toContain('$66.00 more than AWS expected')
    expect(message?.text).toContain('$87.00 instead of $21.00, from 2026-03-10 to 2026-03-11')
    expect(message?.edits).toHaveLength(1)
  })

  it('that come again after days of rest are told again', async () => {
    await world.stage.minutes(2 * DAY)
    await unusual('ordering', 30)
    expect(told('#ordering')).toHaveLength(2)
  })

  it('of a tag that is no team’s are the environment’s owner’s', async () => {
    await unusual('somebody', 30)
    expect(told('#dev-environment')[0]?.text).toContain('somebody: $30.00 more')
  })
})
