import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Item, Table } from './table.ts'

/** The last items of a partition whose sort keys begin so, the last one first. */
export async function latestItems(
  { client, name }: Table,
  pk: string,
  beginning: string,
  most: number,
): Promise<Item[]> {
  const answer = await client.send(
    new QueryCommand({
      TableName: name,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :beginning)',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':beginning': beginning }),
      ScanIndexForward: false,
      Limit: most,
    }),
  )
  return (answer.Items ?? []).map((item) => unmarshall(item))
}
