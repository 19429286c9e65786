import { Budgets } from '../aws/budgets/budgets.ts'
import { CostExplorer } from '../aws/cost-explorer/cost-explorer.ts'
import type { Simulation } from '../simulation/simulation.ts'
import type { Step } from './schema.ts'

/**
 * What has been spent this month, by a team or in the whole environment: billing shows it later.
 * While it does not know the tags, it shows zero.
 *
 * @returns why nothing was spent.
 */
export function spend(step: NonNullable<Step['spend']>, { aws, world }: Simulation): string[] {
  const { team, usd, seenAfter, forecast, known } = step
  const budgets = aws.the(Budgets)
  const names = budgets.namesFor(team)
  if (names.length === 0) return [`spend: there is no budget of ${team ?? 'the environment'}`]
  if (step.perDay !== undefined) aws.the(CostExplorer).costs(team, step.perDay)
  const seen = known ? { usd, ...(typeof forecast === 'number' && { forecast }) } : { usd: 0 }
  for (const name of names) {
    world.after(seenAfter, `billing shows what counts for ${name}`, () => budgets.spend(name, seen))
  }
  return []
}

/**
 * Costs are unusual: AWS finds it later. What is said again on the next day goes on.
 *
 * @returns why nobody would see it.
 */
export function anomaly(step: NonNullable<Step['anomaly']>, { aws, world }: Simulation): string[] {
  const { seenAfter, ...unusual } = step
  const costs = aws.the(CostExplorer)
  if (!costs.sees(unusual)) {
    return [
      'anomaly: no monitor sees it: the catalog has no anomalies, or they watch something else',
    ]
  }
  world.after(seenAfter, 'Cost Anomaly Detection looks at costs', () => costs.detect(unusual))
  return []
}
