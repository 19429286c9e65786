import { NOTES, type Note } from '../../domain/table/common.ts'
import type { Key } from '../../domain/table/keys.ts'
import { cut, REASON_CHARACTERS } from '../../domain/text.ts'
import type { Table } from './table/table.ts'
import { updateItem } from './table/update.ts'

/**
 * Adds a note to a record, once: the notifier says it in the thread of the record's message.
 *
 * @param has the notes that the record was read with: one of the same id is not added again, and
 *   when somebody has added another since, nothing is written.
 * @returns whether it was added.
 */
export async function addNote(
  table: Table,
  key: Key,
  has: readonly Note[] | undefined,
  note: Note,
): Promise<boolean> {
  const before = has ?? []
  if (before.some(({ id }) => id === note.id)) return false
  const notes = [...before, { ...note, text: cut(note.text, REASON_CHARACTERS) }].slice(-NOTES)
  return updateItem(table, {
    key,
    expression: 'SET notes = :notes',
    condition:
      before.length === 0
        ? 'attribute_exists(pk) AND attribute_not_exists(notes)'
        : 'notes = :before',
    values: { ':notes': notes, ...(before.length > 0 && { ':before': before }) },
  })
}
