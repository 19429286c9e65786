import type { ConversationsListResponse, WebClient } from '@slack/web-api'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { type Key, messageKey } from '../../domain/table/keys.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { claimItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Message } from './markup.ts'

/** Where a message is, as Slack names it. */
type Posted = { channel: string; ts: string }

/** What was told last, by the record's key: as long as the function stays warm. */
export type Told = Map<string, Posted & { message: string }>

/** What telling a record takes. */
export type SlackContext = { table: Table; slack: WebClient; told: Told; now: Date }

const EVENT_TYPE = 'caretaker_roll_out'
/** Slack's clock dates a message, ours its claim. */
const CLOCK_SKEW_SECONDS = 60
/** Messages that a warm function knows the place of. */
const REMEMBERED = 200
/** Newest first: what may have been said in the channel since an answer was lost. */
const LOOKED_AT = 200

/**
 * Posts the message of this record, or edits the one that is there; nothing if it reads the same.
 *
 * @param key of the record; the message's own item is beside it.
 */
export async function tell(
  context: SlackContext,
  key: Key,
  channel: string,
  message: Message,
): Promise<'posted' | 'edited' | 'unchanged'> {
  const name = `${key.pk} ${key.sk}`
  const text = JSON.stringify(message)
  const known = context.told.get(name)
  if (known?.message === text) return 'unchanged'
  const posted = known ?? (await placeOf(context, key, channel))
  if (posted === undefined) {
    const place = await post(context, channel, key, message)
    await keep(context, key, place)
    remember(context.told, name, { ...place, message: text })
    return 'posted'
  }
  await context.slack.chat.update({ channel: posted.channel, ts: posted.ts, ...message })
  remember(context.told, name, { channel: posted.channel, ts: posted.ts, message: text })
  return 'edited'
}

/** A function may stay warm for hours: the oldest is forgotten, and found in the table again. */
function remember(told: Told, name: string, what: Posted & { message: string }): void {
  told.delete(name)
  told.set(name, what)
  const [oldest] = told.keys()
  if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest)
}

/**
 * Where the message is; undefined when there is none, and then it is claimed: it is ours to post.
 * A claim without a message is of a function that was killed, or whose answer was lost, in between.
 */
async function placeOf(
  context: SlackContext,
  key: Key,
  channel: string,
): Promise<Posted | undefined> {
  const place: MessagePlace = {
    version: VERSION,
    channel,
    claimedAt: context.now.toISOString(),
  }
  const expires = epochSeconds(context.now) + KEPT_SECONDS
  const found = await claimItem(context.table, { ...messageKey(key), ...place, expires })
  if (found === undefined) return undefined
  const claimed = readItem('message', found)
  if (claimed.ts !== undefined) return { channel: claimed.channel, ts: claimed.ts }
  const lost = await find(context, claimed, key)
  if (lost !== undefined) await keep(context, key, lost)
  return lost
}

async function post(
  { slack }: SlackContext,
  channel: string,
  key: Key,
  message: Message,
): Promise<Posted> {
  const metadata = { event_type: EVENT_TYPE, event_payload: { key: `${key.pk} ${key.sk}` } }
  const answer = await slack.chat.postMessage({
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
  { slack }: SlackContext,
  { channel: named, claimedAt }: MessagePlace,
  key: Key,
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

async function keep({ table }: SlackContext, key: Key, { channel, ts }: Posted): Promise<void> {
  await updateItem(table, {
    key: messageKey(key),
    expression: 'SET channel = :channel, ts = :ts',
    values: { ':channel': channel, ':ts': ts },
  })
}
