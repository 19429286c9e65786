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
