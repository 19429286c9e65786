import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Key } from '../../../domain/table/keys.ts'
import type { Item, Table } from './table.ts'

/** `BatchGetItem` takes a hundred keys. */
const READ_AT_ONCE = 100

/**
 * The items of these keys; absent ones are undefined.
 *
 * @throws PartialRead when DynamoDB does not answer for all: an unread key is not a missing item.
 */
export async function getItems(table: Table, keys: readonly Key[]): Promise<(Item | undefined)[]> {
  const items = new Map<string, Item>()
  for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
    for (const item of await batch(table, keys.slice(start, start + READ_AT_ONCE))) {
      items.set(`${item.pk} ${item.sk}`, item)
    }
  }
  return keys.map(({ pk, sk }) => items.get(`${pk} ${sk}`))
}

async function batch({ client, name }: Table, keys: readonly Key[]): Promise<Item[]> {
  const answer = await client.send(
    new BatchGetItemCommand({
      RequestItems: { [name]: { Keys: keys.map((key) => marshall(key)), ConsistentRead: true } },
    }),
  )
  if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) {
    throw new PartialRead(`${name} did not answer for every key; nothing was done`)
  }
  return (answer.Responses?.[name] ?? []).map((item) => unmarshall(item))
}

/** A read that did not answer for everything. It proves nothing about what is missing. */
export class PartialRead extends Error {
  override readonly name = 'PartialRead'
}
