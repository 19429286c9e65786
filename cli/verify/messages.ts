import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { messageKey, ROLL_OUT, servicePartition } from '../../domain/table/keys.ts'
import { configurationOf } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'

/**
 * How many messages about roll-outs Slack has taken: each has Slack's own number (`ts`).
 *
 * @param service `<cluster>/<service>`
 */
export async function messagesOf(place: Place, service: string): Promise<number> {
  const table = new DynamoDBClient(await configurationOf(place))
  const { pk, sk } = messageKey({ pk: servicePartition(service), sk: ROLL_OUT })
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: `${place.environment}-caretaker`,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: sk } },
      ConsistentRead: true,
    }),
  )
  return Items.filter(({ ts }) => ts?.S !== undefined).length
}
