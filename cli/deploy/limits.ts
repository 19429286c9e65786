import { type Budget, BudgetsClient, paginateDescribeBudgets } from '@aws-sdk/client-budgets'
import { figureOf, monthOf } from '../../domain/budgets/figure.ts'
import type { Stack, Template } from '../../scripts/assembly.ts'
import type { Configuration } from './account.ts'
import type { Standing } from './standing.ts'

/** What a deployment makes of a budget's limit: US dollars a month. */
export type Limit = {
  stack: string
  parameter: string
  budget: string
  usd: number
  catalog: number
}

const BUDGET = 'AWS::Budgets::Budget'
type Declared = { name: string; amount: unknown }

/**
 * The limits of these stacks' budgets. One that somebody has set in AWS this month is kept until the
 * month is over, or the catalog gives another number: then the catalog's is set again.
 */
export async function limitsFor(
  stacks: readonly Stack[],
  standing: ReadonlyMap<string, Standing>,
  at: { configuration: Configuration; account: string; now: Date; print(line: string): void },
): Promise<Limit[]> {
  const changed = stacks.filter(({ template }) => budgetsIn(template).length > 0)
  if (changed.length === 0) return []
  const found = await described(at)
  return changed.flatMap(({ name: stack, template }) =>
    budgetsIn(template).flatMap(({ name: budget, amount }) => {
      const parameter = (amount as { Ref?: string }).Ref
      const catalog = limitIn(template, amount)
      if (parameter === undefined || catalog === undefined) return []
      const before = catalogBefore(standing.get(stack)?.template, budget)
      const usd = keptOf(found.get(budget), { catalog, before, now: at.now })
      return [{ stack, parameter, budget, usd, catalog }]
    }),
  )
}

/** For the person who is asked. */
export const limitLine = ({ budget, usd, catalog }: Limit): string | undefined =>
  usd === catalog
    ? undefined
    : `  the budget ${budget} keeps $${usd}, which somebody has set in AWS; from the next month on the catalog’s $${catalog} counts`

const budgetsIn = ({ Resources }: Template): Declared[] =>
  Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    if (Type !== BUDGET) return []
    const { BudgetName = '', BudgetLimit } = Properties.Budget as {
      BudgetName?: string
      BudgetLimit?: { Amount: unknown }
    }
    return [{ name: BudgetName, amount: BudgetLimit?.Amount }]
  })

/** A number, or the default of the parameter that it is. */
function limitIn({ Parameters = {} }: Template, amount: unknown): number | undefined {
  const { Ref = '' } = (typeof amount === 'object' && amount !== null ? amount : {}) as {
    Ref?: string
  }
  const value = Number(Parameters[Ref]?.Default ?? amount)
  return Number.isFinite(value) ? value : undefined
}

function catalogBefore(template: Template | undefined, budget: string): number | undefined {
  if (template === undefined) return undefined
  const one = budgetsIn(template).find(({ name }) => name === budget)
  return one && limitIn(template, one.amount)
}

/** AWS says when a budget was edited last: in another month, its limit was that one's. */
function keptOf(
  found: Budget | undefined,
  { catalog, before, now }: { catalog: number; before: number | undefined; now: Date },
): number {
  const limit = found && figureOf(found)?.limit
  const edited = found?.LastUpdatedTime
  if (limit === undefined || edited === undefined || before !== catalog) return catalog
  return monthOf(edited) === monthOf(now) ? limit : catalog
}

/** Whoever may not read budgets is told that limits set by hand are lost. */
async function described({
  configuration,
  account: AccountId,
  print,
}: {
  configuration: Configuration
  account: string
  print(line: string): void
}): Promise<Map<string, Budget>> {
  // Budgets are of the account: they have one endpoint.
  // https://docs.aws.amazon.com/general/latest/gr/billing.html
  const client = new BudgetsClient({ ...configuration, region: 'us-east-1' })
  const found = new Map<string, Budget>()
  try {
    for await (const { Budgets = [] } of paginateDescribeBudgets({ client }, { AccountId })) {
      for (const one of Budgets) found.set(one.BudgetName ?? '', one)
    }
  } catch (error) {
    if (!(error instanceof Error) || !/^AccessDenied/.test(error.name)) throw error
    print(
      'Budgets cannot be read (budgets:ViewBudget): limits that somebody has set in AWS become the catalog’s.',
    )
  }
  return found
}
