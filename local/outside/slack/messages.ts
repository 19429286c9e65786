import type { World } from '../../aws/world.ts'
import { type Arguments, notSimulated, required, SlackError } from './arguments.ts'
import type { Channel } from './channels.ts'
import { type BlockRules, contentOf, editOf, metadataOf } from './content.ts'
import type { Content, SlackMessage } from './message.ts'

/** A message that a person writes, or the bot. */
type Written = Content &
  Pick<SlackMessage, 'metadata' | 'user'> & { thread: string | undefined; broadcast: boolean }

/** The messages of a workspace, their threads, and whom they told. */
export class Messages {
  /** Oldest first. */
  readonly all: SlackMessage[] = []
  readonly #world: World
  readonly #rules: BlockRules
  readonly #listeners = new Set<(message: SlackMessage) => void>()
  /** The messages that were deleted, as `<channel> <ts>`. */
  readonly #deleted = new Set<string>()
  /** Microseconds since the epoch of the newest message; no two have the same. */
  #newest = 0

  constructor(world: World, rules: BlockRules) {
    this.#world = world
    this.#rules = rules
  }

  /** Called after every message that was posted, edited or deleted. Returns how to stop that. */
  onChange(listener: (message: SlackMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** `chat.postMessage`. @throws SlackError for what Slack does not take. */
  post(channel: Channel, given: Arguments): SlackMessage {
    const content = contentOf(given, this.#rules)
    const metadata = metadataOf(given)
    return this.add(channel, {
      ...content,
      ...(metadata === undefined || metadata === 'removed' ? {} : { metadata }),
      thread: given.thread_ts,
      broadcast: given.reply_broadcast === 'true',
    })
  }

  /**
   * A new message. A reply whose parent was deleted is no reply any more: Slack takes it without an
   * error, and it stands in the channel for everybody to see (slack-go/slack#1571).
   */
  add(channel: Channel, { thread, broadcast, ...written }: Written): SlackMessage {
    const parent = thread === undefined ? undefined : this.#parent(channel.id, thread)
    const { text, blocks } = written
    const at = this.#world.date.toISOString()
    const message: SlackMessage = {
      channel: `#${channel.name}`,
      channelId: channel.id,
      ts: this.timestamp(),
      ...written,
      ...(parent === undefined ? {} : { thread_ts: parent.ts }),
      ...(parent !== undefined && broadcast ? { broadcast } : {}),
      notifiedAt: parent === undefined || broadcast ? [at] : [],
      posted: { at, text, blocks },
      edits: [],
    }
    this.all.push(message)
    this.#changed(message)
    return message
  }

  /** `chat.update`: content and metadata, or that a reply is shown in the channel from now on. */
  update(message: SlackMessage, given: Arguments): void {
    if (message.user !== undefined) throw new SlackError('cant_update_message')
    const says = given.text !== undefined || given.blocks !== undefined
    if (given.reply_broadcast === 'true') {
      if (says) throw new SlackError('no_dual_broadcast_content_update')
      this.#broadcast(message)
      return
    }
    const content = editOf(given, message, this.#rules)
    const metadata = metadataOf(given)
    if (metadata === 'removed') delete message.metadata
    else if (metadata !== undefined) message.metadata = metadata
    this.edit(message, content)
  }

  edit(message: SlackMessage, content: Content): void {
    Object.assign(message, content)
    message.edits.push({ at: this.#world.date.toISOString(), ...content })
    this.#changed(message)
  }

  #broadcast(message: SlackMessage): void {
    if (message.thread_ts === undefined) throw notSimulated('reply_broadcast of what is no reply')
    if (message.broadcast) return
    message.broadcast = true
    message.notifiedAt.push(this.#world.date.toISOString())
    this.#changed(message)
  }

  /** What the bot deletes must be its own; a person may delete any. */
  remove(message: SlackMessage, by: 'bot' | 'person'): void {
    if (by === 'bot' && message.user !== undefined) throw new SlackError('cant_delete_message')
    this.all.splice(this.all.indexOf(message), 1)
    this.#deleted.add(`${message.channelId} ${message.ts}`)
    this.#changed(message)
  }

  /** The message a call names, by the channel's id and its own. */
  find(channelId: string, ts: string): SlackMessage {
    const found = this.all.find((one) => one.channelId === channelId && one.ts === ts)
    if (found === undefined) throw new SlackError('message_not_found')
    return found
  }

  repliesTo(channelId: string, ts: string): SlackMessage[] {
    return this.all.filter((one) => one.channelId === channelId && one.thread_ts === ts)
  }

  wasDeleted(channelId: string, ts: string): boolean {
    return this.#deleted.has(`${channelId} ${ts}`)
  }

  /** The parents that were deleted while they had replies; Slack goes on showing that they were there. */
  tombstones(channelId: string): string[] {
    return [...this.#deleted]
      .map((key) => key.split(' '))
      .filter(
        ([channel, ts = '']) => channel === channelId && this.repliesTo(channelId, ts).length > 0,
      )
      .map(([, ts = '']) => ts)
  }

  /** A name for something that is posted now. */
  timestamp(): string {
    this.#newest = Math.max(this.#newest + 1, this.#world.now * 1000)
    const digits = String(this.#newest)
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`
  }

  /** Undefined for a parent that was deleted. @throws SlackError for what never was a parent. */
  #parent(channelId: string, ts: string): SlackMessage | undefined {
    if (this.wasDeleted(channelId, ts)) return undefined
    const found = this.all.find((one) => one.channelId === channelId && one.ts === ts)
    if (found === undefined) throw new SlackError('thread_not_found')
    // What becomes of such a message is not documented, only that it goes wrong.
    if (found.thread_ts !== undefined) throw notSimulated('thread_ts of a reply; give its parent’s')
    return found
  }

  #changed(message: SlackMessage): void {
    for (const listener of this.#listeners) listener(message)
  }
}

/** Which part of a conversation a call asks for. */
export function within(given: Arguments): (ts: string) => boolean {
  const { oldest = '0', latest = '9', inclusive } = given
  return (ts) =>
    (ts > oldest && ts < latest) || (inclusive === 'true' && (ts === oldest || ts === latest))
}

/** A page of a list, and the cursor of the next one; Slack's cursors say nothing either. */
export function page<Item>(items: readonly Item[], given: Arguments, size: number) {
  const from = given.cursor === undefined || given.cursor === '' ? 0 : placeOf(given.cursor)
  const to = from + Number(given.limit ?? size)
  const more = to < items.length
  const next = more ? Buffer.from(`next:${to}`).toString('base64') : ''
  return { items: items.slice(from, to), more, next }
}

function placeOf(cursor: string): number {
  const place = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]
  if (place === undefined) throw new SlackError('invalid_cursor')
  return Number(place)
}

/** The message that a call names with `channel` and `ts`. */
export const named = (messages: Messages, channel: Channel, given: Arguments): SlackMessage =>
  messages.find(channel.id, required(given, 'ts'))
