import { ROLL_OUT, servicePartition } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import type { RollOutRecord } from '../../../domain/table/record.ts'
import { instant } from '../../../domain/time.ts'
import { itemsBetween } from '../table/query.ts'
import type { Table } from '../table/table.ts'

/** EventBridge tries for a day at most: a push that began to wait first may be dated this much later. */
const LATE_MILLISECONDS = 24 * 60 * 60 * 1000

/**
 * Records of pushes to a service that wait for a roll-out to end, oldest first.
 *
 * @param since when the first of them was pushed, as the service's state has it.
 */
export async function readWaiting(
  table: Table,
  service: string,
  since: string | boolean,
): Promise<RollOutRecord[]> {
  const from =
    typeof since === 'string' ? instant(new Date(Date.parse(since) - LATE_MILLISECONDS)) : ''
  const items = await itemsBetween(
    table,
    servicePartition(service),
    `${ROLL_OUT}${from}`,
    `${ROLL_OUT}~`,
  )
  return items
    .filter(({ verdict }) => verdict === 'waiting')
    .map((item) => readItem('roll-out', item))
}
