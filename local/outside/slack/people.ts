import type { World } from '../../aws/world.ts'
import type { Content } from './message.ts'

/** A person in the workspace. */
export type User = { id: string; name: string; email: string; timeZone: string }

/** What one person alone sees: a message only for them, or an error of Slack's. */
export type Shown = Content & {
  kind: 'ephemeral' | 'error'
  /** The channel's name, with `#`. */
  channel: string
  ts: string
  at: string
  thread_ts?: string
}

/** The people of a workspace, and what Slack shows to each of them alone. */
export class People {
  readonly users: readonly User[]
  readonly #world: World
  readonly #shown = new Map<string, Shown[]>()

  constructor(world: World, users: readonly User[]) {
    this.#world = world
    this.users = users
  }

  /** By id, name or e-mail. */
  find(who: string): User | undefined {
    return this.users.find(({ id, name, email }) => [id, name, email].includes(who))
  }

  show(userId: string, what: Omit<Shown, 'at'>): Shown {
    const shown = { ...what, at: this.#world.date.toISOString() }
    this.#shown.set(userId, [...this.shownTo(userId), shown])
    return shown
  }

  /** Oldest first; what was deleted since is not among it. */
  shownTo(userId: string): readonly Shown[] {
    return this.#shown.get(userId) ?? []
  }
}
