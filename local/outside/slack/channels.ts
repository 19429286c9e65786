import { hash } from '../../aws/random.ts'
import { SlackError } from './arguments.ts'

export type Channel = { id: string; name: string }

/** The channels there are; the bot is a member of each. */
export class Channels {
  readonly #channels: Channel[]
  readonly #archived = new Set<string>()

  /** `names` with or without `#`; what looks like an id is one. */
  constructor(names: readonly string[]) {
    this.#channels = [...new Set(names)].map((name) => ({ id: idOf(name), name: plain(name) }))
  }

  /** All, as `conversations.list` shows them. */
  list(): object[] {
    return this.#channels.map((channel) => ({
      ...channel,
      ...{ is_channel: true, is_private: false, is_member: true },
      is_archived: this.#archived.has(channel.id),
    }))
  }

  /** Nothing is posted to it, or changed in it, any more. */
  archive(channel: string): void {
    this.#archived.add(this.find(channel).id)
  }

  /** By id or by name, as posting takes both. */
  find(channel: string): Channel {
    const found = this.#channels.find(({ id, name }) => id === channel || name === plain(channel))
    if (found === undefined) throw new SlackError('channel_not_found')
    if (this.#archived.has(found.id)) throw new SlackError('is_archived')
    return found
  }

  /** By id alone: every method but posting wants that. */
  byId(channel: string): Channel {
    const found = this.#channels.find(({ id }) => id === channel)
    if (found === undefined) throw new SlackError('channel_not_found')
    return found
  }
}

const plain = (name: string): string => name.replace(/^#/, '')

function idOf(name: string): string {
  if (/^[CG][A-Z0-9]{8,}$/.test(name)) return name
  return `C${hash(plain(name)).toString(36).toUpperCase().padStart(10, '0')}`
}
