import type { Aws, Caller } from '../aws.ts'
import { type TargetCall, targetCall } from '../target-call.ts'
import { type DeadLetterQueue, deliver } from '../targets.ts'
import { filter } from './filter.ts'
import { envelope, functionEvent, textFor } from './format.ts'
import {
  isPending,
  type JournalEntry,
  type Notification,
  type Subscription,
  type Topic,
} from './model.ts'
import { deadLetterQueueOf } from './subscriptions.ts'

/** 100,015 attempts over 23 days, for endpoints that AWS manages. */
const RETRY = { MaximumRetryAttempts: 100_014, MaximumEventAgeInSeconds: 23 * 86_400 }

/** Hands notifications to the subscriptions that take them. */
export class DeliveryAgent {
  readonly journal: JournalEntry[] = []
  readonly #aws: Aws

  constructor(aws: Aws) {
    this.#aws = aws
  }

  notify(topic: Topic, notification: Notification): void {
    const entry: JournalEntry = { notification, deliveries: [] }
    this.journal.push(entry)
    for (const subscription of topic.subscriptions.values()) {
      if (isPending(subscription) || !filter(subscription.attributes)(notification)) continue
      this.#deliver(entry, subscription).catch((error: unknown) => this.#aws.world.fail(error))
    }
  }

  async #deliver({ notification, deliveries }: JournalEntry, subscription: Subscription) {
    const noted: JournalEntry['deliveries'][number] = {
      subscription: subscription.arn,
      outcome: 'pending',
      attempts: 0,
    }
    deliveries.push(noted)
    const call = callOf(this.#aws.region, subscription, notification)
    const deadLetterQueue = queueForRefused(subscription, call)
    const outcome = await deliver(this.#aws, {
      caller: callerFor(subscription),
      call: () => call,
      since: notification.at.getTime(),
      retry: RETRY,
      interval,
      ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    })
    Object.assign(noted, outcome)
  }
}

/** SNS acts for the topic. */
function callerFor({ topicArn }: Subscription): Caller {
  return { kind: 'aws', name: 'sns', sourceArn: topicArn }
}

/**
 * Three retries at once, two a second apart, ten from 1 to 20 seconds, the rest every 20 seconds.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
function interval(attempts: number): number {
  if (attempts <= 3) return 0
  return Math.min(20_000, 1_000 * 2 ** Math.max(0, attempts - 6))
}

function callOf(
  region: string,
  subscription: Subscription,
  notification: Notification,
): TargetCall {
  const { protocol, endpoint, attributes } = subscription
  const arrival = { region, subscription, notification, text: textFor(protocol, notification) }
  if (protocol === 'lambda') {
    return targetCall({ arn: endpoint }, JSON.stringify(functionEvent(arrival)))
  }
  if (attributes.RawMessageDelivery !== 'true') {
    return targetCall({ arn: endpoint }, JSON.stringify(envelope(arrival)))
  }
  const raw = targetCall({ arn: endpoint }, arrival.text)
  return { ...raw, input: { ...raw.input, MessageAttributes: notification.attributes } }
}

/** What would have been sent. */
function queueForRefused(
  subscription: Subscription,
  { input }: TargetCall,
): DeadLetterQueue | undefined {
  const arn = deadLetterQueueOf(subscription.attributes)
  if (arn === undefined) return undefined
  const payload = input.Payload
  const body =
    payload instanceof Uint8Array ? new TextDecoder().decode(payload) : String(input.MessageBody)
  const attributes = (input.MessageAttributes ?? {}) as Notification['attributes']
  return { arn, caller: callerFor(subscription), message: () => ({ body, attributes }) }
}
