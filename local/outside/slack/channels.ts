import { hash } from '../../aws/random.ts'
import type { App } from './app.ts'
import { SlackError } from './arguments.ts'
import { CannotDo } from './people.ts'

export type Channel = {
  readonly id: string
  name: string
  readonly private: boolean
  /** Whether the bot is in it. */
  member: boolean
  archived: boolean
}

/** A channel as a test asks for it: by default public, with the bot in it. */
export type ChannelOptions = { name: string; private?: boolean; member?: boolean }

/** The channels there are, as the app may see and use them. */
export class Channels {
  readonly #app: App
  readonly #channels: Channel[]

  /** Names with or without `#`; what looks like an id is one. */
  constructor(app: App, channels: readonly (string | ChannelOptions)[]) {
    this.#app = app
    const options = channels.map((one) => (typeof one === 'string' ? { name: one } : one))
    this.#channels = options
      .filter(({ name }, index) => options.findIndex((one) => one.name === name) === index)
      .map(channelOf)
  }

  /** Those the app sees, as `conversations.list` shows them. */
  list({ types, archived }: { types: readonly string[]; archived: boolean }): object[] {
    return this.#channels
      .filter((one) => this.#isSeen(one) && (archived || !one.archived))
      .filter((one) => types.includes(one.private ? 'private_channel' : 'public_channel'))
      .map(shownChannel)
  }

  /** Somebody makes a channel. */
  add(options: ChannelOptions): Channel {
    const channel = channelOf(options)
    this.#channels.push(channel)
    return channel
  }

  /** Where a person is when a test does not say it. */
  get first(): Channel {
    const [first] = this.#channels
    if (first === undefined) throw new CannotDo('There is no Slack channel')
    return first
  }

  /** Any channel by id or name, whether the app sees it or not. @throws when there is none. */
  any(channel: string): Channel {
    const found = this.#channels.find(({ id, name }) => id === channel || name === plain(channel))
    if (found === undefined) throw new CannotDo(`There is no Slack channel ${channel}`)
    return found
  }

  /** By id or by name, as posting takes both. @throws SlackError when the bot may not post there. */
  toPostIn(channel: string): Channel {
    const found = this.#channels.find(({ id, name }) => id === channel || name === plain(channel))
    if (found === undefined || !this.#isSeen(found)) throw new SlackError('channel_not_found')
    if (found.archived) throw new SlackError('is_archived')
    if (!found.member && !this.#app.has('chat:write.public')) throw new SlackError('not_in_channel')
    return found
  }

  /** By id alone: every method but posting wants that. */
  byId(channel: string): Channel {
    const found = this.#channels.find(({ id }) => id === channel)
    if (found === undefined || !this.#isSeen(found)) throw new SlackError('channel_not_found')
    return found
  }

  /** To read messages from: the bot must be in it, and have the scope of its kind. */
  toRead(channel: string): Channel {
    const found = this.byId(channel)
    this.#app.need([found.private ? 'groups:history' : 'channels:history'])
    if (!found.member) throw new SlackError('not_in_channel')
    return found
  }

  /** A private channel does not exist for an app that is not in it. */
  #isSeen(channel: Channel): boolean {
    return channel.member || !channel.private
  }
}

export const shownChannel = (channel: Channel): object => ({
  id: channel.id,
  name: channel.name,
  ...{ is_channel: !channel.private, is_group: channel.private, is_private: channel.private },
  ...{ is_member: channel.member, is_archived: channel.archived },
})

function channelOf({ name, private: isPrivate = false, member = true }: ChannelOptions): Channel {
  return { id: idOf(name), name: plain(name), private: isPrivate, member, archived: false }
}

const plain = (name: string): string => name.replace(/^#/, '')

function idOf(name: string): string {
  if (/^[CG][A-Z0-9]{8,}$/.test(name)) return name
  return `C${hash(plain(name)).toString(36).toUpperCase().padStart(10, '0')}`
}
