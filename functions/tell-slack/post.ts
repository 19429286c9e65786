import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { WebClient } from '@slack/web-api'
import type { Message } from './message.ts'

/** Where a roll-out's message is: claimed before it is posted, so that it is never posted twice. */
type Place = { channel: string; ts?: string; text?: string }

export type Desk = { dynamo: DynamoDBClient; table: string; slack: WebClient; now: Date }

const EVENT_TYPE = 'caretaker_roll_out'
/** As long as the record it belongs to. */
const KEPT_SECONDS = 180 * 24 * 60 * 60

/**
 * Posts the message of this record, or edits the one that is there; nothing if it reads the same.
 *
 * @param key of the record; the message's own item is beside it.
 */
export async function tell(
  desk: Desk,
  key: { pk: string; sk: string },
  channel: string,
  message: Message,
): Promise<'posted' | 'edited' | 'unchanged'> {
  const place = await placeOf(desk, key)
  const reads = JSON.stringify(message)
  if (place?.text === reads) return 'unchanged'
  if (place?.ts !== undefined) {
    await desk.slack.chat.update({ channel: place.channel, ts: place.ts, ...message })
    await keep(desk, key, { channel: place.channel, ts: place.ts, text: reads })
    return 'edited'
  }
  // A claim without a message: the function was killed in between, before or after Slack had it.
  const lost = place === undefined ? undefined : await find(desk, place.channel, key)
  if (place === undefined) await claim(desk, key, channel)
  const posted = lost ?? (await post(desk, channel, key, message))
  await keep(desk, key, { ...posted, text: reads })
  return 'posted'
}

async function post(
  desk: Desk,
  channel: string,
  key: { pk: string; sk: string },
  message: Message,
) {
  const metadata = { event_type: EVENT_TYPE, event_payload: { key: `${key.pk} ${key.sk}` } }
  const answer = await desk.slack.chat.postMessage({
    channel,
    ...message,
    metadata,
    unfurl_links: false,
  })
  // Slack answers with the channel's id, and an edit must name that.
  return { channel: answer.channel ?? channel, ts: answer.ts ?? '' }
}

/** The message that carries this record's key, if Slack has it. */
async function find(desk: Desk, channel: string, key: { pk: string; sk: string }) {
  const history = await desk.slack.conversations.history({
    channel,
    include_all_metadata: true,
    limit: 100,
  })
  const found = history.messages?.find(({ metadata }) => {
    const payload = metadata?.event_payload as { key?: string } | undefined
    return metadata?.event_type === EVENT_TYPE && payload?.key === `${key.pk} ${key.sk}`
  })
  return found?.ts === undefined ? undefined : { channel, ts: found.ts }
}

const placeKey = ({ pk, sk }: { pk: string; sk: string }) => marshall({ pk, sk: `message#${sk}` })

async function placeOf({ dynamo, table }: Desk, key: { pk: string; sk: string }) {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: placeKey(key), ConsistentRead: true }),
  )
  return Item === undefined ? undefined : (unmarshall(Item) as Place)
}

async function claim(
  { dynamo, table, now }: Desk,
  key: { pk: string; sk: string },
  channel: string,
) {
  const expires = Math.floor(now.getTime() / 1000) + KEPT_SECONDS
  await dynamo.send(
    new PutItemCommand({
      TableName: table,
      Item: { ...placeKey(key), ...marshall({ channel, claimedAt: now.toISOString(), expires }) },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  )
}

async function keep(
  { dynamo, table }: Desk,
  key: { pk: string; sk: string },
  place: Required<Place>,
) {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: table,
      Key: placeKey(key),
      UpdateExpression: 'SET channel = :channel, ts = :ts, #text = :text',
      ExpressionAttributeNames: { '#text': 'text' },
      ExpressionAttributeValues: marshall({
        ':channel': place.channel,
        ':ts': place.ts,
        ':text': place.text,
      }),
    }),
  )
}
