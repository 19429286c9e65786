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
  validation,
} from './value.ts'

type KeySchema = { hash: string; range?: string }

export type Index = {
  name: string
  keys: KeySchema
  projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  include: string[]
}

/** 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const ITEM_BYTES = 400 * 1024

/** One table: its items by key, in the order of their keys when read. */
export class Table {
  readonly name: string
  readonly arn: string
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

  constructor(definition: CreateTableCommandInput, arn: string, created: Date) {
    this.definition = definition
    this.name = definition.TableName ?? ''
    this.arn = arn
    this.created = created
    this.tags = tagsFrom(definition.Tags)
    this.keys = keysOf(definition.KeySchema ?? [])
    const indexes = [
      ...(definition.GlobalSecondaryIndexes ?? []),
      ...(definition.LocalSecondaryIndexes ?? []),
    ]
    this.indexes = indexes.map((index) => ({
      name: index.IndexName ?? '',
      keys: keysOf(index.KeySchema ?? []),
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
    if (Object.keys(key).length !== names.length || names.some((name) => !(name in key))) {
      throw validation('The provided key element does not match the schema')
    }
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
      for (const name of [keys.hash, keys.range]) {
        const value = name === undefined ? undefined : item[name]
        if (name !== undefined && value !== undefined) this.#checkKeyType(name, value)
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
    if (content === '') {
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      )
    }
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
    const { hash, range } = index?.keys ?? this.keys
    const from =
      index === undefined && partition !== undefined
        ? (this.#partitions.get(canonical(partition))?.values() ?? [])
        : this.#items.values()
    const present = [...from].filter(
      (item) => hash in item && (range === undefined || range in item) && wanted(item),
    )
    const keyed = present.map((item) => ({ item, in: canonical(item[hash] as AttributeValue) }))
    keyed.sort((a, b) => {
      if (a.in !== b.in) return a.in < b.in ? -1 : 1
      if (range === undefined) return this.#identity(a.item) < this.#identity(b.item) ? -1 : 1
      return compare(a.item[range] as AttributeValue, b.item[range] as AttributeValue) ?? 0
    })
    return keyed.map(({ item }) => item)
  }

  #identity(item: Item): string {
    return this.keyNames.map((name) => canonical(item[name] as AttributeValue)).join('\0')
  }
}

function keysOf(
  schema: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[],
): KeySchema {
  const named = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName
  const range = named('RANGE')
  return { hash: named('HASH') ?? '', ...(range === undefined ? {} : { range }) }
}

function missing(name: string): never {
  throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`)
}
