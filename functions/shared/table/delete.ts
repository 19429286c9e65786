import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Key } from '../../../domain/table/keys.ts'
import { type Table, unlessRefused } from './table.ts'

/**
 * @param revision that it must still have; any without it.
 * @returns whether it is gone: not when its condition does not hold.
 */
export const deleteItem = (table: Table, key: Key, revision?: number): Promise<boolean> =>
  unlessRefused(() =>
    table.client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: marshall(key),
        ...(revision !== undefined && {
          ConditionExpression: 'attribute_not_exists(pk) OR revision = :revision',
          ExpressionAttributeValues: marshall({ ':revision': revision }),
        }),
      }),
    ),
  )
