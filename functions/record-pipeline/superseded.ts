import { PIPELINE } from '../../domain/table/keys.ts'
import { itemsBetween } from '../shared/table/query.ts'
import type { Table } from '../shared/table/table.ts'

/**
 * The execution that took another's place: of those that began after it, the first.
 *
 * @param since when the other began: ISO 8601.
 * @returns its id; undefined when its own event has not come yet.
 */
export async function supersederOf(
  table: Table,
  pipeline: string,
  since: string,
): Promise<string | undefined> {
  const pk = `${PIPELINE}${pipeline}`
  const items = await itemsBetween(table, pk, PIPELINE, `${PIPELINE}~`)
  const later = items
    .filter(({ startedAt }) => typeof startedAt === 'string' && startedAt > since)
    .toSorted((a, b) => (String(a.startedAt) < String(b.startedAt) ? -1 : 1))
  const { sk } = later[0] ?? {}
  return typeof sk === 'string' ? sk.slice(PIPELINE.length) : undefined
}
