import type { ConversationsListResponse, WebClient } from '@slack/web-api'
import type { Key } from '../../domain/table/keys.ts'
import { ask } from './ask.ts'
import { type Context, nameOf } from './context.ts'

/** What the metadata of Caretaker's messages is called, and what it was called first. */
export const EVENT_TYPE = 'caretaker_notice'
const EVENT_TYPES = new Set([EVENT_TYPE, 'caretaker_roll_out'])

/** Slack's clock dates a message, ours its claim. */
const CLOCK_SKEW_SECONDS = 60
/** Newest first: what may have been said in the channel since an answer was lost. */
const LOOKED_AT = 200

/** What names a message: the record it is about, and the note of it. */
export const metadataOf = (key: Key, note = '') => ({
  event_type: EVENT_TYPE,
  event_payload: { key: `${nameOf(key)}${note === '' ? '' : ` ${note}`}` },
})

/**
 * A reply, and whether the channel shows it too: without that it notifies nobody who does not follow
 * the thread. https://docs.slack.dev/reference/methods/chat.postMessage#threads
 */
export function inThread(
  thread: string | undefined,
  broadcast: boolean,
): { thread_ts: string; reply_broadcast: true } | { thread_ts: string } | Record<never, never> {
  if (thread === undefined) return {}
  return broadcast ? { thread_ts: thread, reply_broadcast: true } : { thread_ts: thread }
}

type Found = { channel: string; ts: string; thread?: string | undefined }
type Listed = {
  ts?: string
  thread_ts?: string
  metadata?: { event_type?: string; event_payload?: object }
}

/**
 * The message that carries this key, if Slack has it: in the channel, or in a thread of it, not older
 * than its claim.
 *
 * @param thread the parent's `ts`, where it was to be a reply.
 * @throws Later, SlackDown, Refused when the channel cannot be read: then nobody knows.
 */
export async function find(
  context: Context,
  place: { channel: string; claimedAt: string },
  key: Key,
  { thread, note = '' }: { thread?: string | undefined; note?: string } = {},
): Promise<Found | undefined> {
  const channel = await idOf(context, place.channel)
  if (channel === undefined) return undefined
  const since = {
    channel,
    oldest: String(Date.parse(place.claimedAt) / 1000 - CLOCK_SKEW_SECONDS),
    include_all_metadata: true,
    limit: LOOKED_AT,
  }
  const listed: Listed[] = []
  if (thread !== undefined) {
    const answer = await ask(context, 'conversations.replies', (slack) =>
      slack.conversations.replies({ ...since, ts: thread }),
    )
    listed.push(...((answer.messages ?? []) as Listed[]))
  }
  // A reply whose parent was deleted stands in the channel.
  const answer = await ask(context, 'conversations.history', (slack) =>
    slack.conversations.history(since),
  )
  listed.push(...((answer.messages ?? []) as Listed[]))
  const wanted = metadataOf(key, note).event_payload.key
  const found = listed.find(({ metadata }) => {
    const { key: carried } = (metadata?.event_payload ?? {}) as { key?: string }
    return EVENT_TYPES.has(metadata?.event_type ?? '') && carried === wanted
  })
  return found?.ts === undefined ? undefined : { channel, ts: found.ts, thread: found.thread_ts }
}

/** A channel's id: posting takes its name as well, every other method only the id. */
async function idOf(context: Context, named: string): Promise<string | undefined> {
  if (/^[CG][A-Z0-9]{8,}$/.test(named)) return named
  const name = named.replace(/^#/, '')
  return ask(context, 'conversations.list', async (slack: WebClient) => {
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
  })
}
