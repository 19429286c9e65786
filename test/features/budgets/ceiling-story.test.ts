import { beforeAll, describe, expect, it } from 'vitest'
import { CostExplorer } from '../../../local/aws/cost-explorer/cost-explorer.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { Acts } from '../../kits/acts.ts'
import { BudgetWorld } from '../../kits/budgets.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { GOOD } from '../../kits/roll-outs.ts'

const HOUR = 60
/** Four CPUs cost $3.24 from 10:40 on until the month is over, by office hours. */
const large = (team: string, more = '') =>
  `kind: worker\nteam: ${team}\nschedule: office-hours\ncpu: 4096\nmemory: 8192\nspot: false\n${more}`

const SERVICES = {
  'services/packer.yaml': large('ordering'),
  'services/sorter.yaml': large('ordering', 'importance: low\n'),
  'services/till.yaml': large('ordering', 'importance: high\n'),
  'services/shop.yaml': large('storefront', 'importance: low\n'),
}
const NAMES = ['packer', 'sorter', 'till', 'shop']

/** On the last Monday but one day of March the services run, and $295 of $250 are spent. */
async function overspent(ceiling: number, level: 'tell' | 'act' = 'act') {
  const world = await BudgetWorld.open(level, new Date('2026-03-30T09:00:00Z'), {
    services: SERVICES,
    of: (text) => text.replace('budget: 250', `budget: 250\n    ceiling: ${ceiling}`),
  })
  const costs = world.stage.simulation.aws.the(CostExplorer)
  costs.costs('ordering', { 'Amazon RDS': 1, 'AWS Fargate': 4 }, '2026-03-01')
  costs.costs('ordering', { 'Amazon RDS': 3.5, 'AWS Fargate': 4 }, '2026-03-22')
  for (const name of NAMES) world.stage.push(GOOD, name)
  await world.stage.minutes(15)
  for (const usd of [205, 260, 295]) await world.spend(usd, 'ordering')
  await world.look()
  return world
}

const awakeIn = async ({ stage }: BudgetWorld): Promise<string[]> => {
  const all = await Promise.all(NAMES.map((name) => stage.service(name)))
  return NAMES.filter((_, place) => (all[place]?.desired ?? 0) > 0)
}

const askedOfCosts = ({ stage }: BudgetWorld): number =>
  stage.simulation.aws.calls.filter(({ operation }) => operation === 'GetCostAndUsage').length

const ordersIn = ({ stage }: BudgetWorld) =>
  itemsOfKind(stage.simulation, 'override').filter(({ source }) => source === 'budget')

describe('a month that would end above the ceiling', () => {
  let world: BudgetWorld
  beforeAll(async () => {
    world = await overspent(306)
  })

  it('is told half an hour before the least important sleeps; nothing more by the same figure', async () => {
    const message = world.messages().at(-1)
    expect(message).toContain('At today’s rate the month ends at $310.')
    expect(message).toMatch(/At 30 Mar 12:1\d these sleep: sorter \$\d/)
    expect(message).toContain('A day costs more than a week before: Amazon RDS $3.50 (was $1.00).')
    expect(askedOfCosts(world)).toBe(1)
    expect(await awakeIn(world)).toEqual(NAMES)
    await world.stage.minutes(40)
    expect(await awakeIn(world)).toEqual(['packer', 'till', 'shop'])
    const told = world.messages().length
    await world.alert('Budget Name: dev-ordering')
    await world.look()
    await world.stage.minutes(60)
    expect(await awakeIn(world)).toEqual(['packer', 'till', 'shop'])
    expect(world.messages()).toHaveLength(told)
  })

  it('a new figure lets the next in importance sleep, although no alert comes; no other team’s', async () => {
    await world.stage.minutes(20 * HOUR)
    await world.spend(304, 'ordering')
    await world.stage.minutes(4.5 * HOUR)
    expect(world.messages().at(-1)).toMatch(/these sleep: packer \$\d/)
    await world.stage.minutes(40)
    expect(await awakeIn(world)).toEqual(['till', 'shop'])
    expect(ordersIn(world).map(({ team }) => team)).toEqual(['ordering', 'ordering'])
  })

  it('a person of the team wakes one of them, and is told what that costs', async () => {
    const acts = new Acts(world.stage)
    await acts.presses('bob', 'Keep packer awake', { message: 'these sleep: packer' })
    expect(acts.told('bob').at(-1)).toMatch(/Awake for it: packer, about \$0\.\d\d an hour/)
    expect(acts.told('bob').at(-1)).toContain('That goes before the budget of ordering')
    await world.stage.minutes(10)
    expect(await awakeIn(world)).toEqual(['packer', 'till', 'shop'])
  })

  it('a new month undoes it by the schedules: at night they sleep on, in the morning all run', async () => {
    await world.stage.minutes(12 * HOUR)
    expect(await awakeIn(world)).toEqual([])
    await world.stage.minutes(6 * HOUR)
    expect(await awakeIn(world)).toEqual(NAMES)
    expect(world.messages().filter((text) => text.includes('a new month'))).toHaveLength(4)
  })
})

describe('a ceiling that cannot be kept', () => {
  it('is asked about, and nothing more sleeps unasked; a raised budget ends what sleeps', async () => {
    const world = await overspent(306)
    world.stage.simulation.aws.guards.push(({ operation }) => {
      if (operation !== 'GetCostAndUsage') return
      throw new AwsError('DataUnavailableException', 'Cost Explorer has not been enabled')
    })
    await world.stage.minutes(40)
    expect(await awakeIn(world)).toEqual(['packer', 'till', 'shop'])
    for (const usd of [330, 331]) {
      await world.spend(usd, 'ordering')
      await world.look()
    }
    const asked = world.messages().filter((text) => text.includes('saves too little'))
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatch(/unasked: packer \$[\d.]+, till \$[\d.]+ until/)
    expect(await awakeIn(world)).toEqual(['packer', 'till', 'shop'])
    await world.raise('ordering', 400)
    expect(await awakeIn(world)).toEqual(NAMES)
    const ended = ordersIn(world).map((order) => order.ended)
    expect(ended).toEqual([{ at: expect.any(String), by: 'a raised budget' }])
  })
})
