import type { Limit } from '../../aws/limits.ts'
import type { World } from '../../aws/world.ts'
import { ConnectionLost } from '../internet.ts'
import { type Arguments, argumentsOf, onlyArguments, required, SlackError } from './arguments.ts'
import { Channels } from './channels.ts'
import { contentOf, editOf, metadataOf, type SlackMessage, shown } from './message.ts'
import { RATES, RateLimited, Rates } from './rates.ts'

export type { SlackMessage }

type Method = {
  limit: Limit
  /** The arguments whose meaning is simulated, or which change nothing that is. */
  takes: readonly string[]
  run(given: Arguments): object
}

const BOT = { team_id: 'T0CARETAKER', user_id: 'U0CARETAKER', bot_id: 'B0CARETAKER' }
/** What `conversations.history` gives without being asked for a number. */
const PAGE = 100

/** A Slack workspace with one bot in it, as `@slack/web-api` sees it at `https://slack.com/api`. */
export class Slack {
  /** The bot's token. */
  readonly token = 'xoxb-simulated'
  /** Every message there is, oldest first. */
  readonly messages: SlackMessage[] = []
  /** Slack answers nothing but 503. */
  down = false
  /** So many of the next calls are carried out, but their answer is lost on the way. */
  lostAnswers = 0
  readonly #world: World
  readonly #channels: Channels
  readonly #rates: Rates
  readonly #listeners = new Set<(message: SlackMessage) => void>()
  /** Microseconds since the epoch of the newest message; no two have the same. */
  #newest = 0

  /** `channels` by name or id; there are no others. */
  constructor(world: World, { channels }: { channels: readonly string[] }) {
    this.#world = world
    this.#channels = new Channels(channels)
    this.#rates = new Rates(world)
  }

