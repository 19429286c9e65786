import { budgetOrder, ordersOf } from '../../domain/budgets/order.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import { budgetOrderKey } from '../../domain/table/keys.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Budget, Looking } from './looking.ts'

/** An order that is over is kept for a month, so that it can be asked why. */
const KEPT_SECONDS = 31 * 24 * 60 * 60

type Words = { from: Date; until: Date; why: string }

/** Lets these sleep from then on; the sleep machine carries it out, and reads all of it first. */
export async function orderSleep(
  { table }: Looking,
  team: string,
  of: readonly Pick<Seen, 'id' | 'service'>[],
  { from, until, why }: Words,
): Promise<void> {
  for (const seen of of) {
    const words = { from: from.toISOString(), until: until.toISOString(), why }
    const { id, ...order } = budgetOrder(seen, team, words)
    const expires = epochSeconds(until) + KEPT_SECONDS
    await putItem(table, { item: { ...budgetOrderKey(seen.id), ...order, expires } })
  }
}

/**
 * Ends what sleeps for a team's budget: by its schedule, and by what people have said since, it is
 * decided anew what runs.
 */
export async function endOrders(looking: Looking, { team }: Budget, why: string): Promise<void> {
  if (team === undefined) return
  const { table, now } = looking
  const orders = ordersOf((await looking.sleeping()).overrides, team, now)
  for (const { resource = '' } of orders) {
    await updateItem(table, {
      key: budgetOrderKey(resource),
      expression: 'SET ended = :ended',
      condition: 'attribute_exists(pk) AND attribute_not_exists(ended)',
      values: { ':ended': { at: instant(now), by: why } },
    })
  }
  if (orders.length > 0) await looking.moveSleepers(why)
}
