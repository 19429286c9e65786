import type { Caller } from '../aws.ts'
import type { World } from '../world.ts'

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html */
const VALID_MS = 12 * 3_600_000

type Token = { caller: Caller; expires: number }

/** Whose a password is: a caller's, none's (it was never given out), or of somebody in the past. */
export type Holder = { caller: Caller } | 'unknown' | 'expired'

/** The passwords that `GetAuthorizationToken` gives out: who has one acts as who asked for it. */
export class Tokens {
  readonly #world: World
  readonly #given = new Map<string, Token>()

  constructor(world: World) {
    this.#world = world
  }

  give(caller: Caller): { password: string; expiresAt: Date } {
    const { now, random } = this.#world
    const password = random.hex('ecr/password', 64)
    this.#forget(now - VALID_MS)
    this.#given.set(password, { caller, expires: now + VALID_MS })
    return { password, expiresAt: new Date(now + VALID_MS) }
  }

  holder(password: string): Holder {
    const token = this.#given.get(password)
    if (token === undefined) return 'unknown'
    return token.expires <= this.#world.now ? 'expired' : { caller: token.caller }
  }

  /** Those that ended before are unknown from now on; the oldest come first. */
  #forget(before: number): void {
    for (const [password, { expires }] of this.#given) {
      if (expires >= before) return
      this.#given.delete(password)
    }
  }
}
