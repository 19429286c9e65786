import { createHash } from 'node:crypto'
import type { Environment } from './schema.ts'

/** A budget of the catalog's: of a team, or (without one) of the whole environment. */
export type CatalogBudget = {
  /** As AWS calls it: `dev-ordering-1a2b3c`. */
  name: string
  /** The name without who is told. */
  base: string
  team?: string
  /** The team that is told. */
  owner: string
  /** Its mail, which arrives when Slack does not. */
  mail: string | undefined
  /** US dollars a month. */
  limit: number
  /** US dollars a month that may be spent before something sleeps. */
  ceiling: number
}

/** So much of a budget may be spent before something sleeps, where the catalog says nothing. */
const USUAL_CEILING = 1.2

/** What the catalog gives a budget: `<environment>-…` and `<environment>-<team>-…`. */
export function budgetsOf(environment: Environment): CatalogBudget[] {
  const { owner, teams, name } = environment
  const of = (base: string, { budget: limit, ceiling }: Amounts, told: string): CatalogBudget[] => {
    if (limit === undefined) return []
    const mail = teams[told]?.owner
    const most = ceiling ?? limit * USUAL_CEILING
    return [{ name: `${base}-${whoIsTold(mail)}`, base, owner: told, mail, limit, ceiling: most }]
  }
  return [
    ...of(name, { budget: environment.budget }, owner),
    ...Object.entries(teams).flatMap(([team, amounts]) =>
      of(`${name}-${team}`, amounts, team).map((one) => ({ ...one, team })),
    ),
  ]
}

type Amounts = { budget?: number | undefined; ceiling?: number | undefined }

/**
 * AWS cannot change who is told of a budget: another owner is another budget, which must not have the
 * name of the first while both are there.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
 */
const whoIsTold = (mail = ''): string => createHash('sha256').update(mail).digest('hex').slice(0, 6)
