import type { CompiledCatalog } from '../compiled-catalog.ts'
import { rateOf } from '../ledger/rate.ts'
import { BUTTONS_IN_A_ROW } from '../slack/limits.ts'
import { IMPORTANCE } from './importance.ts'

/**
 * Services of a team that may sleep for its budget, the least important first and of these the
 * dearest, with what a day of each costs in US dollars at list price: at as many tasks as its
 * scaling leaves at the least.
 */
export function couldSleep(
  { services }: Pick<CompiledCatalog, 'services'>,
  team: string,
): { name: string; usd: number }[] {
  return Object.entries(services)
    .flatMap(([name, { team: owner, sleepsForBudget, importance, task, leastTasks = 1 }]) => {
      if (owner !== team || !sleepsForBudget || task === undefined) return []
      const { hour = 0 } = rateOf(
        { of: 'tasks', ...task, arm: task.platform === 'arm64' },
        Math.max(1, leastTasks),
      )
      return hour > 0 ? [{ name, usd: hour * 24, rank: IMPORTANCE.indexOf(importance) }] : []
    })
    .toSorted((a, b) => a.rank - b.rank || b.usd - a.usd || (a.name < b.name ? -1 : 1))
    .slice(0, BUTTONS_IN_A_ROW)
    .map(({ name, usd }) => ({ name, usd }))
}
