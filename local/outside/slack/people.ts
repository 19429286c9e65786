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

/** What a person cannot do: nobody of that name, no such button, Slack out of reach. */
export class CannotDo extends Error {
  override readonly name = 'CannotDo'
}

/** The people of a workspace, and what Slack shows to each of them alone. */
export class People {
  readonly users: readonly User[]
  readonly #world: World
  readonly #shown = new Map<string, readonly Shown[]>()

  constructor(world: World, users: readonly User[]) {
    this.#world = world
    this.users = users
  }

  /** By id, name or e-mail. */
  find(who: string): User | undefined {
    return this.users.find(({ id, name, email }) => [id, name, email].includes(who))
  }

  /** @throws when there is nobody of that id, name or e-mail. */
  get(who: string): User {
    const found = this.find(who)
    if (found !== undefined) return found
    const known = this.users.map(({ name }) => name).join(', ') || 'nobody'
    throw new CannotDo(`There is no Slack user ${who}; there is ${known}`)
  }

  show(userId: string, what: Omit<Shown, 'at'>): void {
    const shown = { ...what, at: this.#world.date.toISOString() }
    this.#shown.set(userId, [...this.shownTo(userId), shown])
  }

  replace(userId: string, ts: string, content: Content): void {
    const changed = this.shownTo(userId).map((one) =>
      one.ts === ts ? { ...one, ...content } : one,
    )
    this.#shown.set(userId, changed)
  }

  hide(userId: string, ts: string): void {
    this.#shown.set(
      userId,
      this.shownTo(userId).filter((one) => one.ts !== ts),
    )
  }

  /** Oldest first; what was deleted since is not among it. */
  shownTo(userId: string): readonly Shown[] {
    return this.#shown.get(userId) ?? []
  }
}
