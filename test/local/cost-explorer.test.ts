import { expect, it } from 'vitest'
import { CostExplorer } from '../../local/aws/cost-explorer/cost-explorer.ts'
import { Account } from '../kits/account.ts'

const ASKED = {
  Granularity: 'DAILY',
  Metrics: ['UnblendedCost'],
  GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }],
}
type Answer = {
  ResultsByTime: {
    TimePeriod: { Start: string }
    Groups: { Keys: string[]; Metrics: { UnblendedCost: { Amount: string } } }[]
  }[]
}

it('says what each day has cost by AWS service, a day late, and nothing of other teams', async () => {
  const account = new Account([])
  const costs = new CostExplorer(account.aws)
  account.aws.register(costs)
  const day = (days: number) =>
    new Date(account.world.now + days * 24 * 60 * 60_000).toISOString().slice(0, 10)
  costs.costs('ordering', { 'Amazon RDS': 1 }, day(-3))
  costs.costs('ordering', { 'Amazon RDS': 3.5 }, day(-1))
  const asked = async (team: string, more = {}) => {
    const Filter = { And: [{ Tags: { Key: 'caretaker:owner', Values: [team] } }] }
    const TimePeriod = { Start: day(-4), End: day(1) }
    const input = { ...ASKED, TimePeriod, Filter, ...more }
    const answer = await account.call<Answer>('cost-explorer', 'GetCostAndUsage', input)
    return answer.ResultsByTime.map(({ Groups }) => Groups[0]?.Metrics.UnblendedCost.Amount)
  }
  expect(await asked('ordering')).toEqual([undefined, '1', '1', '3.5', undefined])
  expect(await asked('storefront')).toEqual(Array.from({ length: 5 }, () => undefined))
  const backwards = { TimePeriod: { Start: day(0), End: day(0) } }
  await expect(asked('ordering', backwards)).rejects.toThrow('Start date')
  await expect(asked('ordering', { Granularity: 'MONTHLY' })).rejects.toThrow('by the day')
})
