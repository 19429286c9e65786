import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb'
import { clone } from '../clone.ts'
import { meets } from './evaluate.ts'
import { type Condition, type Path, Placeholders, parseCondition, readPath } from './expression.ts'
import type { Index, Table } from './table.ts'
import { Tokens } from './tokens.ts'
import {
  type AttributeValue,
  acceptItem,
  canonical,
  type Item,
  itemSize,
  validation,
} from './value.ts'

/** A page is at most 1 MB: .../amazondynamodb/latest/developerguide/Query.Pagination.html */
const PAGE_BYTES = 1024 * 1024

type Page = { Items?: Item[]; Count: number; ScannedCount: number; LastEvaluatedKey?: Item }

/** Query: one partition, in the order of the sort key. */
export function query(table: Table, input: QueryCommandInput): Page {
  const placeholders = new Placeholders(
    input.ExpressionAttributeNames,
    input.ExpressionAttributeValues,
  )
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
  const index = indexOf(table, input.IndexName)
  const partition = checkKeyCondition(condition, index?.keys ?? table.keys)
  const items = table.items(index, (item) => meets(item, condition), partition)
  if (input.ScanIndexForward === false) items.reverse()
  return page(table, index, items, input, placeholders)
}

/** Scan: everything, in no order a caller may rely on (here: by key). */
export function scan(table: Table, input: ScanCommandInput): Page {
  const placeholders = new Placeholders(
    input.ExpressionAttributeNames,
    input.ExpressionAttributeValues,
  )
  const index = indexOf(table, input.IndexName)
  const { Segment = 0, TotalSegments = 1 } = input
  const items = table.items(index).filter((_, position) => position % TotalSegments === Segment)
  return page(table, index, items, input, placeholders)
}

function indexOf(table: Table, name: string | undefined): Index | undefined {
  if (name === undefined) return undefined
  const index = table.indexes.find((one) => one.name === name)
  if (index === undefined) throw validation(`The table does not have the specified index: ${name}`)
  return index
}

/**
 * The partition key must be compared by `=`, the sort key once, and nothing else may occur.
 *
 * @returns what the partition key is compared with, where that is a value.
 */
function checkKeyCondition(
  condition: Condition,
  keys: { hash: string; range?: string },
): AttributeValue | undefined {
  const parts = conjuncts(condition)
  const about = parts.map((part) => keyOf(part))
  const hash = parts.find(
    (part, at) => about[at] === keys.hash && part.kind === 'compare' && part.operator === '=',
  )
  if (hash === undefined) {
    throw validation(`Query condition missed key schema element: ${keys.hash}`)
  }
  const stranger = about.find((name) => name !== keys.hash && name !== keys.range)
  if (parts.length > 2 || stranger !== undefined) {
    throw validation(`Query condition missed key schema element: ${keys.range ?? stranger}`)
  }
  const compared = hash.kind === 'compare' ? hash.right : undefined
  return compared?.kind === 'value' ? compared.value : undefined
}

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
  const rest =
    input.ExclusiveStartKey === undefined ? items : afterKey(table, items, input.ExclusiveStartKey)
  const read: Item[] = []
  let bytes = 0
  for (const item of rest) {
    if (read.length >= (input.Limit ?? Number.POSITIVE_INFINITY) || bytes >= PAGE_BYTES) break
    read.push(item)
    bytes += itemSize(item)
  }
  const found = filter === undefined ? read : read.filter((item) => meets(item, filter))
  const last = read.at(-1)
  const more = read.length < rest.length || (last !== undefined && read.length === input.Limit)
  return {
    ...(input.Select === 'COUNT'
      ? {}
      : { Items: found.map((item) => project(visible(table, index, item), paths)) }),
    Count: found.length,
    ScannedCount: read.length,
    ...(more && last !== undefined ? { LastEvaluatedKey: startKey(table, index, last) } : {}),
  }
}

function afterKey(table: Table, items: Item[], start: Item): Item[] {
  const given = acceptItem(start)
  const invalid = () => validation('The provided starting key is invalid')
  if (table.keyNames.some((name) => given[name] === undefined)) throw invalid()
  const key = canonical({ M: table.keyOf(given) })
  const at = items.findIndex((item) => canonical({ M: table.keyOf(item) }) === key)
  if (at < 0) throw invalid()
  return items.slice(at + 1)
}

function startKey(table: Table, index: Index | undefined, item: Item): Item {
  const names = [...table.keyNames, index?.keys.hash, index?.keys.range].filter(
    (name) => name !== undefined,
  )
  return Object.fromEntries(names.map((name) => [name, item[name] as AttributeValue]))
}

/** What an index shows of an item. */
function visible(table: Table, index: Index | undefined, item: Item): Item {
  if (index === undefined || index.projection === 'ALL') return item
  const names = [...table.keyNames, index.keys.hash, index.keys.range, ...index.include]
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

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
