import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb'
import { clone } from '../clone.ts'
import { consumed, readUsage } from './capacity.ts'
import { detected } from './conditions.ts'
import { meets } from './evaluate.ts'
import {
  type Condition,
  type Path,
  parseCondition,
  readPath,
  refuseOverlaps,
} from './expression.ts'
import { Placeholders } from './placeholders.ts'
import type { Index, IndexKeys, Table } from './table.ts'
import { Tokens } from './tokens.ts'
import { type AttributeValue, acceptItem, type Item, itemSize, validation } from './value.ts'

/** A page is at most 1 MB: .../amazondynamodb/latest/developerguide/Query.Pagination.html */
const PAGE_BYTES = 1024 * 1024

type Page = { Items?: Item[]; Count: number; ScannedCount: number; LastEvaluatedKey?: Item }

/** Query: one partition, in the order of the sort key. */
export function query(table: Table, input: QueryCommandInput): Page {
  detected(() => checkSelect(input))
  const index = indexOf(table, input)
  const placeholders = new Placeholders(input)
  if (input.KeyConditionExpression === undefined) {
    throw validation(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    )
  }
  const condition = parseCondition(
    'KeyConditionExpression',
    input.KeyConditionExpression,
    placeholders,
  )
  const partition = checkKeyCondition(condition, keysOf(table, index))
  const items = table.items(index, (item) => meets(item, condition), partition)
  if (input.ScanIndexForward === false) items.reverse()
  return page(table, index, items, input, placeholders)
}

