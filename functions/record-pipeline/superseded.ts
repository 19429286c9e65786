import { PIPELINE } from '../../domain/table/keys.ts'
import type { PipelineRecord } from '../../domain/table/pipeline-record.ts'
import { readItem, UnreadableItem } from '../../domain/table/read.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import type { Table } from '../shared/table/table.ts'

type Known = { item: Record<string, unknown>; record: PipelineRecord }

/** The records of a pipeline's executions; one that cannot be read is left out. */
export async function executionsOf(table: Table, pipeline: string): Promise<Known[]> {
  const items = await itemsBetween(table, `${PIPELINE}${pipeline}`, PIPELINE, `${PIPELINE}~`)
  return items.flatMap((item) => {
    try {
      return [{ item, record: readItem('pipeline', item) }]
    } catch (error) {
      if (error instanceof UnreadableItem) return []
      throw error
    }
  })
}

/** Of a pipeline's executions, what is said of the one that took another's place. */
export type Superseder = Pick<PipelineRecord['detail'], 'supersededBy' | 'supersededRevision'>

/**
 * The execution that took another's place: of those that began after it, the first.
 *
 * @returns nothing for one that was not superseded, or while the other's own event has not come.
 */
export function supersederOf(
  { verdict, at }: PipelineRecord,
  records: readonly PipelineRecord[],
): Superseder {
  if (verdict !== 'superseded') return {}
  const [first] = records.filter((one) => one.at > at).toSorted((a, b) => (a.at < b.at ? -1 : 1))
  if (first === undefined) return {}
  const { execution, commit } = first.detail
  return { supersededBy: execution, ...(commit && { supersededRevision: commit.id }) }
}

/**
 * Events come in any order: an execution that was superseded may be recorded before the one that
 * took its place, or before that one's revision is known.
 *
 * @param next the record that is about to be written.
 * @returns whether all could be written: not when somebody else has written one meanwhile.
 */
export async function nameSuperseder(
  table: Table,
  known: readonly Known[],
  next: PipelineRecord,
): Promise<boolean> {
  const others = known.filter(({ record }) => record.sk !== next.sk)
  const records = [...others.map(({ record }) => record), next]
  for (const { item, record } of others) {
    const { supersededBy, supersededRevision } = record.detail
    const by = supersederOf(record, records)
    const isSaid = by.supersededBy === supersededBy && by.supersededRevision === supersededRevision
    if (isSaid || by.supersededBy === undefined) continue
    const detail = { ...(item.detail as object), ...by }
    const isWritten = await putItem(table, {
      item: { ...item, detail, revision: record.revision + 1 },
      condition: 'revision = :revision',
      values: { ':revision': record.revision },
    })
    if (!isWritten) return false
  }
  return true
}
