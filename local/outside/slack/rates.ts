import { Bucket, type Limit } from '../../aws/limits.ts'
import type { World } from '../../aws/world.ts'

/** HTTP 429: try again after so many seconds. */
export class RateLimited extends Error {
  readonly seconds: number

  constructor(seconds: number) {
    super('ratelimited')
    this.seconds = Math.ceil(seconds)
  }
}

/** So many calls a minute. */
const perMinute = (calls: number): Limit => ({ burst: calls, refill: calls / 60 })

/**
 * https://docs.slack.dev/apis/web-api/rate-limits: the tiers of the methods, and what posting may
 * do in one channel. `posts` and `many` stand for "several hundred a minute".
 */
export const RATES = {
  tier2: perMinute(20),
  tier3: perMinute(50),
  tier4: perMinute(100),
  posts: perMinute(300),
  many: perMinute(600),
  /** One message a second; short bursts go through. */
  channel: { burst: 5, refill: 1 },
} as const satisfies Record<string, Limit>

/** What is left of the rates, on the simulated clock. */
export class Rates {
  readonly #world: World
  readonly #buckets = new Map<string, Bucket>()
  /** Methods that answer 429 until an instant, whatever was called before. */
  readonly #closed = new Map<string, number>()

  constructor(world: World) {
    this.#world = world
  }

  /** From now on every call of a method is one too many, for so many seconds. */
  close(what: string, seconds: number): void {
    this.#closed.set(what, this.#world.now + seconds * 1000)
  }

  /** Counts a call. @throws RateLimited when there were too many. */
  take(what: string, limit: Limit): void {
    const { now } = this.#world
    const until = this.#closed.get(what) ?? now
    if (until > now) throw new RateLimited((until - now) / 1000)
    const bucket = this.#buckets.get(what) ?? new Bucket(limit, now)
    this.#buckets.set(what, bucket)
    if (!bucket.take(now)) throw new RateLimited(1 / limit.refill)
  }
}
