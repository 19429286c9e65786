import type { MessageAttributeValue } from '@aws-sdk/client-sns'
import type { Aws, Caller } from '../aws.ts'
import { queueUrlOf } from '../sqs/queue-url.ts'
import { type TargetCall, targetCall } from '../target-call.ts'
import { type DeadLetters, deliver } from '../targets.ts'
import { filter } from './filter.ts'
import type { JournalEntry, Notification, Subscription, Topic } from './model.ts'
import { textsOf } from './publish.ts'
import { deadLetterQueueOf } from './subscriptions.ts'

const CALLER: Caller = { kind: 'aws', name: 'sns' }

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
      if (!filter(subscription.attributes)(notification)) continue
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
    const call = callOf(this.#aws, subscription, notification)
    const letters = deadLettersOf(subscription, call)
    const outcome = await deliver(this.#aws, {
      caller: CALLER,
      call: () => call,
      since: notification.at.getTime(),
      retry: RETRY,
      interval,
      ...(letters === undefined ? {} : { deadLetters: letters }),
    })
    Object.assign(noted, outcome)
  }
}

/**
 * Three retries at once, two a second apart, ten from 1 to 20 seconds, the rest every 20 seconds.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
function interval(attempts: number): number {
  if (attempts <= 3) return 0
  return Math.min(20_000, 1_000 * 2 ** Math.max(0, attempts - 6))
}

function callOf(aws: Aws, subscription: Subscription, notification: Notification): TargetCall {
  const { protocol, endpoint, attributes } = subscription
  const { message, structure } = notification
  const texts: Record<string, string> = structure ? textsOf(message, structure) : {}
  const text = texts[protocol] ?? texts.default ?? message
  if (protocol === 'lambda') {
    return targetCall(
      { arn: endpoint },
      JSON.stringify(lambdaEvent(aws, subscription, notification, text)),
    )
  }
  if (attributes.RawMessageDelivery !== 'true') {
    return targetCall(
      { arn: endpoint },
      JSON.stringify(envelope(aws, subscription, notification, text)),
    )
  }
  return {
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: queueUrlOf(endpoint),
      MessageBody: text,
      MessageAttributes: notification.attributes,
    },
  }
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function envelope(
  aws: Aws,
  { arn }: Subscription,
  { id, topicArn, subject, at, attributes }: Notification,
  text: string,
) {
  const host = `https://sns.${aws.region}.amazonaws.com`
  return {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: text,
    Timestamp: at.toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: `${host}/SimpleNotificationService-0000000000000000000000.pem`,
    UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: shown(attributes) }),
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function lambdaEvent(
  aws: Aws,
  subscription: Subscription,
  notification: Notification,
  text: string,
) {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(
    aws,
    subscription,
    notification,
    text,
  )
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Subject: null,
          MessageAttributes: {},
          ...rest,
          SigningCertUrl: SigningCertURL,
          UnsubscribeUrl: UnsubscribeURL,
        },
      },
    ],
  }
}

function shown(attributes: Record<string, MessageAttributeValue>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
    ]),
  )
}

/** What would have been sent. */
function deadLettersOf(
  { attributes }: Subscription,
  { input }: TargetCall,
): DeadLetters | undefined {
  const arn = deadLetterQueueOf(attributes)
  if (arn === undefined) return undefined
  const payload = input.Payload
  const body =
    payload instanceof Uint8Array ? new TextDecoder().decode(payload) : String(input.MessageBody)
  return { arn, caller: CALLER, letter: () => ({ body, attributes: {} }) }
}
