import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'

export type Key = { pk: string; sk: string }

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
    const items = (answer.Responses?.[this.#name] ?? []).map((item) => unmarshall(item))
    return keys.map(({ pk, sk }) => items.find((item) => item.pk === pk && item.sk === sk))
  }
}

/** A read that did not answer for everything. It proves nothing about what is missing. */
export class PartialRead extends Error {
  override readonly name = 'PartialRead'
}
