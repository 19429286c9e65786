import { BudgetWorld, budgetCatalog } from '../kits/budgets.ts'
import { GOOD } from '../kits/roll-outs.ts'
import { recorded, type Story } from './story.ts'

const worker = (team: string, more = '') =>
  `kind: worker\nteam: ${team}\ncpu: 4096\nmemory: 8192\nspot: false\nsleepsForBudget: true\n${more}`

/** On the last evening of a month a team is over its ceiling; then the month ends. */
const spentByTheEnd: Story = async (open) => {
  const catalog = budgetCatalog('act', {
    services: {
      'services/mailer.yaml': worker('ordering'),
      'services/shop.yaml': worker('storefront', 'importance: low\n'),
    },
    of: (text) => text.replace('budget: 250', 'budget: 250\n    ceiling: 296'),
  })
  const { stage, recording } = await recorded(() => open(catalog, new Date('2026-03-31T20:00:00Z')))
  const world = new BudgetWorld(stage)
  for (const name of ['mailer', 'shop']) stage.push(GOOD, name)
  await stage.minutes(12)
  for (const usd of [260, 270, 295]) {
    await world.spend(usd, 'ordering')
    await world.look()
  }
  await stage.minutes(3.5 * 60)
  await world.spend(297, 'ordering')
  await world.look()
  return { trace: recording.trace({ settled: true }) }
}

export const BUDGETS = { spentByTheEnd } as const satisfies Record<string, Story>
