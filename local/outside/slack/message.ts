import { BOT } from './app.ts'

export type Block = Record<string, unknown> & { type: string }

/** What a message says at one time. */
export type Content = { text: string; blocks: Block[] }

export type Metadata = { event_type: string; event_payload: Record<string, unknown> }

/** A message as it stands in its channel now, and how it came to that. */
export type SlackMessage = Content & {
  /** The channel's name, with `#`. */
  channel: string
  channelId: string
  /** Slack's name of the message: seconds and microseconds since the epoch. */
  ts: string
  /** The person who wrote it; the bot did when absent. */
  user?: string
  /** The message whose thread this is in. */
  thread_ts?: string
  /** A reply that is shown in the channel too. */
  broadcast?: true
  /** When the channel's people were told of it: as it was posted, or as a reply was broadcast. */
  notifiedAt: string[]
  metadata?: Metadata
  /** What it said first. */
  posted: Content & { at: string }
  /** What each edit made of it, oldest first. */
  edits: (Content & { at: string })[]
}

/** A message as the Web API and the payloads of interactions show it. */
export function shown(message: SlackMessage): object {
  const { ts, text, blocks, thread_ts, user, broadcast } = message
  return {
    type: 'message',
    ...(broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...{ ts, text, blocks },
    ...(user === undefined
      ? { user: BOT.user, bot_id: BOT.bot, app_id: BOT.app }
      : { user, client_msg_id: `${ts}-${user}` }),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  }
}
