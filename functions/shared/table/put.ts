import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { type Item, type Put, putRequest, type Table, unlessRefused } from './table.ts'

/** @returns whether it was written: not when its condition does not hold. */
export function putItem(table: Table, put: Put): Promise<boolean> {
  return unlessRefused(() => table.client.send(new PutItemCommand(putRequest(table, put))))
}

/**
 * Puts an item unless there is one of its key.
 *
 * @returns the item that was there already; undefined when it was put.
 */
export async function claimItem(table: Table, item: Item): Promise<Item | undefined> {
  try {
    await table.client.send(
      new PutItemCommand({
        ...putRequest(table, { item, condition: 'attribute_not_exists(pk)' }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    )
    return undefined
  } catch (error) {
    const { Item: found } = error as { Item?: Record<string, AttributeValue> }
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error
    return found === undefined ? {} : unmarshall(found)
  }
}
