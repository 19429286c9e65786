import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'

export type Key = { pk: string; sk: string }

/** `BatchGetItem` takes a hundred keys. */
const READ_AT_ONCE = 100

/** Caretaker's table (see `record.ts`), read by key; its writes are conditional and elsewhere. */
export class Table {
  readonly #client: DynamoDBClient
  readonly #name: string

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client
    this.#name = name
  }

  /**
   * The items of these keys, read consistently; absent ones are undefined.
   *
   * @throws PartialRead when DynamoDB does not answer for all: absence must be known, not guessed.
   */
  async get(keys: readonly Key[]): Promise<(Record<string, unknown> | undefined)[]> {
    const items = new Map<string, Record<string, unknown>>()
    for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
      for (const item of await this.#batch(keys.slice(start, start + READ_AT_ONCE))) {
        items.set(`${item.pk} ${item.sk}`, item)
      }
    }
    return keys.map(({ pk, sk }) => items.get(`${pk} ${sk}`))
  }

  async #batch(keys: readonly Key[]): Promise<Record<string, unknown>[]> {
    const answer = await this.#client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [this.#name]: { Keys: keys.map((key) => marshall(key)), ConsistentRead: true },
        },
      }),
    )
    if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) {
      throw new PartialRead(`${this.#name} did not answer for every key; nothing was done`)
    }
    return (answer.Responses?.[this.#name] ?? []).map((item) => unmarshall(item))
  }
}

/** A read that did not answer for everything. It proves nothing about what is missing. */
export class PartialRead extends Error {
  override readonly name = 'PartialRead'
}
