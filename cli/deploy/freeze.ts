import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { freezeOf } from '../../domain/roll-out/hold.ts'
import type { Freeze as Frozen } from '../../domain/table/environment-state.ts'
import { environmentKey } from '../../domain/table/keys.ts'

/** A deployment that was killed must not hold roll-outs without end. */
const AT_MOST_MILLISECONDS = 2 * 60 * 60 * 1000

const REASON = 'it is being deployed'

export type Freeze = { dynamodb: DynamoDBClient; table: string; by: string; now: Date }

/**
 * Does something while no roll-out may begin: a push between reading what runs and CloudFormation's
 * update would be undone by it. Pushes meanwhile end as `frozen`, and the sweep rolls them out as
 * soon as the freeze ends. A freeze that somebody else has set stays as it is, also one that cannot
 * be read; one that an earlier deployment of the same person has left is taken over.
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
async function begin(freeze: Freeze, until: string): Promise<boolean> {
  const { dynamodb, table, by, now } = freeze
  return unlessMissing(async () => {
    const { Item = {} } = await dynamodb.send(
      new GetItemCommand({ TableName: table, Key, ConsistentRead: true }),
    )
    const { frozen: seen } = unmarshall(Item) as { frozen?: unknown }
    if (freezeOf(seen, now) !== undefined && !isOwn(seen, by)) return false
    const frozen: Frozen = { until, by, reason: REASON }
    // Somebody may freeze between the read and the write.
    const ConditionExpression =
      seen === undefined ? 'attribute_not_exists(frozen)' : 'frozen = :seen'
    return conditionally(
      dynamodb,
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: 'SET frozen = :frozen',
        ConditionExpression,
        ExpressionAttributeValues: marshall({
          ':frozen': frozen,
          ...(seen !== undefined && { ':seen': seen }),
        }),
      }),
    )
  })
}

function isOwn(frozen: unknown, by: string): boolean {
  // One that cannot be read may be anything, also null.
  const { by: who, reason } = (frozen ?? {}) as Partial<Frozen>
  return who === by && reason === REASON
}

async function end({ dynamodb, table, by }: Freeze, until: string): Promise<void> {
  await unlessMissing(() =>
    conditionally(
      dynamodb,
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: 'REMOVE frozen',
        ConditionExpression: 'frozen.#by = :by AND frozen.#until = :until',
        ExpressionAttributeNames: { '#by': 'by', '#until': 'until' },
        ExpressionAttributeValues: marshall({ ':by': by, ':until': until }),
      }),
    ),
  )
}

/** @returns whether the condition held. */
async function conditionally(
  dynamodb: DynamoDBClient,
  command: UpdateItemCommand,
): Promise<boolean> {
  try {
    await dynamodb.send(command)
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

/** The first deployment makes the table too; until then there is nothing to freeze. */
async function unlessMissing(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}
