import {
  type DynamoDBClient,
  GetItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { stateKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { EcsService } from '../../scripts/assembly.ts'

/**
 * Whether a roll-out has claimed the service: also while it bakes,
 * when ECS has nothing to do any more.
 */
export async function isRolling(
  dynamodb: DynamoDBClient,
  TableName: string,
  { cluster, name }: EcsService,
): Promise<boolean> {
  const Key = marshall(stateKey(`${cluster}/${name}`))
  try {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName, Key, ConsistentRead: true }),
    )
    return Item !== undefined && readItem('service', unmarshall(Item)).rolling !== undefined
  } catch (error) {
    // The first deployment makes the table too.
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}
