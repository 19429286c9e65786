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
}

/** What the catalog gives a budget: `<environment>-…` and `<environment>-<team>-…`. */
export function budgetsOf({ budget, owner, teams, name }: Environment): CatalogBudget[] {
  const of = (base: string, limit: number | undefined, told: string): CatalogBudget[] => {
    if (limit === undefined) return []
    const mail = teams[told]?.owner
    return [{ name: `${base}-${whoIsTold(mail)}`, base, owner: told, mail, limit }]
  }
  return [
    ...of(name, budget, owner),
    ...Object.entries(teams).flatMap(([team, { budget: limit }]) =>
      of(`${name}-${team}`, limit, team).map((one) => ({ ...one, team })),
    ),
  ]
}

/**
 * AWS cannot change who is told of a budget: another owner is another budget, which must not have the
 * name of the first while both are there.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
 */
const whoIsTold = (mail = ''): string => createHash('sha256').update(mail).digest('hex').slice(0, 6)
