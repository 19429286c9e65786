import type { World } from '../aws/world.ts'

/** Milliseconds: the SDK's own bases of its exponential back-off. */
const BASE = { THROTTLING: 500, other: 100 } as const
const LONGEST = 20_000
const RETRYABLE = ['THROTTLING', 'TRANSIENT']

/** It is never shown; making one takes longer than most calls. */
const NONE_LEFT = new Error('No retry is left')

type Token = { getRetryCount(): number; getRetryCost(): number; getRetryDelay(): number }

/**
 * The SDK's plug for retries, which waits on the simulated clock. The SDK's own strategies wait
 * on the real one and take their jitter from `Math.random`.
 */
export class SimulatedRetry {
  readonly #world: World
  readonly #attempts: number

  constructor(world: World, attempts: number) {
    this.#world = world
    this.#attempts = attempts
  }

  async acquireInitialRetryToken(): Promise<Token> {
    return token(0)
  }

  /** @throws when there is nothing left to try; the SDK then throws the call's own error. */
  async refreshRetryTokenForRetry(
    last: { getRetryCount(): number },
    { errorType }: { errorType: string },
  ): Promise<Token> {
    const retries = last.getRetryCount() + 1
    if (retries >= this.#attempts || !RETRYABLE.includes(errorType)) {
      throw NONE_LEFT
    }
    const base = errorType === 'THROTTLING' ? BASE.THROTTLING : BASE.other
    const longest = Math.min(LONGEST, base * 2 ** (retries - 1))
    const delay = Math.floor(this.#world.random.between('wire/retry', 0, longest))
    await this.#world.idle(() => this.#world.sleep(delay, 'retry of an AWS call'))
    return token(retries)
  }

  recordSuccess(): void {
    // Two attempts need no quota of retries.
  }
}

/** The delay is zero because it is over by then. */
function token(retries: number): Token {
  return { getRetryCount: () => retries, getRetryCost: () => 0, getRetryDelay: () => 0 }
}
