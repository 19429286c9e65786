import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'
import type { World } from '../world.ts'
import { type QueueAttributes, type RedrivePolicy, redrivePolicy } from './attributes.ts'
import type { MessageAttributes } from './digest.ts'

/** A message in a queue. Times are milliseconds since the epoch. */
export type StoredMessage = {
  readonly id: string
  readonly body: string
  readonly attributes: MessageAttributes
  readonly sender: string
  readonly sentAt: number
  /** Before this it is delayed (never received) or in flight. */
  visibleAt: number
  receives: number
  firstReceivedAt?: number
  /** Of the latest receive. */
  receiptHandle?: string
  /** The ARN of the queue it was moved here from. */
  deadLetterSource?: string
}

/** Longest a message can stay in flight after it was received: 12 hours. */
const LONGEST_IN_FLIGHT_SECONDS = 43_200

/**
 * A standard queue: at least once, in the order of sending as far as visibility allows.
 *
 * Nothing ticks: a message is visible, in flight or expired by comparison with the clock.
 */
export class Queue {
  readonly name: string
  readonly arn: string
  readonly url: string
  readonly createdAt: number
  readonly attributes: QueueAttributes
  readonly tags: Tags
  modifiedAt: number
  purgedAt = Number.NEGATIVE_INFINITY
  readonly #world: World
  #messages: StoredMessage[] = []
  readonly #waiting = new Set<() => void>()

  constructor(
    world: World,
    named: { name: string; arn: string; url: string },
    settings: { attributes: QueueAttributes; tags: Tags },
  ) {
    this.#world = world
    this.name = named.name
    this.arn = named.arn
    this.url = named.url
    this.attributes = settings.attributes
    this.tags = settings.tags
    this.createdAt = world.now
    this.modifiedAt = world.now
  }

  /** A numeric attribute, in its own unit. */
  number(attribute: string): number {
    return Number(this.attributes[attribute])
  }

  get redrive(): RedrivePolicy | undefined {
    const { RedrivePolicy } = this.attributes
    return RedrivePolicy ? redrivePolicy(RedrivePolicy) : undefined
  }

  /** What is in the queue now, oldest first, in whatever state. */
  get messages(): readonly StoredMessage[] {
    const oldest = this.#world.now - this.number('MessageRetentionPeriod') * 1000
    this.#messages = this.#messages.filter(({ sentAt }) => sentAt > oldest)
    return this.#messages
  }

  /** How many messages can be received, are in flight, and are not yet to be seen. */
  get counts(): { visible: number; inFlight: number; delayed: number } {
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > this.#world.now)
    const inFlight = hidden.filter(({ receives }) => receives > 0).length
    return {
      visible: this.#messages.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
    }
  }

  add(message: StoredMessage): void {
    this.#messages.push(message)
    this.wake()
  }

  /** Lets everybody who waits for a message look again. */
  wake(): void {
    for (const wake of this.#waiting) wake()
  }

  /**
   * While nothing is in the queue, in whatever state, there is nothing to ask for: for pollers.
   *
   * @returns what resolves when that may have changed; undefined when there is something.
   */
  untilFilled(): Promise<void> | undefined {
    if (this.#messages.length > 0) return undefined
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        resolve()
      }
      this.#waiting.add(wake)
    })
  }

  /**
   * Receives up to `limit` messages, which are then invisible for `seconds`. A message that has been
   * received too often goes to the dead-letter queue instead, which is asked for only then.
   */
  receive(
    limit: number,
    seconds: number,
    deadLetterQueue: () => Queue | undefined,
  ): StoredMessage[] {
    // Most polls find nothing.
    if (this.#messages.length === 0) return []
    const { now } = this.#world
    const deadLetters = deadLetterQueue()
    const most = this.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY
    const received: StoredMessage[] = []
    for (const message of [...this.messages]) {
      if (received.length === limit) break
      if (message.visibleAt > now) continue
      if (deadLetters !== undefined && message.receives >= most) {
        this.#move(message, deadLetters)
        continue
      }
      message.receives++
      message.firstReceivedAt ??= now
      message.visibleAt = now + seconds * 1000
      message.receiptHandle = this.#newHandle(message)
      received.push(message)
    }
    return received
  }

  /** Nothing happens for an outdated handle: the message has been received again since. */
  delete(receiptHandle: string): void {
    const message = this.#handled(receiptHandle)
    if (message?.receiptHandle === receiptHandle) this.#remove(message)
  }

  /** @throws AwsError MessageNotInflight, InvalidParameterValue */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const { now } = this.#world
    const message = this.#handled(receiptHandle)
    // Of one that is deleted SQS says that its handle is of no use any more.
    if (message === undefined) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      )
    }
    if (message.receiptHandle !== receiptHandle || message.visibleAt <= now) {
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.')
    }
    const since = message.firstReceivedAt ?? now
    if (now + seconds * 1000 > since + LONGEST_IN_FLIGHT_SECONDS * 1000) {
      const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].'
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: ${reason}`,
      )
    }
    message.visibleAt = now + seconds * 1000
    this.wake()
  }

  purge(): void {
    this.#messages = []
    this.purgedAt = this.#world.now
  }

  /** Resolves when a message may have become visible, at the latest at `until`. */
  changed(until: number): Promise<void> {
    const { now } = this.#world
    const soonest = this.messages
      .map(({ visibleAt }) => visibleAt)
      .filter((at) => at > now)
      .reduce((first, at) => Math.min(first, at), until)
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        timer.cancel()
        resolve()
      }
      const timer = this.#world.at(soonest, 'sqs long poll', wake)
      this.#waiting.add(wake)
    })
  }

  #move(message: StoredMessage, deadLetterQueue: Queue): void {
    this.#remove(message)
    // It keeps its age: in the dead-letter queue of a standard queue it expires from when it was sent.
    const { receiptHandle, ...moved } = message
    deadLetterQueue.add({ ...moved, receives: 0, deadLetterSource: this.arn })
  }

  #remove(message: StoredMessage): void {
    this.#messages = this.#messages.filter((one) => one !== message)
  }

  #newHandle({ id, receives }: StoredMessage): string {
    const nonce = this.#world.random.hex('sqs/receipt', 16)
    return Buffer.from([this.name, id, receives, nonce].join(' ')).toString('base64')
  }

  /** The message of a handle; undefined when it is gone. @throws AwsError ReceiptHandleIsInvalid */
  #handled(receiptHandle: string): StoredMessage | undefined {
    const [name, id, , nonce] = Buffer.from(receiptHandle, 'base64').toString().split(' ')
    if (name !== this.name || nonce === undefined) {
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
      )
    }
    return this.messages.find((message) => message.id === id)
  }
}
