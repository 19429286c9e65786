import { Bucket, type Limit } from '../../aws/limits.ts'
import type { World } from '../../aws/world.ts'

/** HTTP 429: try again after so many seconds. */
export class RateLimited extends Error {
  readonly seconds: number

  constructor({ refill }: Limit) {
    super('ratelimited')
    this.seconds = Math.ceil(1 / refill)
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
  posts: perMinute(300),
  many: perMinute(600),
  /** One message a second; short bursts go through. */
  channel: { burst: 5, refill: 1 },
} as const satisfies Record<string, Limit>

/** What is left of the rates, on the simulated clock. */
export class Rates {
  readonly #world: World
  readonly #buckets = new Map<string, Bucket>()

  constructor(world: World) {
    this.#world = world
  }

  /** Counts a call. @throws RateLimited when there were too many. */
  take(what: string, limit: Limit): void {
    const { now } = this.#world
    const bucket = this.#buckets.get(what) ?? new Bucket(limit, now)
    this.#buckets.set(what, bucket)
    if (!bucket.take(now)) throw new RateLimited(limit)
  }
}
