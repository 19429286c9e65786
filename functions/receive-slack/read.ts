import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { instant } from '../../domain/time.ts'
import { type Asked, asked } from '../shared/slack/asked.ts'

/** What a signed request is: something to hand on, a handshake to answer, or neither. */
export type Meant = { asked: Asked } | { challenge: string } | 'nothing'

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const command = z.object({
  command: z.string(),
  text: z._default(z.string(), ''),
  team_id: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
  response_url: z.string(),
  trigger_id: z.string(),
})

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const press = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), team_id: z.optional(z.string()) }),
  /** Null where the app is installed for a whole organization. */
  team: z.nullish(z.object({ id: z.string() })),
  channel: z.object({ id: z.string() }),
  message: z.optional(
    z.object({
      text: z._default(z.string(), ''),
      blocks: z._default(z.array(z.looseObject({})), []),
    }),
  ),
  response_url: z.string(),
  /** A link has no value: what it does, the browser has done. */
  actions: z.array(z.object({ value: z.optional(z.string()), action_ts: z.string() })),
})

/** https://docs.slack.dev/reference/events/app_mention */
const mention = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string(),
  event_time: z.number(),
  authorizations: z._default(z.array(z.object({ user_id: z.string() })), []),
  event: z.object({
    type: z.literal('app_mention'),
    user: z.string(),
    text: z.string(),
    channel: z.string(),
    ts: z.string(),
    thread_ts: z.optional(z.string()),
    subtype: z.optional(z.string()),
    bot_id: z.optional(z.string()),
    edited: z.optional(z.unknown()),
  }),
})

const challenge = z.object({ type: z.literal('url_verification'), challenge: z.string() })

/** A command, at most: what is longer is none, and Lambda's queue takes no more than 256 kB. */
const TEXT = 4000
const BLOCKS = 100_000

/**
 * What a signed request asks for.
 *
 * @param timestamp of its signature, in seconds.
 */
export function meantBy(body: string, contentType: string, timestamp: string): Meant {
  const at = instant(new Date(Number(timestamp) * 1000))
  if (contentType.startsWith('application/json')) return inJson(jsonIn(body))
  const form = Object.fromEntries(new URLSearchParams(body))
  if (form.payload !== undefined) return pressIn(jsonIn(form.payload), at)
  const read = command.safeParse(form)
  if (!read.success) return 'nothing'
  const { text, team_id: team, user_id: user, channel_id: channel } = read.data
  return handedOn({
    ...{ kind: 'command', id: idOf(read.data.trigger_id), at, team, user, channel },
    ...{ text: text.slice(0, TEXT), responseUrl: read.data.response_url },
  })
}

function pressIn(payload: unknown, at: string): Meant {
  const read = press.safeParse(payload)
  const [action] = read.data?.actions ?? []
  if (!read.success || action?.value === undefined) return 'nothing'
  const { user, channel, message, response_url: responseUrl } = read.data
  const team = read.data.team?.id ?? user.team_id ?? ''
  const isSmall = JSON.stringify(message?.blocks ?? []).length <= BLOCKS
  return handedOn({
    kind: 'press',
    id: idOf(`${user.id} ${action.value} ${action.action_ts}`),
    ...{ at, team, user: user.id, channel: channel.id, responseUrl },
    intent: action.value.slice(0, 200),
    ...(message !== undefined && isSmall
      ? { message: { text: message.text.slice(0, TEXT), blocks: message.blocks } }
      : {}),
  })
}

function inJson(value: unknown): Meant {
  const handshake = challenge.safeParse(value)
  if (handshake.success) return { challenge: handshake.data.challenge }
  const read = mention.safeParse(value)
  if (!read.success) return 'nothing'
  const { event, team_id: team, event_id, event_time, authorizations } = read.data
  const text = commandIn(event.text)
  const isOwn = authorizations.some(({ user_id }) => user_id === event.user)
  const isWritten = event.bot_id === undefined && event.subtype === undefined && !isOwn
  // What a bot says, and what was said before and is only edited, is never a command.
  if (!isWritten || event.edited !== undefined || text === undefined) return 'nothing'
  return handedOn({
    ...{ kind: 'mention', id: idOf(event_id), at: instant(new Date(event_time * 1000)), team },
    ...{ user: event.user, channel: event.channel, text: text.slice(0, TEXT) },
    thread: event.thread_ts ?? event.ts,
  })
}

/** What stands behind the bot's name, where a message begins with it; else nobody speaks to it. */
const commandIn = (text: string): string | undefined =>
  /^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*([\s\S]*)$/.exec(text)?.[1]

const handedOn = (value: z.input<typeof asked>): Meant => {
  const read = asked.safeParse(value)
  return read.success ? { asked: read.data } : 'nothing'
}

/** Enough digits that two requests do not meet, few enough to be read out. */
const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
