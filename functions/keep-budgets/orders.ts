import { budgetOrder, stands } from '../../domain/budgets/order.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import { budgetOrderKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Looking } from './looking.ts'

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
 * Ends what sleeps for budgets of some teams: by its schedule, and by what people have said since, it
 * is decided anew what runs.
 *
 * @param by who or what has ended it.
 */
export async function endOrders(
  { table, now, moveSleepers }: Looking,
  isOver: (team: string) => boolean,
  by: string,
): Promise<void> {
  const { pk, sk } = budgetOrderKey('')
  const items = await itemsBetween(table, pk, sk, `${sk}~`)
  const standing = items.filter((item) => {
    const order = readItem('override', item)
    return stands(order, now) && isOver(order.team ?? '')
  })
  for (const item of standing) {
    await updateItem(table, {
      key: { pk, sk: String(item.sk) },
      expression: 'SET ended = :ended',
      condition: 'attribute_exists(pk) AND attribute_not_exists(ended)',
      values: { ':ended': { at: instant(now), by } },
    })
  }
  if (standing.length > 0) await moveSleepers(by)
}
