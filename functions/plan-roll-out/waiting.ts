import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { RollOutRecord } from '../../domain/record.ts'
import { servicePartition } from '../../domain/record.ts'

/** Waiting pushes are among the newest records; older ones have their verdict. */
const LOOKED_AT = 100

/** Records of pushes to a service that wait for a roll-out to end, oldest first. */
export async function waitingPushes(
  dynamo: DynamoDBClient,
  table: string,
  service: string,
): Promise<RollOutRecord[]> {
  const answer = await dynamo.send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :rollOut)',
      FilterExpression: 'verdict = :waiting',
      ExpressionAttributeValues: marshall({
        ':pk': servicePartition(service),
        ':rollOut': 'roll-out#',
        ':waiting': 'waiting',
      }),
      ScanIndexForward: false,
      Limit: LOOKED_AT,
    }),
  )
  return (answer.Items ?? []).map((item) => unmarshall(item) as RollOutRecord).reverse()
}
