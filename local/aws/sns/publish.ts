import type { PublishBatchInput, PublishBatchRequestEntry, PublishInput } from '@aws-sdk/client-sns'
import type { Aws, Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { resourceAllows } from '../iam/resource-policy.ts'
import { onlyMembers } from '../members.ts'
import { batch } from '../sqs/batch.ts'
import { sizeOf } from '../sqs/digest.ts'
import type { DeliveryAgent } from './delivery.ts'
import { textsOf } from './format.ts'
import { invalid, type Notification, type Topic } from './model.ts'
import type { Topics } from './topics.ts'

/** A topic that sets nothing else takes messages of up to 256 KiB. */
const LARGEST_BYTES = 262_144

export function publishOperations(topics: Topics, agent: DeliveryAgent) {
  const publish = (topic: Topic, message: Omit<PublishBatchRequestEntry, 'Id'>) => {
    const notification = notificationOf(topics.aws, topic, message)
    agent.notify(topic, notification)
    return { MessageId: notification.id }
  }
  return {
    Publish: (input: PublishInput, caller: Caller) => {
      const { PhoneNumber, TargetArn, TopicArn = TargetArn, ...message } = input
      if (PhoneNumber !== undefined) throw new NotImplemented('text messages (sns:Publish)')
      const topic = topics.topic(TopicArn)
      checkPublisher(topics.aws, topic, caller)
      return publish(topic, message)
    },
    PublishBatch: ({ TopicArn, PublishBatchRequestEntries }: PublishBatchInput, caller: Caller) => {
      const topic = topics.topic(TopicArn)
      checkPublisher(topics.aws, topic, caller)
      try {
        return batch(PublishBatchRequestEntries, ({ Id, ...message }) => publish(topic, message))
      } catch (error) {
        // SNS's batches are refused like those of SQS, by errors of longer names.
        if (!(error instanceof AwsError) || error instanceof NotImplemented) throw error
        throw new AwsError(`${error.name}Exception`, error.message)
      }
    },
  }
}

/**
 * An AWS service that brings no role needs the topic's policy to publish to it.
 *
 * @throws AwsError AuthorizationErrorException
 */
function checkPublisher(aws: Aws, { arn, attributes }: Topic, caller: Caller): void {
  const request = { policy: attributes.Policy, action: 'SNS:Publish', resource: arn }
  if (resourceAllows(aws, caller, request)) return
  throw new AwsError(
    'AuthorizationErrorException',
    `User: ${caller.name}.amazonaws.com is not authorized to perform: SNS:Publish on resource: ${arn} because no resource-based policy allows the SNS:Publish action`,
    { statusCode: 403 },
  )
}

/** @throws AwsError InvalidParameterException */
function notificationOf(
  aws: Aws,
  topic: Topic,
  input: Omit<PublishBatchRequestEntry, 'Id'>,
): Notification {
  onlyMembers('sns:Publish', input, ['Message', 'Subject', 'MessageStructure', 'MessageAttributes'])
  const { Message: message = '', Subject, MessageStructure, MessageAttributes = {} } = input
  if (message === '') throw invalid('Empty message')
  if (
    sizeOf(message, MessageAttributes) >
    Number(topic.attributes.MaximumMessageSize ?? LARGEST_BYTES)
  ) {
    throw invalid('Message too long')
  }
  if (Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(Subject)) throw invalid('Subject')
  for (const name of Object.keys(MessageAttributes)) {
    // https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
    if (/^(aws\.|amazon\.)/i.test(name)) throw invalid(`Message attribute name: ${name}`)
  }
  if (MessageStructure !== undefined) textsOf(message, MessageStructure)
  return {
    id: aws.world.random.uuid('sns/message'),
    topicArn: topic.arn,
    at: aws.world.date,
    message,
    subject: Subject,
    structure: MessageStructure,
    attributes: MessageAttributes,
  }
}
