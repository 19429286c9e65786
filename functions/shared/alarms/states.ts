import type { AlarmState } from '../../../domain/table/alarm-record.ts'
import { ALARMS } from '../../../domain/table/keys.ts'
import { readItem, UnreadableItem } from '../../../domain/table/read.ts'
import { itemsBetween } from '../table/query.ts'
import type { Table } from '../table/table.ts'

export type StateOf = AlarmState & { subject: string }

/**
 * What is kept of every alarm that was red lately, by one query.
 *
 * @param failed told of each that cannot be read; it is left out.
 */
export async function alarmStates(
  table: Table,
  failed: (what: string, error: unknown) => void,
): Promise<StateOf[]> {
  const items = await itemsBetween(table, ALARMS, '!', '~')
  return items.flatMap((item) => {
    const subject = String(item.sk)
    try {
      return [{ ...readItem('alarm-state', item), subject }]
    } catch (error) {
      if (!(error instanceof UnreadableItem)) throw error
      failed(subject, error)
      return []
    }
  })
}
