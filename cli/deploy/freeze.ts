import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Freeze as Frozen } from '../../domain/table/environment-state.ts'
import { environmentKey } from '../../domain/table/keys.ts'

/** A deployment that was killed must not hold roll-outs without end. */
const AT_MOST_MILLISECONDS = 2 * 60 * 60 * 1000

export type Freeze = { dynamodb: DynamoDBClient; table: string; by: string; now: Date }

/**
 * Does something while no roll-out may begin: a push between reading what runs and CloudFormation's
 * update would be undone by it. Pushes meanwhile end as `frozen`, and the sweep rolls them out as
 * soon as the freeze ends. A freeze that somebody else has set stays as it is.
 */
export async function whileFrozen<Result>(
  freeze: Freeze,
  work: () => Promise<Result>,
): Promise<Result> {
  const until = new Date(freeze.now.getTime() + AT_MOST_MILLISECONDS).toISOString()
  const ours = await begin(freeze, until)
  try {
    return await work()
  } finally {
    if (ours) await end(freeze, until)
  }
}

const Key = marshall(environmentKey)

/** @returns whether this command has set a freeze, which it must end. */
async function begin({ dynamodb, table, by, now }: Freeze, until: string): Promise<boolean> {
  const frozen: Frozen = { until, by, reason: 'it is being deployed' }
  return conditionally(
    dynamodb,
    new UpdateItemCommand({
      TableName: table,
      Key,
      UpdateExpression: 'SET frozen = :frozen',
      ConditionExpression: 'attribute_not_exists(frozen) OR frozen.#until < :now',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: marshall({ ':frozen': frozen, ':now': now.toISOString() }),
    }),
  )
}

async function end({ dynamodb, table, by }: Freeze, until: string): Promise<void> {
  await conditionally(
    dynamodb,
    new UpdateItemCommand({
      TableName: table,
      Key,
      UpdateExpression: 'REMOVE frozen',
      ConditionExpression: 'frozen.#by = :by AND frozen.#until = :until',
      ExpressionAttributeNames: { '#by': 'by', '#until': 'until' },
      ExpressionAttributeValues: marshall({ ':by': by, ':until': until }),
    }),
  )
}

/** @returns whether it was written: not when the condition fails or there is no table yet. */
async function conditionally(
  dynamodb: DynamoDBClient,
  command: UpdateItemCommand,
): Promise<boolean> {
  try {
    await dynamodb.send(command)
    return true
  } catch (error) {
    const expected =
      error instanceof ConditionalCheckFailedException || error instanceof ResourceNotFoundException
    if (expected) return false
    throw error
  }
}
