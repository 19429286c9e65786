import type { World } from '../../aws/world.ts'
import { SlackError } from './arguments.ts'
import type { Channel } from './channels.ts'
import { type BlockRules, contentOf } from './content.ts'
import type { Content, SlackMessage } from './message.ts'
import type { Messages } from './messages.ts'
import type { People, Shown } from './people.ts'

/** What an address answers to: who did what where, and the message it was done in, if any. */
export type Origin = {
  user: string
  channel: Channel
  message?: SlackMessage
  ephemeral?: Shown
}

type Address = Origin & { uses: number; until: number }

/** https://docs.slack.dev/interactivity/handling-user-interaction */
const USES = 5
const VALID_MILLISECONDS = 30 * 60_000

type Body = {
  text?: string
  blocks?: unknown
  response_type?: 'ephemeral' | 'in_channel'
  replace_original?: boolean
  delete_original?: boolean
  thread_ts?: string
}

type Parts = {
  world: World
  team: string
  messages: Messages
  people: People
  rules: BlockRules
}

/** The addresses at hooks.slack.com where the app may answer what one person did. */
export class ResponseUrls {
  readonly #world: World
  readonly #team: string
  readonly #messages: Messages
  readonly #people: People
  readonly #rules: BlockRules
  readonly #addresses = new Map<string, Address>()

  constructor({ world, team, messages, people, rules }: Parts) {
    this.#world = world
    this.#team = team
    this.#messages = messages
    this.#people = people
    this.#rules = rules
  }

  /** A new address. `kind` is what Slack's own have in them. */
  make(kind: 'actions' | 'commands', origin: Origin): string {
    const secret = this.#world.random.hex('slack/response-url', 24)
    const url = `https://hooks.slack.com/${kind}/${this.#team}/${secret}`
    this.#addresses.set(url, { ...origin, uses: 0, until: this.#world.now + VALID_MILLISECONDS })
    return url
  }

  /** Answers a request to an address. */
  async handle(request: Request): Promise<Response> {
    try {
      const address = this.#use(request.url)
      this.#respond(address, (await request.json()) as Body)
      return new Response('ok')
    } catch (error) {
      if (!(error instanceof SlackError)) throw error
      return Response.json({ ok: false, error: error.message }, { status: 404 })
    }
  }

  /** What the app answers to a command at once, or later at an address. */
  say(origin: Origin, body: Body): void {
    const { channel, user } = origin
    const content = this.#content(body)
    const { thread_ts: thread } = body
    if (body.response_type === 'in_channel') {
      this.#messages.add(channel, { ...content, thread, broadcast: false })
      return
    }
    this.#people.show(user, {
      ...{ kind: 'ephemeral', channel: `#${channel.name}`, ts: this.#messages.timestamp() },
      ...content,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    })
  }

  #use(url: string): Address {
    const address = this.#addresses.get(url)
    if (address === undefined) throw new SlackError('invalid_url')
    if (this.#world.now >= address.until) throw new SlackError('expired_url')
    if (address.uses >= USES) throw new SlackError('used_url')
    address.uses++
    return address
  }

  #respond(origin: Origin, body: Body): void {
    const { replace_original, delete_original, ...rest } = body
    if (delete_original === true) {
      // It stands alone: Slack takes no message beside it.
      if (Object.keys(rest).length > 0) throw new SlackError('invalid_arguments')
      this.#remove(origin)
    } else if (replace_original === true) this.#replace(origin, this.#content(rest))
    else this.say(origin, rest)
  }

  #replace({ message, ephemeral, user }: Origin, content: Content): void {
    if (ephemeral !== undefined) this.#people.replace(user, ephemeral.ts, content)
    else if (message !== undefined) this.#messages.edit(this.#standing(message), content)
    else throw new SlackError('message_not_found')
  }

  #remove({ message, ephemeral, user }: Origin): void {
    if (ephemeral !== undefined) this.#people.hide(user, ephemeral.ts)
    else if (message !== undefined) this.#messages.remove(this.#standing(message), 'person')
    else throw new SlackError('message_not_found')
  }

  /** @throws SlackError when it was deleted since. */
  #standing({ channelId, ts }: SlackMessage): SlackMessage {
    return this.#messages.find(channelId, ts)
  }

  #content({ text, blocks }: Body): Content {
    const given = {
      ...(text === undefined ? {} : { text }),
      ...(blocks === undefined ? {} : { blocks: JSON.stringify(blocks) }),
    }
    return contentOf(given, this.#rules)
  }
}
