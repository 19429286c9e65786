import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { sleeperKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { Problem } from '../problem.ts'

export type Table = { dynamodb: DynamoDBClient; table: string }

/** What Caretaker keeps of a resource; undefined where it keeps nothing, or is not there. */
export async function readSleeper(
  { dynamodb, table }: Table,
  id: string,
): Promise<Sleeper | undefined> {
  const Key = marshall(sleeperKey(id))
  try {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: table, Key, ConsistentRead: true }),
    )
    return Item === undefined ? undefined : readItem('sleeper', unmarshall(Item))
  } catch (error) {
    // The first deployment makes the table too.
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

/** What is written of a sleeper, and what is taken from it. */
export type Change = { set?: Partial<Sleeper>; remove?: readonly (keyof Sleeper)[] }

/** Caretaker may write between a read and a write; it does so once in a look. */
const TRIES = 5

/**
 * Changes what Caretaker keeps of a resource, as it is at that moment.
 *
 * @param change decides on what is kept now; undefined leaves it.
 * @returns whether anything was changed. @throws Problem when somebody else writes each time.
 */
export async function changeSleeper(
  from: Table,
  id: string,
  change: (kept: Sleeper) => Change | undefined,
): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const kept = await readSleeper(from, id)
    const wanted = kept && change(kept)
    if (kept === undefined || wanted === undefined) return false
    if (await write(from, id, kept.revision, wanted)) return true
  }
  throw new Problem(`${id}: Caretaker changes what it keeps of it all the time. Run this again.`)
}

/** @returns whether it was still what it was when it was read. */
async function write(
  { dynamodb, table }: Table,
  id: string,
  revision: number,
  { set = {}, remove = [] }: Change,
): Promise<boolean> {
  const all = Object.entries({ ...set, revision: revision + 1 })
  const names = [...all.map(([name]) => name), ...remove]
  const sets = all.map(([name]) => `#${name} = :${name}`).join(', ')
  const removes = remove.map((name) => `#${name}`).join(', ')
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall(sleeperKey(id)),
        UpdateExpression: `SET ${sets}${removes && ` REMOVE ${removes}`}`,
        ConditionExpression: '#revision = :read',
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: marshall(
          Object.fromEntries([[':read', revision], ...all.map(([k, value]) => [`:${k}`, value])]),
          { removeUndefinedValues: true },
        ),
      }),
    )
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
