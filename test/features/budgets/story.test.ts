import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import { budgetOrder } from '../../../domain/budgets/order.ts'
import { budgetOrderKey, environmentKey } from '../../../domain/table/keys.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { Acts } from '../../kits/acts.ts'
import { BudgetWorld } from '../../kits/budgets.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { GOOD } from '../../kits/roll-outs.ts'

const HOUR = 60
const LATE_MARCH = new Date('2026-03-31T09:00:00Z')

describe('a budget that is spent', () => {
  let world: BudgetWorld
  let first = ''
  beforeAll(async () => {
    world = await BudgetWorld.open('act', LATE_MARCH)
    first = world.stage.push(GOOD, 'mailer')
    await world.stage.minutes(15)
  })

  it('is told at 80 %, once, with what could sleep; however often the alert comes', async () => {
    await world.spend(205, 'ordering')
    const [message] = world.messages()
    expect(message).toContain('$205.00 of $250.00 are spent this month, 82 %')
    expect(message).toMatch(/What a day of each costs: mailer \$\d/)
    expect(message).toContain('There is no forecast: AWS gives none')
    await world.alert('Budget Name: dev-ordering')
    await world.alert('this is no alert')
    expect(world.messages()).toHaveLength(1)
    for (const name of world.budgets.namesFor('ordering')) {
      world.budgets.spend(name, { usd: 206, forecast: 240 })
    }
    await world.look()
    expect(world.messages()).toHaveLength(1)
    expect(world.messages()[0]).toContain('$206.00 of $250.00')
    expect(world.messages()[0]).toContain('AWS expects $240.00 by the end of the month')
  })

  it('changes nothing while the budgets cannot be read', async () => {
    const { aws } = world.stage.simulation
    const before = world.state
    const { operations } = world.budgets
    const { DescribeBudgets } = operations
    operations.DescribeBudgets = () => ({ Budgets: [] })
    await world.look()
    expect(world.state).toEqual(before)
    if (DescribeBudgets !== undefined) operations.DescribeBudgets = DescribeBudgets
    expect(aws.calls.at(-1)?.outcome).toBe('ok')
    let failing = true
    aws.guards.push(({ operation }) => {
      if (!failing || operation !== 'DescribeBudgets') return
      throw new AwsError('InternalErrorException', 'An error on the server occurred')
    })
    await world.spend(500, 'ordering')
    expect(world.state).toEqual(before)
    failing = false
    for (const name of world.budgets.namesFor('ordering')) world.budgets.spend(name, { usd: 206 })
  })

  it('holds the roll-outs of its team when all of it is spent, and of no other', async () => {
    await world.spend(260, 'ordering')
    expect(world.messages().at(-1)).toContain('over its budget: $260.00 of $250.00')
    expect(world.messages().at(-1)).toContain('Roll-outs of ordering are held until')
    const frozen = itemsOfKind(world.stage.simulation, 'environment')[0]?.budgetFrozen
    expect(Object.keys(frozen as object)).toEqual(['ordering'])
    world.stage.push(GOOD, 'mailer')
    await world.stage.minutes(10)
    expect(world.stage.verdicts('mailer').at(-1)).toBe('frozen')
    expect((await world.stage.service('mailer')).running?.digest).toBe(first)
  })

  it('says which hold stands, and what ends it: another one’s end leaves it; a fix passes', async () => {
    const acts = new Acts(world.stage)
    const nothing = await acts.types('bob', 'thaw team ordering')
    expect(nothing).toContain('Nothing was done: team ordering itself is not frozen. It is held')
    expect(nothing).toContain('the budget of ordering froze roll-outs until')
    expect(nothing).toContain('ends with the month, or as soon as the budget is raised')
    await acts.types('bob', 'freeze team ordering until 23:00 demo')
    const thawed = await acts.types('bob', 'thaw team ordering')
    expect(thawed).toContain('Done: team ordering is not frozen any more')
    expect(thawed).toContain('It is held all the same: the budget of ordering')
    expect(await acts.types('bob', 'deploy mailer main')).toContain('It ends with the month')
    const fix = await acts.types('bob', 'deploy mailer main --despite-freeze it crashes')
    expect(fix).toContain('Started: mailer rolls out')
  })

  it('is undone when the budget is raised: the newest push is rolled out', async () => {
    const last = world.stage.push(GOOD, 'mailer')
    await world.stage.minutes(10)
    await world.raise('ordering', 400)
    expect(itemsOfKind(world.stage.simulation, 'environment')[0]?.budgetFrozen).toEqual({})
    expect(world.messages().join('\n')).toContain('the budget was raised')
    expect(world.messages().join('\n')).toContain(
      'the catalog says $250.00 a month, AWS says $400.00',
    )
    await world.stage.minutes(20)
    expect((await world.stage.service('mailer')).running?.digest).toBe(last)
  })

  it('a new month undoes it; figures of the old one that come late do nothing', async () => {
    await world.spend(390, 'ordering')
    await world.spend(410, 'ordering')
    expect(world.state).toMatchObject({ rung: 'over' })
    await world.stage.minutes(15 * HOUR)
    expect(world.state).toMatchObject({ rung: 'none', month: '2026-04', lastMonth: 410 })
    const told = world.messages().length
    await world.spend(415, 'ordering')
    expect(world.state).toMatchObject({ rung: 'none' })
    expect(world.messages()).toHaveLength(told)
    expect(itemsOfKind(world.stage.simulation, 'environment')[0]?.budgetFrozen).toEqual({})
  })
})

describe('a budget that may only tell', () => {
  it('holds nobody, and says so; a press puts to sleep; the environment’s concerns no team', async () => {
    const world = await BudgetWorld.open('tell', new Date('2026-03-10T09:00:00Z'))
    const put = (item: object) =>
      world.stage.call('dynamodb', 'PutItem', {
        TableName: 'dev-caretaker',
        Item: marshall(item),
      })
    await world.spend(205, 'ordering')
    const acts = new Acts(world.stage)
    await acts.presses('bob', 'Sleep mailer · about $0.07 a day', { message: '$205.00' })
    expect(acts.told('bob').at(-1)).toContain('Done: mailer sleeps until')
    await world.spend(700)
    await world.spend(260, 'ordering')
    await world.spend(701)
    await world.look()
    expect(world.messages().at(-1)).toContain('Nothing is held')
    expect(world.messages('#dev-environment').at(-1)).toMatch(
      /dev is over its budget.*What all share costs a day whatever sleeps: [^.]*NAT gateway \$1\.\d\d/,
    )
    expect(itemsOfKind(world.stage.simulation, 'environment')).toEqual([])
    // As a version of the catalog has left them by which budgets might act.
    const until = '2026-04-01T00:00:00.000Z'
    await put({ ...environmentKey, version: 2, budgetFrozen: { ordering: { until, by: 'b' } } })
    const seen = { id: 'service/dev-backend/mailer', service: 'mailer' }
    const order = budgetOrder(seen, 'ordering', { from: '2026-03-10T09:00:00Z', until, why: '' })
    await put({ ...budgetOrderKey(seen.id), ...order })
    await world.look()
    expect(itemsOfKind(world.stage.simulation, 'environment')[0]?.budgetFrozen).toEqual({})
    const [ended] = itemsOfKind(world.stage.simulation, 'override').filter((one) => one.ended)
    expect(ended).toMatchObject({ source: 'budget', ended: { by: 'the catalog' } })
  })
})
