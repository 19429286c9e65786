import type {
  Message,
  MessageSystemAttributeName,
  ReceiveMessageRequest,
  SendMessageRequest,
} from '@aws-sdk/client-sqs'
import type { Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { resourceAllows } from '../iam/resource-policy.ts'
import { onlyMembers } from '../members.ts'
import { attributesDigest, bodyDigest, type MessageAttributes, sizeOf } from './digest.ts'
import type { Directory } from './directory.ts'
import type { Queue, StoredMessage } from './queue.ts'

/** @throws AwsError InvalidParameterValue in AWS's words. */
function invalid(parameter: string, value: unknown, reason: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  )
}

const missing = (parameter: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${parameter}.`)

/**
 * An AWS service that brings no role needs the queue's own policy to send to it.
 *
 * @throws AwsError AccessDenied
 */
export function checkSender({ aws }: Directory, queue: Queue, caller: Caller): void {
  const request = {
    policy: queue.attributes.Policy,
    action: 'sqs:SendMessage',
    resource: queue.arn,
  }
  if (resourceAllows(aws, caller, request)) return
  throw new AwsError('AccessDenied', `Access to the resource ${queue.url} is denied.`, {
    statusCode: 403,
  })
}

/** Adds a message. @throws AwsError InvalidParameterValue, MissingParameter, InvalidMessageContents */
export function send(
  directory: Directory,
  queue: Queue,
  input: Omit<SendMessageRequest, 'QueueUrl'>,
  caller: Caller,
) {
  if (input.MessageGroupId || input.MessageDeduplicationId) {
    throw new NotImplemented('FIFO queues and fair queues (MessageGroupId of sqs:SendMessage)')
  }
  onlyMembers('sqs:SendMessage', input, [
    'QueueUrl',
    'Id',
    'MessageBody',
    'DelaySeconds',
    'MessageAttributes',
  ])
  const body = input.MessageBody ?? ''
  const attributes = input.MessageAttributes ?? {}
  checkContents(queue, body, attributes)
  const delay = checkRange('DelaySeconds', input.DelaySeconds ?? queue.number('DelaySeconds'), 900)
  const { world } = directory.aws
  const id = world.random.uuid('sqs/message')
  queue.add({
    id,
    body,
    attributes,
    sender: caller.roleArn ?? directory.aws.account,
    sentAt: world.now,
    visibleAt: world.now + delay * 1000,
    receives: 0,
  })
  const digest = attributesDigest(attributes)
  return {
    MessageId: id,
    MD5OfMessageBody: bodyDigest(body),
    ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
  }
}

function checkContents(queue: Queue, body: string, attributes: MessageAttributes): void {
  if (body === '') throw missing('MessageBody')
  // The characters that XML 1.0 allows.
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(body)) {
    throw new AwsError('InvalidMessageContents', 'Invalid characters found in the message body.')
  }
  const most = queue.number('MaximumMessageSize')
  if (sizeOf(body, attributes) > most) {
    const reason = `Message must be shorter than ${most} bytes.`
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: ${reason}`,
    )
  }
  if (Object.keys(attributes).length > 10) {
    throw invalid('MessageAttributes', Object.keys(attributes).length, 'At most 10 are allowed.')
  }
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute)
}

function checkAttribute(name: string, attribute: MessageAttributes[string]): void {
  const { DataType = '', StringValue, BinaryValue } = attribute
  const [type = ''] = DataType.split('.')
  if (!['String', 'Number', 'Binary'].includes(type)) {
    throw invalid(`MessageAttributes.${name}.DataType`, DataType, 'Unknown type.')
  }
  const value = type === 'Binary' ? BinaryValue : StringValue
  if (value !== undefined && value.length > 0) return
  throw new AwsError(
    'InvalidParameterValue',
    `Message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`,
  )
}

/** Received messages; with a wait, as soon as there is one. */
export async function receive(directory: Directory, input: ReceiveMessageRequest) {
  onlyMembers('sqs:ReceiveMessage', input, [
    'QueueUrl',
    'AttributeNames',
    'MessageSystemAttributeNames',
    'MessageAttributeNames',
    'MaxNumberOfMessages',
    'VisibilityTimeout',
    'WaitTimeSeconds',
  ])
  const { world } = directory.aws
  const queue = directory.queue(input.QueueUrl)
  const limit = input.MaxNumberOfMessages ?? 1
  if (limit < 1 || limit > 10) {
    throw invalid('MaxNumberOfMessages', limit, 'Must be between 1 and 10, if provided.')
  }
  const hidden = input.VisibilityTimeout ?? queue.number('VisibilityTimeout')
  checkRange('VisibilityTimeout', hidden, 43_200)
  const wait = input.WaitTimeSeconds ?? queue.number('ReceiveMessageWaitTimeSeconds')
  const until = world.now + checkRange('WaitTimeSeconds', wait, 20) * 1000
  for (;;) {
    const found = queue.receive(limit, hidden, () => directory.deadLettersOf(queue))
    if (found.length > 0) directory.received(queue.name, found.length)
    if (found.length > 0) return { Messages: found.map((message) => shape(message, input)) }
    if (world.now >= until) return {}
    await queue.changed(until)
  }
}

/** @throws AwsError InvalidParameterValue unless 0 to `high`. */
export function checkRange(parameter: string, value: number, high: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= high) return value
  throw invalid(parameter, value, `Must be >= 0 and <= ${high}, if provided.`)
}

function shape(message: StoredMessage, input: ReceiveMessageRequest): Message {
  const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]
  const attributes = Object.fromEntries(
    Object.entries(systemAttributes(message)).filter(
      ([name]) => system.includes('All') || system.some((asked) => asked === name),
    ),
  )
  const own = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      (input.MessageAttributeNames ?? []).some((asked) => asksFor(asked, name)),
    ),
  )
  const digest = attributesDigest(own)
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    ...(Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
    ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest, MessageAttributes: own }),
  }
}

function systemAttributes(
  message: StoredMessage,
): Partial<Record<MessageSystemAttributeName, string>> {
  const { sender, sentAt, receives, firstReceivedAt, deadLetterSource } = message
  return {
    SenderId: sender,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSource }),
  }
}

/** `All`, `.*` and `*` ask for all attributes, `prefix.*` for those that begin so. */
function asksFor(asked: string, name: string): boolean {
  if (['All', '.*', '*'].includes(asked)) return true
  return asked.endsWith('.*') ? name.startsWith(asked.slice(0, -2)) : asked === name
}
