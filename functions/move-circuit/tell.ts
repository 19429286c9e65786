import type { Note } from '../../domain/table/common.ts'
import { alarmStateKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { addNote } from '../shared/notes.ts'
import { getItems } from '../shared/table/get.ts'
import type { Table } from '../shared/table/table.ts'

/** Says what became of a circuit in the threads of the alarms that it is about. */
export async function tellAlarms(
  table: Table,
  alarms: readonly string[],
  note: Note,
): Promise<void> {
  const states = await getItems(table, alarms.map(alarmStateKey))
  for (const state of states) {
    const episode = state && readItem('alarm-state', state).episode
    if (episode === undefined) continue
    const [item] = await getItems(table, [episode])
    if (item !== undefined) await addNote(table, episode, readItem('alarm', item).notes, note)
  }
}
