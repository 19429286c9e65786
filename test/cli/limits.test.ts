import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { limitsFor } from '../../cli/deploy/limits.ts'
import { Budgets } from '../../local/aws/budgets/budgets.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { stacksOf } from '../../scripts/assembly.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Workplace } from '../kits/deployments.ts'

const ACCOUNT = '123456789012'
const ANN = { kind: 'person', name: 'ann' } as const

/** The repository's environment without services; `ordering` may spend so much. */
const catalog = (ordering: number, more = '') =>
  catalogOf({
    'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8').replace('budget: 250', `budget: ${ordering}`)}\n${more}`,
  })

describe('a limit that somebody has set in AWS', () => {
  let workplace: Workplace
  const budgets = () => workplace.simulation.aws.the(Budgets)
  const limit = async () => {
    const [name] = budgets().namesFor('ordering')
    const { Budgets: all } = (await call('DescribeBudgets', {})) as {
      Budgets: { BudgetName: string; BudgetLimit: { Amount: string } }[]
    }
    return Number(all.find(({ BudgetName }) => BudgetName === name)?.BudgetLimit.Amount)
  }
  const call = (operation: string, input: object) =>
    workplace.simulation.aws.call('budgets', operation, { AccountId: ACCOUNT, ...input }, ANN)
  const set = async (usd: number) => {
    for (const BudgetName of budgets().namesFor('ordering')) {
      const BudgetLimit = { Amount: String(usd), Unit: 'USD' }
      await call('UpdateBudget', { NewBudget: { BudgetName, BudgetLimit } })
    }
  }

  beforeAll(async () => {
    workplace = await Workplace.withCatalog(catalog(250))
  })

  it('is kept by a deployment of something else, which says so', async () => {
    expect(await limit()).toBe(250)
    await set(400)
    await workplace.deploy(catalog(250, 'parts: { bastion: false }\n'))
    expect(await limit()).toBe(400)
    expect(workplace.words.flat()).toContain('DevEnvironment:BudgetOfordering=400')
    expect(workplace.said.join('\n')).toMatch(
      /the budget dev-ordering-\w+ keeps \$400, which somebody has set in AWS/,
    )
  })

  it('is the catalog’s again once the catalog gives another number', async () => {
    await workplace.deploy(catalog(300, 'parts: { bastion: false }\n'))
    expect(await limit()).toBe(300)
  })

  it('is the catalog’s again in the next month', async () => {
    await set(500)
    const stacks = stacksOf(await templatesOf(catalog(300)))
    const standing = new Map(
      stacks.map(({ name, template }) => [name, { name, template, status: 'CREATE_COMPLETE' }]),
    )
    const configuration = sdkConfiguration(workplace.simulation.aws, ANN)
    const limits = (day: string) =>
      limitsFor(stacks, standing, {
        ...{ configuration, account: ACCOUNT, now: new Date(day), print: () => {} },
      })
    const ofOrdering = { parameter: 'BudgetOfordering', catalog: 300 }
    expect(await limits('2026-03-31')).toContainEqual(
      expect.objectContaining({ ...ofOrdering, usd: 500 }),
    )
    expect(await limits('2026-04-01')).toContainEqual(
      expect.objectContaining({ ...ofOrdering, usd: 300 }),
    )
  })
})
