import type { Index, Table } from './table.ts'
import { type Change, canonical, type Item, itemSize } from './value.ts'

type Wanted = { ReturnConsumedCapacity?: string | undefined }
type Units = { CapacityUnits: number }
type Consumed = {
  TableName: string
  CapacityUnits: number
  Table?: Units
  GlobalSecondaryIndexes?: Record<string, Units>
  LocalSecondaryIndexes?: Record<string, Units>
}

/** Units of a table and of its indexes, by their names. */
export type Usage = { table: number; indexes: Record<string, number> }

/** Bytes that one unit reads and writes. */
const UNIT = { read: 4096, write: 1024 }

/**
 * What reading so many bytes uses.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 *
 * @param weight 1 for a consistent read, half for another, 2 within a transaction.
 */
export function readUsage(bytes: number, weight: number, index?: Index): Usage {
  const units = Math.max(1, Math.ceil(bytes / UNIT.read)) * weight
  return index === undefined
    ? { table: units, indexes: {} }
    : { table: 0, indexes: { [index.name]: units } }
}

/** What a change uses: by the larger of both items, and for each index that shows another one. */
export function writeUsage(table: Table, { before, after }: Change, weight = 1): Usage {
  const indexes = table.indexes.map((index) => {
    const [old, now] = [entry(table, index, before), entry(table, index, after)]
    return [index.name, indexWrites(index, old, now) * writes(old, now) * weight] as const
  })
  return {
    table: writes(before, after) * weight,
    indexes: Object.fromEntries(indexes.filter(([, units]) => units > 0)),
  }
}

const writes = (before: Item | undefined, after: Item | undefined): number => {
  const bytes = Math.max(itemSize(before ?? {}), itemSize(after ?? {}))
  return Math.max(1, Math.ceil(bytes / UNIT.write))
}

const entry = (table: Table, index: Index, item: Item | undefined): Item | undefined =>
  item !== undefined && table.isIn(index, item) ? table.visible(index, item) : undefined

/** An entry whose key changes is taken out and put in again. */
function indexWrites(index: Index, before: Item | undefined, after: Item | undefined): number {
  if (before === undefined || after === undefined) return before === after ? 0 : 1
  if (canonical({ M: before }) === canonical({ M: after })) return 0
  const names = [...index.keys.hash, ...index.keys.range]
  const moved = names.some((name) => text(before, name) !== text(after, name))
  return moved ? 2 : 1
}

const text = (item: Item, name: string): string => {
  const value = item[name]
  return value === undefined ? '' : canonical(value)
}

/** The member `ConsumedCapacity` of an answer, where it is asked for. */
export function consumed(
  wanted: Wanted,
  table: Table,
  usage: Usage,
): { ConsumedCapacity?: Consumed } {
  const made = capacityOf(wanted, table, usage)
  return made === undefined ? {} : { ConsumedCapacity: made }
}

/** The same of batches and transactions: one for each table. */
export function allConsumed(
  wanted: Wanted,
  used: readonly { table: Table; usage: Usage }[],
): { ConsumedCapacity?: Consumed[] } {
  const byTable = Map.groupBy(used, ({ table }) => table)
  const list = [...byTable].flatMap(
    ([table, parts]) => capacityOf(wanted, table, sum(parts.map(({ usage }) => usage))) ?? [],
  )
  return list.length === 0 ? {} : { ConsumedCapacity: list }
}

function sum(parts: readonly Usage[]): Usage {
  const total: Usage = { table: 0, indexes: {} }
  for (const { table, indexes } of parts) {
    total.table += table
    for (const [name, units] of Object.entries(indexes)) {
      total.indexes[name] = (total.indexes[name] ?? 0) + units
    }
  }
  return total
}

function capacityOf(
  { ReturnConsumedCapacity: wanted = 'NONE' }: Wanted,
  table: Table,
  usage: Usage,
): Consumed | undefined {
  if (wanted === 'NONE') return undefined
  const units = Object.values(usage.indexes)
  const CapacityUnits = units.reduce((total, one) => total + one, usage.table)
  const common = { TableName: table.name, CapacityUnits }
  if (wanted === 'TOTAL') return common
  const of = (isGlobal: boolean) => {
    const used = table.indexes.filter((one) => one.name in usage.indexes && one.global === isGlobal)
    return Object.fromEntries(
      used.map(({ name }) => [name, { CapacityUnits: usage.indexes[name] ?? 0 }]),
    )
  }
  const [global, local] = [of(true), of(false)]
  return {
    ...common,
    Table: { CapacityUnits: usage.table },
    ...(Object.keys(global).length === 0 ? {} : { GlobalSecondaryIndexes: global }),
    ...(Object.keys(local).length === 0 ? {} : { LocalSecondaryIndexes: local }),
  }
}
