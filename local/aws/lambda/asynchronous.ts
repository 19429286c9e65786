import { AwsError } from '../errors.ts'
import { sendRecord, sendToDeadLetterTarget } from './destinations.ts'
import type { Invoker, Result } from './invoker.ts'
import type { LambdaFunction } from './model.ts'
import type { Condition, QueuedEvent } from './queued-event.ts'

/** From the queue to the function. */
const LATENCY = { low: 10, high: 60 }

/** Milliseconds after the first failure and after the second. */
const RETRY_AFTER = [60_000, 120_000]

/** Milliseconds: a throttled event waits a second, then twice as long each time. */
const THROTTLED = { first: 1_000, most: 300_000 }

const DEFAULT_RETRIES = 2
const DEFAULT_AGE_SECONDS = 21_600

/**
 * Asynchronous invocation: the event is taken, run later, and run again when that fails.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsynchronousQueue {
  readonly #invoker: Invoker

  constructor(invoker: Invoker) {
    this.#invoker = invoker
  }

  accept(fn: LambdaFunction, payload: string, requestId: string): void {
    const { world } = this.#invoker.store.aws
    const event: QueuedEvent = { fn, payload, requestId, acceptedAt: world.now, attempts: 0 }
    const wait = Math.round(world.random.between('lambda/queue', LATENCY.low, LATENCY.high))
    world.after(wait, `${fn.name} takes an event from its queue`, () => this.#process(event))
  }

  /** Tries until the event has succeeded or is given up. */
  async #process(event: QueuedEvent): Promise<void> {
    let throttles = 0
    while (this.#exists(event.fn)) {
      if (event.fn.reserved === 0) return this.#giveUp(event, 'ZeroReservedConcurrency')
      const result = await this.#attempt(event)
      if (result !== undefined && result.failure === undefined) {
        return sendRecord(this.#invoker.store.aws, event, 'Success', result)
      }
      throttles = result === undefined ? throttles + 1 : 0
      const { MaximumRetryAttempts = DEFAULT_RETRIES } = event.fn.eventInvoke ?? {}
      if (event.attempts > MaximumRetryAttempts) {
        return this.#giveUp(event, 'RetriesExhausted', result)
      }
      const wait = throttles > 0 ? throttleWait(throttles) : (RETRY_AFTER[event.attempts - 1] ?? 0)
      if (this.#tooOld(event, wait)) return this.#giveUp(event, 'EventAgeExceeded', result)
      await this.#invoker.store.aws.world.sleep(wait, `${event.fn.name} tries an event again`)
    }
  }

  /** @returns undefined when the function was throttled, which is no attempt. */
  async #attempt(event: QueuedEvent): Promise<Result | undefined> {
    const { fn, payload, requestId } = event
    try {
      const result = await this.#invoker.run(fn, { payload, requestId, source: 'Event' })
      event.attempts++
      return result
    } catch (error) {
      if (error instanceof AwsError && error.name === 'TooManyRequestsException') return undefined
      throw error
    }
  }

  #exists(fn: LambdaFunction): boolean {
    return this.#invoker.store.functions.get(fn.name) === fn
  }

  #tooOld({ fn, acceptedAt }: QueuedEvent, wait: number): boolean {
    const { MaximumEventAgeInSeconds = DEFAULT_AGE_SECONDS } = fn.eventInvoke ?? {}
    const age = this.#invoker.store.aws.world.now + wait - acceptedAt
    return age > MaximumEventAgeInSeconds * 1000
  }

  async #giveUp(event: QueuedEvent, condition: Condition, result?: Result): Promise<void> {
    const { aws } = this.#invoker.store
    await sendRecord(aws, event, condition, result)
    await sendToDeadLetterTarget(aws, event, result)
  }
}

const throttleWait = (throttles: number): number =>
  Math.min(THROTTLED.most, THROTTLED.first * 2 ** (throttles - 1))
