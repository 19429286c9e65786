import type { Logger } from '@aws-lambda-powertools/logger'
import type { Note } from '../../domain/table/common.ts'
import { localTime } from '../../domain/time.ts'
import { alarmStates } from '../shared/alarms/states.ts'
import type { Table } from '../shared/table/table.ts'

/**
 * Notes for the record of a roll-out that begins while alarms of its service are red: they say
 * nothing about the new image. What cannot be read keeps nothing from being rolled out.
 *
 * @param service `<cluster>/<service>`
 */
export async function redBefore(
  { table, log, timeZone }: { table: Table; log: Logger; timeZone: string },
  service: string,
  now: Date,
): Promise<Note[]> {
  const states = await alarmStates(table, (alarm, error) =>
    log.error('an alarm’s state cannot be read', { alarm, error }),
  )
  return states
    .filter((state) => state.service === service && state.status === 'red')
    .filter(({ held }) => held === undefined)
    .map(({ name, subject, since = '' }) => ({
      id: `red-before#${subject}`,
      at: now.toISOString(),
      text: `${name} is red since ${localTime(since, timeZone, now)}, before this deployment: it cannot judge it`,
      notifies: false,
    }))
}
