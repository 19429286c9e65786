import { type Arguments, required, SlackError } from './arguments.ts'
import type { Channels } from './channels.ts'
import { type SlackMessage, shown } from './message.ts'
import { type Messages, page, within } from './messages.ts'

/** What `conversations.history` gives without being asked for a number. */
const PAGE = 100
/** And `conversations.replies`. */
const REPLIES = 1000

/** A channel's messages, newest first; of those in threads only the ones that were broadcast. */
export function history(channels: Channels, messages: Messages, given: Arguments): object {
  const { id } = channels.toRead(required(given, 'channel'))
  const inRange = within(given)
  const found = [
    ...messages.all
      .filter((one) => one.channelId === id)
      .filter((one) => one.thread_ts === undefined || one.broadcast)
      .map((one) => ({ ts: one.ts, show: () => inHistory(messages, one, given) })),
    ...messages.tombstones(id).map((ts) => ({ ts, show: () => tombstone(messages, id, ts) })),
  ]
    .filter(({ ts }) => inRange(ts))
    .toSorted((a, b) => (a.ts < b.ts ? 1 : -1))
  const { items, more, next } = page(found, given, PAGE)
  return {
    messages: items.map(({ show }) => show()),
    has_more: more,
    response_metadata: { next_cursor: next },
  }
}

/** A thread, its parent first; `ts` may name the parent or a reply. */
export function replies(channels: Channels, messages: Messages, given: Arguments): object {
  const { id } = channels.toRead(required(given, 'channel'))
  const ts = required(given, 'ts')
  const one = messages.all.find((message) => message.channelId === id && message.ts === ts)
  const parent = one?.thread_ts ?? ts
  const inThread = messages.repliesTo(id, parent)
  const gone = messages.wasDeleted(id, parent) && inThread.length > 0
  if (one === undefined && !gone) throw new SlackError('thread_not_found')
  const first = messages.all.find((message) => message.channelId === id && message.ts === parent)
  const inRange = within(given)
  const { items, more, next } = page(
    inThread.filter((reply) => inRange(reply.ts)),
    given,
    REPLIES,
  )
  return {
    messages: [
      first === undefined ? tombstone(messages, id, parent) : inHistory(messages, first, given),
      ...items.map((reply) => withMetadata(reply, given)),
    ],
    has_more: more,
    response_metadata: { next_cursor: next },
  }
}

/** A parent tells how many replies it has. */
function inHistory(messages: Messages, message: SlackMessage, given: Arguments): object {
  const { length } = messages.repliesTo(message.channelId, message.ts)
  const latest = messages.repliesTo(message.channelId, message.ts).at(-1)?.ts
  return {
    ...withMetadata(message, given),
    ...(length === 0 ? {} : { thread_ts: message.ts, reply_count: length, latest_reply: latest }),
  }
}

const withMetadata = (message: SlackMessage, given: Arguments): object => ({
  ...shown(message),
  ...(given.include_all_metadata === 'true' && message.metadata
    ? { metadata: message.metadata }
    : {}),
})

/** What stands for a parent that was deleted while it had replies. */
const tombstone = (messages: Messages, channelId: string, ts: string): object => ({
  ...{ type: 'message', subtype: 'tombstone', user: 'USLACKBOT', hidden: true },
  ...{ ts, thread_ts: ts, text: 'This message was deleted.' },
  reply_count: messages.repliesTo(channelId, ts).length,
})