  /** Called after every message that was posted, edited or deleted. Returns how to stop that. */
  onChange(listener: (message: SlackMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Answers a call of the Web API. @throws ConnectionLost when the answer is to be lost. */
  async handle(request: Request): Promise<Response> {
    if (this.down) return new Response('Service Unavailable', { status: 503 })
    const answer = await this.#answer(request)
    if (this.lostAnswers === 0) return answer
    this.lostAnswers--
    throw new ConnectionLost('other side closed')
  }

  async #answer(request: Request): Promise<Response> {
    try {
      const given = await argumentsOf(request)
      this.#authenticate(request, given)
      return Response.json({ ok: true, ...this.#run(request, given) })
    } catch (error) {
      if (error instanceof RateLimited) {
        const headers = { 'retry-after': String(error.seconds) }
        return Response.json({ ok: false, error: error.message }, { status: 429, headers })
      }
      if (!(error instanceof SlackError)) throw error
      const { message, messages } = error
      const details = messages.length > 0 ? { response_metadata: { messages } } : {}
      return Response.json({ ok: false, error: message, ...details })
    }
  }

  #run(request: Request, given: Arguments): object {
    const name = new URL(request.url).pathname.replace('/api/', '')
    const method = this.#methods[name]
    if (method === undefined) {
      throw new SlackError('unknown_method', [`[ERROR] the simulated Slack has no method ${name}`])
    }
    this.#rates.take(name, method.limit)
    onlyArguments(given, method.takes)
    return method.run(given)
  }

  #authenticate({ headers }: Request, given: Arguments): void {
    const token = headers.get('authorization')?.replace(/^Bearer /, '') ?? given.token
    if (token === undefined || token === '') throw new SlackError('not_authed')
    if (token !== this.token) throw new SlackError('invalid_auth')
  }

  /** Somebody archives a channel: the bot may post there no more. */
  archive(channel: string): void {
    this.#channels.archive(channel)
  }

  readonly #methods: Readonly<Record<string, Method>> = {
    'auth.test': {
      limit: RATES.many,
      takes: [],
      run: () => ({ url: 'https://simulated.slack.com/', team: 'simulated', ...BOT }),
    },
    'chat.postMessage': {
      limit: RATES.posts,
      takes: [
        ...['channel', 'text', 'blocks', 'metadata', 'thread_ts'],
        ...['unfurl_links', 'unfurl_media'],
      ],
      run: (given) => this.#post(given),
    },
    'chat.update': {
      limit: RATES.tier3,
      takes: ['channel', 'ts', 'text', 'blocks', 'metadata'],
      run: (given) => this.#update(given),
    },
    'chat.delete': {
      limit: RATES.tier3,
      takes: ['channel', 'ts'],
      run: (given) => this.#delete(given),
    },
    'conversations.list': {
      limit: RATES.tier2,
      takes: ['limit', 'types', 'exclude_archived'],
      run: () => ({ channels: this.#channels.list(), response_metadata: { next_cursor: '' } }),
    },
    'conversations.history': {
      limit: RATES.tier3,
      takes: ['channel', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'],
      run: (given) => this.#history(given),
    },
  }

  #post(given: Arguments): object {
    const channel = this.#channels.find(required(given, 'channel'))
    this.#rates.take(`chat.postMessage/${channel.id}`, RATES.channel)
    const content = contentOf(given)
    const metadata = metadataOf(given)
    const { thread_ts } = given
    if (thread_ts !== undefined) this.#parent(channel.id, thread_ts)
    const message: SlackMessage = {
      channel: `#${channel.name}`,
      channelId: channel.id,
      ts: this.#timestamp(),
      ...content,
      ...(thread_ts === undefined ? {} : { thread_ts }),
      ...(metadata === undefined || metadata === 'removed' ? {} : { metadata }),
      posted: { at: this.#world.date.toISOString(), ...content },
      edits: [],
    }
    this.messages.push(message)
    this.#changed(message)
    return { channel: channel.id, ts: message.ts, message: { ...shown(message), ...BOT } }
  }

  #update(given: Arguments): object {
    const message = this.#message(given)
    const content = editOf(given, message)
    const metadata = metadataOf(given)
    Object.assign(message, content, metadata === undefined ? {} : { metadata })
    if (metadata === 'removed') delete message.metadata
    message.edits.push({ at: this.#world.date.toISOString(), ...content })
    this.#changed(message)
    const { channelId, ts, text } = message
    return { channel: channelId, ts, text, message: { ...shown(message), ...BOT } }
  }

  #delete(given: Arguments): object {
    const message = this.#message(given)
    this.messages.splice(this.messages.indexOf(message), 1)
    this.#changed(message)
    return { channel: message.channelId, ts: message.ts }
  }

  /** A channel's messages, newest first; those in threads are not among them. */
  #history(given: Arguments): object {
    const { id } = this.#channels.byId(required(given, 'channel'))
    const { oldest = '0', latest = '9', inclusive, include_all_metadata } = given
    const within = (ts: string) =>
      (ts > oldest && ts < latest) || (inclusive === 'true' && (ts === oldest || ts === latest))
    const found = this.messages
      .filter((one) => one.channelId === id && one.thread_ts === undefined && within(one.ts))
      .toReversed()
    const limit = Number(given.limit ?? PAGE)
    const messages = found.slice(0, limit).map((one) => ({
      ...shown(one),
      ...BOT,
      ...(include_all_metadata === 'true' && one.metadata ? { metadata: one.metadata } : {}),
    }))
    return { messages, has_more: found.length > limit }
  }

  /** The message an edit names: by the channel's id, not its name. */
  #message(given: Arguments): SlackMessage {
    const { id } = this.#channels.byId(required(given, 'channel'))
    const ts = required(given, 'ts')
    const found = this.messages.find((one) => one.channelId === id && one.ts === ts)
    if (found === undefined) throw new SlackError('message_not_found')
    return found
  }

  #parent(channelId: string, ts: string): void {
    const found = this.messages.find((one) => one.channelId === channelId && one.ts === ts)
    if (found === undefined || found.thread_ts !== undefined) {
      throw new SlackError('thread_not_found')
    }
  }

  #timestamp(): string {
    this.#newest = Math.max(this.#newest + 1, this.#world.now * 1000)
    const digits = String(this.#newest)
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`
  }

  #changed(message: SlackMessage): void {
    for (const listener of this.#listeners) listener(message)
  }
}