/** Scan: everything, in no order a caller may rely on (here: by key). */
export function scan(table: Table, input: ScanCommandInput): Page {
  checkSelect(input)
  checkSegments(input)
  const index = indexOf(table, input)
  const placeholders = new Placeholders(input)
  const { Segment = 0, TotalSegments = 1 } = input
  const items = table.items(index).filter((_, position) => position % TotalSegments === Segment)
  return page(table, index, items, input, placeholders)
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select */
function checkSelect(input: QueryCommandInput | ScanCommandInput): void {
  const { Select, ProjectionExpression, IndexName } = input
  if (Select === undefined) return
  if (Select === 'SPECIFIC_ATTRIBUTES') {
    if (ProjectionExpression !== undefined) return
    throw validation(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    )
  }
  if (ProjectionExpression !== undefined) {
    const what = Select === 'COUNT' ? 'only the Count' : Select
    throw validation(`Cannot specify the ProjectionExpression when choosing to get ${what}`)
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw validation('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName')
  }
}

function checkSegments({ Segment, TotalSegments }: ScanCommandInput): void {
  if (Segment !== undefined && TotalSegments === undefined) {
    throw validation(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    )
  }
  if (Segment === undefined && TotalSegments !== undefined) {
    throw validation(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    )
  }
  if (Segment === undefined || TotalSegments === undefined || Segment < TotalSegments) return
  throw validation(
    `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
  )
}

function indexOf(table: Table, input: QueryCommandInput | ScanCommandInput): Index | undefined {
  const { IndexName: name, ConsistentRead, Select } = input
  if (name === undefined) return undefined
  const index = table.indexes.find((one) => one.name === name)
  if (index === undefined) throw validation(`The table does not have the specified index: ${name}`)
  if (index.global && ConsistentRead) {
    throw validation('Consistent reads are not supported on global secondary indexes')
  }
  if (index.global && Select === 'ALL_ATTRIBUTES' && index.projection !== 'ALL') {
    throw validation(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
    )
  }
  return index
}

function keysOf({ keys }: Table, index: Index | undefined): IndexKeys {
  if (index !== undefined) return index.keys
  return { hash: [keys.hash], range: keys.range === undefined ? [] : [keys.range] }
}

/**
 * Every partition key must be compared by `=`; then sort keys from the left, all but the last of
 * them by `=`, and nothing else may occur.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
 *
 * @returns what the partition key is compared with, where that is one value.
 */
function checkKeyCondition(condition: Condition, keys: IndexKeys): AttributeValue | undefined {
  const parts = conjuncts(condition).map((part) => ({ part, name: keyOf(part) }))
  const equals = (wanted: string) =>
    parts.find(({ part, name }) => name === wanted && isEquality(part))?.part
  const missed = (name: string | undefined) =>
    validation(`Query condition missed key schema element: ${name}`)
  const absent = keys.hash.find((name) => equals(name) === undefined)
  if (absent !== undefined) throw missed(absent)
  const ranges = parts.filter(({ name }) => !keys.hash.includes(name))
  const expected = keys.range.slice(0, ranges.length)
  const skipped = expected.find((name) => !ranges.some((one) => one.name === name))
  if (skipped !== undefined) throw missed(skipped)
  if (ranges.length > keys.range.length || parts.length > keys.hash.length + ranges.length) {
    throw missed(keys.range.at(-1) ?? ranges[0]?.name)
  }
  if (expected.slice(0, -1).some((name) => equals(name) === undefined)) {
    throw validation('Query key condition not supported')
  }
  const [first = ''] = keys.hash
  const compared = equals(first)
  const value = compared?.kind === 'compare' ? compared.right : undefined
  return keys.hash.length === 1 && value?.kind === 'value' ? value.value : undefined
}

const isEquality = (part: Condition): boolean => part.kind === 'compare' && part.operator === '='

function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and'
    ? [...conjuncts(condition.left), ...conjuncts(condition.right)]
    : [condition]
}

function keyOf(part: Condition): string {
  const operand =
    part.kind === 'compare' && part.operator !== '<>'
      ? part.left
      : part.kind === 'between'
        ? part.operand
        : undefined
  if (operand?.kind === 'path') return String(operand.path[0])
  if (part.kind === 'function' && part.name === 'begins_with') return String(part.path[0])
  throw validation(
    'Invalid operator used in KeyConditionExpression: only =, <, <=, >, >=, BETWEEN and begins_with',
  )
}

function page(
  table: Table,
  index: Index | undefined,
  items: Item[],
  input: QueryCommandInput | ScanCommandInput,
  placeholders: Placeholders,
): Page {
  const filter =
    input.FilterExpression === undefined
      ? undefined
      : parseCondition('FilterExpression', input.FilterExpression, placeholders)
  const paths = projection(input.ProjectionExpression, placeholders)
  placeholders.finish()
  const rest = input.ExclusiveStartKey === undefined ? items : afterKey(table, index, items, input)
  const read: Item[] = []
  let bytes = 0
  for (const item of rest) {
    if (read.length >= (input.Limit ?? Number.POSITIVE_INFINITY) || bytes >= PAGE_BYTES) break
    read.push(item)
    bytes += itemSize(item)
  }
  const shown = (item: Item) =>
    input.Select === 'ALL_ATTRIBUTES' ? item : table.visible(index, item)
  const found = filter === undefined ? read : read.filter((item) => meets(item, filter))
  const last = read.at(-1)
  const more = read.length < rest.length || (last !== undefined && read.length === input.Limit)
  return {
    ...(input.Select === 'COUNT'
      ? {}
      : { Items: found.map((item) => project(shown(item), paths)) }),
    Count: found.length,
    ScannedCount: read.length,
    ...(more && last !== undefined ? { LastEvaluatedKey: startKey(table, index, last) } : {}),
    ...consumed(input, table, readUsage(bytes, input.ConsistentRead ? 1 : 0.5, index)),
  }
}

/** The starting key itself need not be there any more. */
function afterKey(
  table: Table,
  index: Index | undefined,
  items: Item[],
  { ExclusiveStartKey = {}, ...asked }: QueryCommandInput | ScanCommandInput,
): Item[] {
  const given = acceptItem(ExclusiveStartKey)
  const names = startNames(table, index)
  if (names.some((name) => given[name] === undefined)) {
    throw validation('The provided starting key is invalid')
  }
  table.identify(table.keyOf(given))
  const direction = 'ScanIndexForward' in asked && asked.ScanIndexForward === false ? -1 : 1
  return items.filter((item) => table.order(item, given, index) * direction > 0)
}

function startKey(table: Table, index: Index | undefined, item: Item): Item {
  return Object.fromEntries(
    startNames(table, index).map((name) => [name, item[name] as AttributeValue]),
  )
}

const startNames = (table: Table, index: Index | undefined): string[] => [
  ...new Set([...table.keyNames, ...(index?.keys.hash ?? []), ...(index?.keys.range ?? [])]),
]

/** Reads a projection expression; undefined means the whole item. */
export function projection(
  expression: string | undefined,
  placeholders: Placeholders,
): Path[] | undefined {
  if (expression === undefined) return undefined
  const tokens = new Tokens('ProjectionExpression', expression)
  const paths = [readPath(tokens, placeholders)]
  while (tokens.take(',')) paths.push(readPath(tokens, placeholders))
  if (!tokens.ended) throw tokens.error()
  refuseOverlaps('ProjectionExpression', paths)
  return paths
}

/** The parts of an item that the paths name, in their places (lists without gaps). */
export function project(item: Item, paths: Path[] | undefined): Item {
  if (paths === undefined) return clone(item)
  return pick({ M: item }, paths)?.M ?? {}
}

function pick(value: AttributeValue, paths: Path[]): AttributeValue | undefined {
  if (paths.some((path) => path.length === 0)) return clone(value)
  const steps = Map.groupBy(paths, ([first]) => first as string | number)
  const rest = (step: string | number) => (steps.get(step) ?? []).map((path) => path.slice(1))
  if (value.M !== undefined) {
    const members = Object.entries(value.M).flatMap(([name, member]) => {
      const picked = steps.has(name) ? pick(member, rest(name)) : undefined
      return picked === undefined ? [] : [[name, picked] as const]
    })
    return members.length === 0 ? undefined : { M: Object.fromEntries(members) }
  }
  if (value.L === undefined) return undefined
  const elements = value.L.flatMap((element, index) => {
    const picked = steps.has(index) ? pick(element, rest(index)) : undefined
    return picked === undefined ? [] : [picked]
  })
  return elements.length === 0 ? undefined : { L: elements }
}
