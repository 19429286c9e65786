import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Item, Table } from './table.ts'

/** The items of a partition whose sort keys lie between two, all of them, in their order. */
export async function itemsBetween(
  { client, name }: Table,
  pk: string,
  from: string,
  to: string,
): Promise<Item[]> {
  const items: Item[] = []
  let start: Record<string, AttributeValue> | undefined
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: name,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: marshall({ ':pk': pk, ':from': from, ':to': to }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    )
    items.push(...(answer.Items ?? []).map((item) => unmarshall(item)))
    start = answer.LastEvaluatedKey
  } while (start !== undefined)
  return items
}

/** The newest items of a partition whose sort keys begin so, newest first, at most so many. */
export async function newestItems(
  { client, name }: Table,
  pk: string,
  beginning: string,
  most: number,
): Promise<Item[]> {
  const answer = await client.send(
    new QueryCommand({
      TableName: name,
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: most,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :beginning)',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':beginning': beginning }),
    }),
  )
  return (answer.Items ?? []).map((item) => unmarshall(item))
}
