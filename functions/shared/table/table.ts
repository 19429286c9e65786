import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Key } from '../../../domain/table/keys.ts'

/**
 * Caretaker's table (`domain/table/keys.ts` says what is in it). Reads are consistent and whole;
 * writes are conditional where it matters, and say whether they were done. Each operation is a
 * file of its own here, so that what a function imports is what its role must allow.
 */
export type Table = { client: DynamoDBClient; name: string }

export type Item = Record<string, unknown>

/** A whole item, put where the condition holds. */
export type Put = { item: Item; condition?: string; values?: Item }

/** A change of one item where the condition holds. `names` are for words DynamoDB reserves. */
export type Update = {
  key: Key
  expression: string
  condition?: string
  values?: Item
  names?: Record<string, string>
}

const OPTIONS = { removeUndefinedValues: true }

/** A put as DynamoDB is asked for it, alone or in a transaction. */
export function putRequest({ name }: Table, { item, condition, values }: Put) {
  return {
    TableName: name,
    Item: marshall(item, OPTIONS),
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values, OPTIONS) }),
  }
}

/** An update as DynamoDB is asked for it, alone or in a transaction. */
export function updateRequest({ name }: Table, update: Update) {
  const { key, expression, condition, values, names } = update
  return {
    TableName: name,
    Key: marshall(key),
    UpdateExpression: expression,
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values, OPTIONS) }),
    ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
  }
}

/** Runs a write; false when its condition does not hold. */
export async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false
    throw error
  }
}
