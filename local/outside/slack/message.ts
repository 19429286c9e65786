import { type Arguments, parsed, SlackError } from './arguments.ts'
import { areTooLong, type Block, problemsOf } from './blocks.ts'

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
  /** The message whose thread this is in. */
  thread_ts?: string
  metadata?: Metadata
  /** What it said first. */
  posted: Content & { at: string }
  /** What each edit made of it, oldest first. */
  edits: (Content & { at: string })[]
}

/** A message as the Web API shows it. */
export function shown({ ts, text, blocks, thread_ts }: SlackMessage): object {
  return { type: 'message', ts, text, blocks, ...(thread_ts === undefined ? {} : { thread_ts }) }
}

/** Beyond this `chat.postMessage` cuts the text off; `chat.update` refuses it at a tenth. */
const TEXT_POSTED = 40_000
const TEXT_UPDATED = 4_000

/** @throws SlackError for what Slack does not take as a new message. */
export function contentOf(given: Arguments): Content {
  const blocks = blocksOf(given) ?? []
  const { text = '' } = given
  if (text === '' && blocks.length === 0) throw new SlackError('no_text')
  return { text: text.slice(0, TEXT_POSTED), blocks }
}

/**
 * What an edit makes of a message. Text without blocks removes the blocks, blocks alone keep the
 * text. https://docs.slack.dev/reference/methods/chat.update
 */
export function editOf(given: Arguments, { text, blocks }: Content): Content {
  const edited = blocksOf(given)
  if (given.text === undefined && edited === undefined) throw new SlackError('no_text')
  if ((given.text?.length ?? 0) > TEXT_UPDATED) throw new SlackError('msg_too_long')
  return {
    text: given.text ?? text,
    blocks: edited ?? (given.text === undefined ? blocks : []),
  }
}

/** The metadata of a call; `{}` removes a message's. */
export function metadataOf({ metadata }: Arguments): Metadata | undefined | 'removed' {
  if (metadata === undefined) return undefined
  const value = parsed(metadata, 'invalid_metadata_format') as Partial<Metadata>
  if (Object.keys(value).length === 0) return 'removed'
  const { event_type, event_payload } = value
  if (typeof event_type !== 'string' || typeof event_payload !== 'object') {
    throw new SlackError('invalid_metadata_format')
  }
  return { event_type, event_payload }
}

function blocksOf(given: Arguments): Block[] | undefined {
  if (given.blocks === undefined) return undefined
  const blocks = parsed(given.blocks, 'invalid_blocks_format')
  const problems = problemsOf(blocks)
  if (problems.length > 0) throw new SlackError('invalid_blocks', problems)
  if (areTooLong(blocks)) throw new SlackError('msg_blocks_too_long')
  return blocks as Block[]
}
