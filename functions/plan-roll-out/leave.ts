import { stateKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { readWaiting } from '../shared/roll-out/waiting.ts'
import { getItems } from '../shared/table/get.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'

const REASON = 'the service was deleted, opted out or was given away while this push waited'

/**
 * Ends the records of pushes that wait for a service which Caretaker does not look after any more:
 * nobody goes on with them. Only what Caretaker itself has written is changed.
 *
 * @param service `<cluster>/<service>`
 */
export async function leave(table: Table, service: string, now: Date): Promise<void> {
  const [item] = await getItems(table, [stateKey(service)])
  const waiting = item === undefined ? undefined : readItem('service', item).waiting
  if (waiting === undefined) return
  for (const { pk, sk } of await readWaiting(table, service, waiting)) {
    await updateItem(table, {
      key: { pk, sk },
      expression: 'SET verdict = :verdict, reason = :reason, endedAt = :now',
      condition: 'verdict = :waiting',
      values: {
        ':verdict': 'not-taken',
        ':reason': REASON,
        ':now': now.toISOString(),
        ':waiting': 'waiting',
      },
    })
  }
  await updateItem(table, {
    key: stateKey(service),
    expression: 'REMOVE waiting',
    condition: 'waiting = :waiting',
    values: { ':waiting': waiting },
  })
}
