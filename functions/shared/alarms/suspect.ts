import { candidatesIn, type Suspect, suspected, suspectIn } from '../../../domain/alarms/suspect.ts'
import { ROLL_OUT, servicePartition } from '../../../domain/table/keys.ts'
import { readItem, UnreadableItem } from '../../../domain/table/read.ts'
import { readTried } from '../roll-out/stored.ts'
import { newestItems } from '../table/query.ts'
import type { Table } from '../table/table.ts'
import type { Noticed } from './noticed.ts'

/** Records of roll-outs that are looked at: a month of several a day. */
const LOOKED_AT = 100

/** The deployment of the service that may have made the alarm red, and what ran well before it. */
export async function readSuspect(
  table: Table,
  service: string,
  { change, detail }: Noticed,
  now: Date,
): Promise<Suspect | undefined> {
  const items = await newestItems(table, servicePartition(service), ROLL_OUT, LOOKED_AT)
  const records = items.flatMap((item) => {
    try {
      return [readItem('roll-out', item)]
    } catch (error) {
      if (error instanceof UnreadableItem) return []
      throw error
    }
  })
  const since = detail.breachingSince ?? change.at
  const period = detail.breachingSince === undefined ? 0 : (detail.metric?.period ?? 0)
  const found = suspectIn(records, { since, period, red: change.at }, now)
  if (found === undefined) return undefined
  const digests = candidatesIn(found, records)
  const tried = await readTried(
    table,
    digests.map((digest) => ({ service, digest })),
  )
  const undone = digests.filter((_, place) =>
    ['rolled-back', 'recalled'].includes(tried[place]?.verdict ?? ''),
  )
  return suspected(found, records, new Set(undone))
}
