import type { Told } from '../../domain/acts/offers.ts'
import { heldKey, heldPartition, type Key } from '../../domain/table/keys.ts'
import type { HeldMessage } from '../../domain/table/message.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { deleteItem } from '../shared/table/delete.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import { type Context, keyOf } from './context.ts'
import { channelsOf } from './message-of-record.ts'

/** What waits longer is not told any more; it stands in the table, and `why` says it. */
const KEPT_DAYS = 3

/** Notes that a record waits: for Slack, or for the end of the quiet hours of its channel. */
export async function hold(
  context: Context,
  record: Told,
  because: HeldMessage['because'],
): Promise<void> {
  const [channel] = channelsOf(context, record)
  const { now } = context
  const held: HeldMessage = {
    version: VERSION,
    record: keyOf(record),
    because,
    since: now.toISOString(),
    expires: epochSeconds(now) + KEPT_DAYS * 24 * 60 * 60,
  }
  await putItem(context.table, { item: { ...heldKey(channel, record), ...held } })
}

/** Whether a record does not wait yet. */
export async function isNew(context: Context, record: Told): Promise<boolean> {
  const [channel] = channelsOf(context, record)
  const [item] = await getItems(context.table, [heldKey(channel, record)])
  return item === undefined
}

/** Every record that waits for a channel. */
export async function heldFor(
  { table, now }: Context,
  channel: string,
  because: HeldMessage['because'],
): Promise<Key[]> {
  const items = await itemsBetween(table, heldPartition(channel), 'held#', 'held#\uffff')
  return items
    .map((item) => readItem('held', item))
    .filter((held) => held.because === because && (held.expires ?? 0) > epochSeconds(now))
    .map(({ record }) => record)
}

/** It waits no more. */
export async function unhold({ table }: Context, channel: string, record: Key): Promise<void> {
  await deleteItem(table, heldKey(channel, record))
}
