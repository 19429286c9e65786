import type { CompiledCatalog } from '../compiled-catalog.ts'
import { rateOf } from '../ledger/rate.ts'
import { ALWAYS_ON } from '../schedule/written.ts'

/** Slack shows five buttons in a row. */
const MOST = 5

/**
 * Services of a team that have a schedule, the dearest first, with what a day of each costs in US
 * dollars at list price: at as many tasks as its scaling leaves at the least.
 */
export function couldSleep(
  { services }: Pick<CompiledCatalog, 'services'>,
  team: string,
): { name: string; usd: number }[] {
  return Object.entries(services)
    .flatMap(([name, { team: owner, schedule, task, leastTasks = 1 }]) => {
      if (owner !== team || schedule === ALWAYS_ON || task === undefined) return []
      const { hour = 0 } = rateOf(
        { of: 'tasks', ...task, arm: task.platform === 'arm64' },
        Math.max(1, leastTasks),
      )
      return hour > 0 ? [{ name, usd: hour * 24 }] : []
    })
    .toSorted((a, b) => b.usd - a.usd || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
}
