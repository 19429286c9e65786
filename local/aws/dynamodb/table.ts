import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { type Tags, tagsFrom } from '../tags.ts'
import type { Stream } from './stream.ts'
import {
  type AttributeValue,
  type Change,
  canonical,
  compare,
  type Item,
  itemSize,
  typeOf,
  validation,
} from './value.ts'

type KeySchema = { hash: string; range?: string }

/** Of an index, whose keys may be made of several attributes. */
export type IndexKeys = { hash: string[]; range: string[] }

export type Index = {
  name: string
  global: boolean
  keys: IndexKeys
  projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  include: string[]
}

/** 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const ITEM_BYTES = 400 * 1024

/** One table: its items by key, in the order of their keys when read. */
export class Table {
  readonly name: string
  readonly arn: string
  readonly id: string
  readonly keys: KeySchema
  readonly indexes: Index[]
  readonly created: Date
  readonly definition: CreateTableCommandInput
  readonly tags: Tags
  stream?: Stream
  timeToLive?: string
  pointInTimeRecovery = false
  readonly #items = new Map<string, Item>()
  /** The same, by the text of the partition key: what a query reads is seldom of more than one. */
  readonly #partitions = new Map<string, Map<string, Item>>()
  readonly #types: Record<string, string>

  constructor(definition: CreateTableCommandInput, arn: string, created: Date, id: string) {
    this.id = id
    this.definition = definition
    this.name = definition.TableName ?? ''
    this.arn = arn
    this.created = created
    this.tags = tagsFrom(definition.Tags)
    this.keys = keysOf(definition.KeySchema ?? [])
    const global = definition.GlobalSecondaryIndexes ?? []
    const indexes = [...global, ...(definition.LocalSecondaryIndexes ?? [])]
    this.indexes = indexes.map((index, position) => ({
      name: index.IndexName ?? '',
      global: position < global.length,
      keys: {
        hash: namesOf(index.KeySchema ?? [], 'HASH'),
        range: namesOf(index.KeySchema ?? [], 'RANGE'),
      },
      projection: index.Projection?.ProjectionType ?? 'ALL',
      include: index.Projection?.NonKeyAttributes ?? [],
    }))
    this.#types = Object.fromEntries(
      (definition.AttributeDefinitions ?? []).map((one) => [
        one.AttributeName,
        one.AttributeType ?? 'S',
      ]),
    )
  }

  get count(): number {
    return this.#items.size
  }

  /** The key's own text, after checking that it is a whole key of this table. */
  identify(key: Item): string {
    const names = this.keyNames
    const fits = (name: string) => {
      const value = key[name]
      return value !== undefined && typeOf(value) === (this.#types[name] ?? 'S')
    }
    if (Object.keys(key).length !== names.length || !names.every(fits)) {
      throw validation('The provided key element does not match the schema')
    }
    for (const name of names) this.#checkKeyType(name, key[name] as AttributeValue)
    return this.#identity(key)
  }

  get keyNames(): string[] {
    const { hash, range } = this.keys
    return range === undefined ? [hash] : [hash, range]
  }

  /** @throws AwsError ValidationException for an item without its key. */
  keyOf(item: Item): Item {
    return Object.fromEntries(this.keyNames.map((name) => [name, item[name] ?? missing(name)]))
  }

  get(key: Item): Item | undefined {
    return this.#items.get(this.identify(key))
  }

  /** Checks an item that is to be stored: its keys are there, of their type, and not empty. */
  check(item: Item): void {
    for (const name of this.keyNames) {
      const value = item[name]
      this.#checkKeyType(name, value ?? missing(name))
    }
    for (const { keys } of this.indexes) {
      for (const name of [...keys.hash, ...keys.range]) {
        const value = item[name]
        if (value !== undefined) this.#checkKeyType(name, value)
      }
    }
    if (itemSize(item) > ITEM_BYTES)
      throw validation('Item size has exceeded the maximum allowed size')
  }

  #checkKeyType(name: string, value: AttributeValue): void {
    const expected = this.#types[name] ?? 'S'
    const [actual, content] = Object.entries(value)[0] ?? ['NULL', '']
    if (actual !== expected) {
      throw validation(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected} actual: ${actual}`,
      )
    }
    this.#checkKeySize(name, value)
    if (content === '') {
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      )
    }
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys */
  #checkKeySize(name: string, { S, B }: AttributeValue): void {
    const bytes = S === undefined ? (B?.length ?? 0) : Buffer.byteLength(S)
    const { hash, range } = this.keys
    if (name === hash && bytes > 2048) {
      // AWS leaves out the blank itself.
      throw validation(
        'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      )
    }
    if (name !== range || bytes <= 1024) return
    throw validation(
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    )
  }

  /** Stores a change, and adds it to the stream if anything is different. */
  apply({ key, before, after }: Change, byTimeToLive = false): void {
    const identity = this.#identity(key)
    const hash = canonical(key[this.keys.hash] as AttributeValue)
    const partition = this.#partitions.get(hash) ?? new Map<string, Item>()
    this.#partitions.set(hash, partition)
    for (const items of [this.#items, partition]) {
      if (after === undefined) items.delete(identity)
      else items.set(identity, after)
    }
    if (partition.size === 0) this.#partitions.delete(hash)
    this.stream?.append({ key, before, after }, byTimeToLive)
  }

  /**
   * Every item (of an index: every item that has its keys), in key order.
   *
   * @param wanted which of them: to put all in order for a few takes as long as everything else.
   * @param partition the value of the partition key, when all that is wanted has the same.
   */
  items(
    index?: Index,
    wanted: (item: Item) => boolean = () => true,
    partition?: AttributeValue,
  ): Item[] {
    const from =
      index === undefined && partition !== undefined
        ? (this.#partitions.get(canonical(partition))?.values() ?? [])
        : this.#items.values()
    const present = [...from].filter(
      (item) => (index === undefined || this.isIn(index, item)) && wanted(item),
    )
    const keyed = present.map((item) => ({ item, in: this.#partition(item, index) }))
    keyed.sort((a, b) => {
      if (a.in !== b.in) return a.in < b.in ? -1 : 1
      return this.#inPartition(a.item, b.item, index)
    })
    return keyed.map(({ item }) => item)
  }

  /** Negative when one item comes before the other, of the table or of an index. */
  order(one: Item, other: Item, index?: Index): number {
    const [left, right] = [this.#partition(one, index), this.#partition(other, index)]
    if (left !== right) return left < right ? -1 : 1
    return this.#inPartition(one, other, index)
  }

  /** Whether an index shows an item: it shows those that have all its keys. */
  isIn({ keys }: Index, item: Item): boolean {
    return keys.hash.every((name) => name in item) && keys.range.every((name) => name in item)
  }

  /** What an index shows of an item. */
  visible(index: Index | undefined, item: Item): Item {
    if (index === undefined || index.projection === 'ALL') return item
    const { keys, include } = index
    const names = [...this.keyNames, ...keys.hash, ...keys.range, ...include]
    return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
  }

  #partition(item: Item, index: Index | undefined): string {
    if (index === undefined) return canonical(item[this.keys.hash] as AttributeValue)
    return index.keys.hash.map((name) => canonical(item[name] as AttributeValue)).join('\0')
  }

  #inPartition(one: Item, other: Item, index: Index | undefined): number {
    const { range } = this.keys
    const names = index === undefined ? (range === undefined ? [] : [range]) : index.keys.range
    for (const name of names) {
      const order = compare(one[name] as AttributeValue, other[name] as AttributeValue) ?? 0
      if (order !== 0) return order
    }
    // Items of an index may have equal keys.
    const [left, right] = [this.#identity(one), this.#identity(other)]
    return left === right ? 0 : left < right ? -1 : 1
  }

  #identity(item: Item): string {
    return this.keyNames.map((name) => canonical(item[name] as AttributeValue)).join('\0')
  }
}

type Schema = readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[]

function namesOf(schema: Schema, type: 'HASH' | 'RANGE'): string[] {
  return schema.flatMap(({ KeyType, AttributeName = '' }) =>
    KeyType === type ? [AttributeName] : [],
  )
}

function keysOf(schema: Schema): KeySchema {
  const [hash = ''] = namesOf(schema, 'HASH')
  const [range] = namesOf(schema, 'RANGE')
  return { hash, ...(range === undefined ? {} : { range }) }
}

function missing(name: string): never {
  throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`)
}
