import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import type { BudgetRecord } from '../../../domain/table/budget-record.ts'
import type { BudgetState } from '../../../domain/table/budget-state.ts'
import { budgetKey, budgetStateKey } from '../../../domain/table/keys.ts'
import { CostExplorer } from '../../../local/aws/cost-explorer/cost-explorer.ts'
import { BudgetWorld } from '../../kits/budgets.ts'
import { itemsOfKind } from '../../kits/items.ts'

const UNTIL = '2026-04-01T00:00:00.000Z'
const AT = '2026-03-10T08:00:00Z'

/** What a version of the catalog has left by which budgets might act: one is over, and holds. */
async function leave(world: BudgetWorld, name: string) {
  const state: BudgetState = {
    ...{ version: 2, revision: 1, name, month: '2026-03', limit: 250, spent: 260 },
    ...{ changedAt: AT, figures: [], rung: 'over', saidUnknown: false },
  }
  const record: BudgetRecord = {
    ...budgetKey(name, '2026-03#over#250'),
    ...{ version: 2, kind: 'budget', verdict: 'over', subject: 'ordering', owner: 'ordering' },
    ...{ at: AT, reason: '', execution: '' },
    detail: {
      ...{ month: '2026-03', limit: 250, catalogLimit: 250, spent: 260, changedAt: AT },
      ...{ frozenUntil: UNTIL, couldSleep: [], shared: [], choices: [], grown: [] },
    },
  }
  for (const item of [{ ...budgetStateKey(name), ...state }, record]) {
    const Item = marshall(item)
    await world.stage.call('dynamodb', 'PutItem', { TableName: 'dev-caretaker', Item })
  }
  await world.stage.minutes(1)
}

const open = (level: 'off' | 'tell') =>
  BudgetWorld.open(level, new Date('2026-03-10T09:00:00Z'), {
    of: (text) => text.replace('budget: 600', 'budget: 600\nanomalies: { monitor: owner }'),
  })

const statesIn = ({ stage }: BudgetWorld) => itemsOfKind(stage.simulation, 'budget-state')

describe('a catalog by which nobody looks at budgets any more', () => {
  let world: BudgetWorld
  beforeAll(async () => {
    world = await open('off')
    await leave(world, 'dev-ordering-1a2b3c')
  })

  it('ends what was told and held, once, and says so', async () => {
    expect(world.messages().at(-1)).toContain('over its budget')
    await world.look()
    expect(world.messages().at(-1)).toContain('nobody looks at this budget any more')
    expect(world.messages().at(-1)).toContain('What the budget held is not held any more')
    expect(statesIn(world)).toMatchObject([{ rung: 'none', again: 1 }])
    const [after] = itemsOfKind(world.stage.simulation, 'budget')
    await world.look()
    expect(itemsOfKind(world.stage.simulation, 'budget')).toEqual([after])
    expect(statesIn(world)).toMatchObject([{ again: 1 }])
  })

  it('tells nobody of unusual costs', async () => {
    const unusual = { team: 'ordering', service: 'Amazon RDS', usd: 99, expected: 1 }
    world.stage.simulation.aws.the(CostExplorer).detect(unusual)
    await world.stage.minutes(2)
    expect(itemsOfKind(world.stage.simulation, 'anomaly')).toEqual([])
  })
})

describe('a catalog by which budgets only tell since then', () => {
  let world: BudgetWorld
  let name = ''
  beforeAll(async () => {
    world = await open('tell')
    name = world.budgets.namesFor('ordering')[0] ?? ''
    await world.spend(260, 'ordering')
    await world.look()
  })

  it('holds nothing, and the message says so; a budget that it has not any more is over', async () => {
    await leave(world, name)
    await leave(world, 'dev-gone-1a2b3c')
    expect(world.messages().at(-2)).toContain('are held until')
    await world.look()
    expect(world.messages().at(-2)).toContain('Nothing is held')
    expect(world.messages().at(-1)).toContain('nobody looks at this budget any more')
    expect(
      statesIn(world)
        .map(({ rung }) => rung)
        .toSorted(),
    ).toEqual(['none', 'none', 'none', 'over'])
  })

  it('tells anew of what begins again under the same limit', async () => {
    await world.raise('ordering', 400)
    const before = world.messages().length
    await world.raise('ordering', 250)
    await world.spend(262, 'ordering')
    await world.look()
    expect(world.messages().slice(before)).toEqual([
      expect.stringContaining('$260.00 of $250.00 are spent'),
      expect.stringContaining('over its budget: $262.00 of $250.00'),
    ])
  })
})
