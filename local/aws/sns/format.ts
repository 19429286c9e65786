import type { MessageAttributeValue } from '@aws-sdk/client-sns'
import { invalid, type Notification, type Protocol, type Subscription } from './model.ts'

/** A notification as it is delivered to one subscription. */
type Arrival = {
  region: string
  subscription: Subscription
  notification: Notification
  text: string
}

/**
 * What a queue is given.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function envelope({ region, subscription, notification, text }: Arrival) {
  const { id, topicArn, subject, at, attributes } = notification
  const host = `https://sns.${region}.amazonaws.com`
  return {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: text,
    Timestamp: at.toISOString(),
    SignatureVersion: '1',
    // Nothing inside AWS checks it.
    Signature: 'EXAMPLE',
    SigningCertURL: `${host}/SimpleNotificationService-0000000000000000000000.pem`,
    UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: shown(attributes) }),
  }
}

/** What a function is given. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function functionEvent(arrival: Arrival) {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(arrival)
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: arrival.subscription.arn,
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

/** The text for a protocol: its own if the message has one for each. */
export function textFor(protocol: Protocol, { message, structure }: Notification): string {
  if (structure === undefined) return message
  const texts = textsOf(message, structure)
  return texts[protocol] ?? texts.default ?? ''
}

/** The text for each protocol, and the one for all others. @throws AwsError InvalidParameterException */
export function textsOf(message: string, structure: string): Record<string, string> {
  if (structure !== 'json') throw invalid('MessageStructure')
  let texts: unknown
  try {
    texts = JSON.parse(message)
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  if (typeof (texts as { default?: unknown } | null)?.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body')
  }
  return texts as Record<string, string>
}
