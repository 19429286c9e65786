import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { limitsFor } from '../../cli/deploy/limits.ts'
import { Budgets } from '../../local/aws/budgets/budgets.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { stacksOf } from '../../scripts/assembly.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Workplace } from '../kits/deployments.ts'

const ACCOUNT = '123456789012'
const ANN = { kind: 'person', name: 'ann' } as const

/** The repository's environment without services. */
const catalog = (more = '') =>
  catalogOf({
    'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8')}\n${more}`,
  })
const CATALOG = catalog()

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
      await call('UpdateBudget', {
        NewBudget: { BudgetName, BudgetLimit, TimeUnit: 'MONTHLY', BudgetType: 'COST' },
      })
    }
  }

  beforeAll(async () => {
    workplace = await Workplace.withCatalog(CATALOG)
  })

  it('is kept by a deployment of something else, which says so', async () => {
    expect(await limit()).toBe(250)
    await set(400)
    await workplace.deploy(catalog('parts: { bastion: false }\n'))
    expect(await limit()).toBe(400)
    expect(workplace.words.flat()).toContain('DevEnvironment:BudgetOfordering=400')
    expect(workplace.said.join('\n')).toMatch(
      /the budget dev-ordering-\w+ keeps \$400, which somebody has set in AWS/,
    )
  })

  it('is the catalog’s again in the next month, or once the catalog gives another number', async () => {
    const stacks = stacksOf(await templatesOf(CATALOG))
    const limits = async (day: string, before: number) => {
      const standing = new Map(
        stacks.map(({ name, template }) => {
          const { Parameters = {} } = template
          const BudgetOfordering = { Type: 'Number', Default: before }
          const was = { ...template, Parameters: { ...Parameters, BudgetOfordering } }
          return [name, { name, template: was, status: 'CREATE_COMPLETE' }]
        }),
      )
      const configuration = sdkConfiguration(workplace.simulation.aws, ANN)
      const all = await limitsFor(stacks, standing, {
        ...{ configuration, account: ACCOUNT, now: new Date(day), print: () => {} },
      })
      return all.find(({ parameter }) => parameter === 'BudgetOfordering')?.usd
    }
    expect(await limits('2026-03-31', 250)).toBe(400)
    expect(await limits('2026-04-01', 250)).toBe(250)
    expect(await limits('2026-03-31', 200)).toBe(250)
  })

  it('is lost where budgets may not be read, and that is said', async () => {
    const { aws } = workplace.simulation
    aws.guards.push(({ operation }) => {
      if (operation === 'DescribeBudgets') throw new AwsError('AccessDeniedException', 'no')
    })
    const stacks = stacksOf(await templatesOf(CATALOG))
    const said: string[] = []
    const configuration = sdkConfiguration(aws, ANN)
    const known = { configuration, account: ACCOUNT, now: new Date('2026-03-31') }
    const all = await limitsFor(stacks, new Map(), { ...known, print: (line) => said.push(line) })
    expect(all.map(({ usd, catalog }) => usd - catalog)).toEqual([0, 0, 0])
    expect(said.join()).toContain('Budgets cannot be read (budgets:ViewBudget)')
  })
})
