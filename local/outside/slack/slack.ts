import type { World } from '../../aws/world.ts'
import { ConnectionLost } from '../internet.ts'
import { App } from './app.ts'
import { argumentsOf, onlyArguments, SlackError } from './arguments.ts'
import { type ChannelOptions, Channels } from './channels.ts'
import type { BlockRules } from './content.ts'
import { type Connection, Entrance } from './entrance.ts'
import { Files } from './files.ts'
import { Interactions } from './interactions.ts'
import type { SlackMessage } from './message.ts'
import { Messages } from './messages.ts'
import { type Method, methodsOf } from './methods.ts'
import { People, type User } from './people.ts'
import { RateLimited, Rates } from './rates.ts'
import { ResponseUrls } from './response-urls.ts'

export type { SlackMessage }

export type SlackOptions = {
  /** By name or id; there are no others. */
  channels: readonly (string | ChannelOptions)[]
  users?: readonly User[]
  /** The workspace's id. */
  team?: string
  /** What the app may do; what docs/getting-started.md asks for when absent. */
  scopes?: readonly string[]
  /** Block types that Slack has not given to this workspace yet: `invalid_blocks`. */
  refusedBlocks?: readonly string[]
}

/** A Slack workspace with one app in it, as `@slack/web-api` sees it at `https://slack.com/api`. */
export class Slack {
  /** The names under which it answers. */
  static readonly HOSTS = ['slack.com', 'files.slack.com', 'hooks.slack.com'] as const
  readonly app: App
  readonly people: People
  /** What Slack sends to the app. */
  readonly entrance: Entrance
  /** What people do: press, type, write. Each answer comes while the world runs on. */
  readonly does: Interactions
  /** Slack answers nothing but 503. */
  down = false
  /** So many of the next calls are carried out, but their answer is lost on the way. */
  lostAnswers = 0
  /** Block types this workspace refuses. */
  readonly refusedBlocks: Set<string>
  readonly #channels: Channels
  readonly #messages: Messages
  readonly #files: Files
  readonly #urls: ResponseUrls
  readonly #rates: Rates
  readonly #methods: Readonly<Record<string, Method>>

  constructor(world: World, options: SlackOptions) {
    const { channels, users = [], refusedBlocks = [], ...installed } = options
    this.app = new App(installed)
    this.people = new People(world, users)
    this.refusedBlocks = new Set(refusedBlocks)
    this.#channels = new Channels(this.app, channels)
    this.#files = new Files(world, this.app.team)
    this.#rates = new Rates(world)
    const rules: BlockRules = {
      refused: this.refusedBlocks,
      isUsable: (file) => this.#files.isUsable(file),
    }
    this.#messages = new Messages(world, rules)
    this.#urls = new ResponseUrls({
      ...{ world, team: this.app.team, rules },
      ...{ messages: this.#messages, people: this.people },
    })
    this.entrance = new Entrance(world, this.app)
    this.does = new Interactions({
      isDown: () => this.down,
      ...{ world, app: this.app, people: this.people, entrance: this.entrance },
      ...{ channels: this.#channels, messages: this.#messages, urls: this.#urls },
    })
    this.#methods = methodsOf({
      ...{ app: this.app, people: this.people, rules },
      ...{ channels: this.#channels, messages: this.#messages },
      ...{ files: this.#files, rates: this.#rates },
    })
  }

  /** The bot's token. */
  get token(): string {
    return this.app.token
  }

  /** Every message there is, oldest first. */
  get messages(): readonly SlackMessage[] {
    return this.#messages.all
  }

  /** Called after every message that was posted, edited or deleted. Returns how to stop that. */
  onChange(listener: (message: SlackMessage) => void): () => void {
    return this.#messages.onChange(listener)
  }

  /** Answers a request to one of the hosts. @throws ConnectionLost when the answer is to be lost. */
  async handle(request: Request): Promise<Response> {
    if (this.down) return new Response('Service Unavailable', { status: 503 })
    const answer = await this.#host(request)
    if (this.lostAnswers === 0) return answer
    this.lostAnswers--
    throw new ConnectionLost('other side closed')
  }

  /** From now on a method answers 429, for so many seconds. */
  limit(method: string, seconds: number): void {
    this.#rates.close(method, seconds)
  }

  /** Somebody makes a channel. */
  create(channel: ChannelOptions): void {
    this.#channels.add(channel)
  }

  /** Somebody archives a channel: the bot may post there no more. */
  archive(channel: string): void {
    this.#channels.any(channel).archived = true
  }

  unarchive(channel: string): void {
    this.#channels.any(channel).archived = false
  }

  /** Somebody invites the bot to a channel. */
  invite(channel: string): void {
    this.#channels.any(channel).member = true
  }

  /** Somebody removes the bot from a channel. */
  kick(channel: string): void {
    this.#channels.any(channel).member = false
  }

  /** Somebody gives a channel another name; its id and its messages stay. */
  rename(channel: string, name: string): void {
    const found = this.#channels.any(channel)
    found.name = name.replace(/^#/, '')
    for (const message of this.messages) {
      if (message.channelId === found.id) message.channel = `#${found.name}`
    }
  }

  /** A person deletes a message. */
  remove(message: SlackMessage): void {
    this.#messages.remove(message, 'person')
  }

  /** Somebody writes the app's request URLs into its settings. */
  connect(connection: Connection): void {
    this.entrance.connect(connection)
  }

  #host(request: Request): Promise<Response> {
    switch (new URL(request.url).hostname) {
      case 'files.slack.com':
        return this.#files.upload(request)
      case 'hooks.slack.com':
        return this.#urls.handle(request)
      default:
        return this.#answer(request)
    }
  }

  async #answer(request: Request): Promise<Response> {
    const name = new URL(request.url).pathname.replace('/api/', '')
    const headers = {
      'x-oauth-scopes': this.app.scopes.join(','),
      'x-accepted-oauth-scopes': this.#methods[name]?.scopes.join(',') ?? '',
    }
    try {
      return Response.json({ ok: true, ...(await this.#run(name, request)) }, { headers })
    } catch (error) {
      if (error instanceof RateLimited) {
        const retry = { ...headers, 'retry-after': String(error.seconds) }
        return Response.json({ ok: false, error: error.message }, { status: 429, headers: retry })
      }
      if (!(error instanceof SlackError)) throw error
      const { message, messages, more } = error
      const details = messages.length > 0 ? { response_metadata: { messages } } : {}
      return Response.json({ ok: false, error: message, ...more, ...details }, { headers })
    }
  }

  async #run(name: string, request: Request): Promise<object> {
    const given = await argumentsOf(request)
    const bearer = request.headers.get('authorization')?.replace(/^Bearer /, '')
    this.app.authenticate(bearer ?? given.token)
    const method = this.#methods[name]
    if (method === undefined) {
      throw new SlackError('unknown_method', [`[ERROR] the simulated Slack has no method ${name}`])
    }
    this.#rates.take(name, method.limit)
    this.app.need(method.scopes)
    onlyArguments(given, method.takes)
    return method.run(given)
  }
}
