import { type BudgetsClient, DescribeBudgetsCommand } from '@aws-sdk/client-budgets'
import { type Figure, figureOf } from '../../domain/budgets/figure.ts'

/** The figures of these budgets by their names; those that are not there, or say nothing, are absent. */
export async function readFigures(
  client: BudgetsClient,
  AccountId: string,
  budgets: readonly { name: string }[],
): Promise<Map<string, Figure>> {
  const names = new Set(budgets.map(({ name }) => name))
  const figures = new Map<string, Figure>()
  let NextToken: string | undefined
  do {
    const page = await client.send(
      new DescribeBudgetsCommand({ AccountId, MaxResults: 100, NextToken }),
    )
    for (const one of page.Budgets ?? []) {
      const figure = figureOf(one)
      if (figure !== undefined && names.has(one.BudgetName ?? '')) {
        figures.set(one.BudgetName ?? '', figure)
      }
    }
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return figures
}
