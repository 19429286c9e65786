import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { ConversationsListResponse, WebClient } from '@slack/web-api'
import type { Message } from './message.ts'

/** Where a roll-out's message is: claimed before it is posted, so that it is never posted twice. */
type Place = { channel: string; claimedAt: string; ts?: string; text?: string }

type Posted = { channel: string; ts: string }

export type Desk = { dynamo: DynamoDBClient; table: string; slack: WebClient; now: Date }

const EVENT_TYPE = 'caretaker_roll_out'
/** As long as the record it belongs to. */
const KEPT_SECONDS = 180 * 24 * 60 * 60
/** Slack's clock dates a message, ours its claim. */
const CLOCK_SKEW_SECONDS = 60
/** Newest first: what may have been said in the channel since an answer was lost. */
const LOOKED_AT = 200

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
    await keep(desk, key, { channel: place.channel, ts: place.ts }, reads)
    return 'edited'
  }
  // A claim without a message: the function was killed, or Slack's answer lost, in between.
  const lost = place === undefined ? undefined : await find(desk, place, key)
  if (place === undefined) await claim(desk, key, channel)
  if (lost !== undefined) {
    await desk.slack.chat.update({ ...lost, ...message })
    await keep(desk, key, lost, reads)
    return 'edited'
  }
  await keep(desk, key, await post(desk, channel, key, message), reads)
  return 'posted'
}

async function post(
  desk: Desk,
  channel: string,
  key: { pk: string; sk: string },
  message: Message,
): Promise<Posted> {
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

/** The message that carries this record's key, if Slack has it: not older than its claim. */
async function find(
  { slack }: Desk,
  { channel: named, claimedAt }: Place,
  key: { pk: string; sk: string },
): Promise<Posted | undefined> {
  const channel = await idOf(slack, named)
  if (channel === undefined) return undefined
  const history = await slack.conversations.history({
    channel,
    oldest: String(Date.parse(claimedAt) / 1000 - CLOCK_SKEW_SECONDS),
    include_all_metadata: true,
    limit: LOOKED_AT,
  })
  const found = history.messages?.find(({ metadata }) => {
    const payload = metadata?.event_payload as { key?: string } | undefined
    return metadata?.event_type === EVENT_TYPE && payload?.key === `${key.pk} ${key.sk}`
  })
  return found?.ts === undefined ? undefined : { channel, ts: found.ts }
}

/** A channel's id: posting takes its name as well, every other method only the id. */
async function idOf(slack: WebClient, named: string): Promise<string | undefined> {
  if (/^[CG][A-Z0-9]{8,}$/.test(named)) return named
  const name = named.replace(/^#/, '')
  const pages = slack.paginate('conversations.list', {
    types: 'public_channel,private_channel',
    exclude_archived: true,
    limit: 1000,
  }) as AsyncIterable<ConversationsListResponse>
  for await (const { channels = [] } of pages) {
    const id = channels.find((channel) => channel.name === name)?.id
    if (id !== undefined) return id
  }
  return undefined
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
  { channel, ts }: Posted,
  text: string,
) {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: table,
      Key: placeKey(key),
      UpdateExpression: 'SET channel = :channel, ts = :ts, #text = :text',
      ExpressionAttributeNames: { '#text': 'text' },
      ExpressionAttributeValues: marshall({ ':channel': channel, ':ts': ts, ':text': text }),
    }),
  )
}
