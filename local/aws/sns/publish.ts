import type { PublishBatchInput, PublishBatchRequestEntry, PublishInput } from '@aws-sdk/client-sns'
import type { Aws } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
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
    Publish: ({ PhoneNumber, TargetArn, TopicArn = TargetArn, ...message }: PublishInput) => {
      if (PhoneNumber !== undefined) throw new NotImplemented('text messages (sns:Publish)')
      return publish(topics.topic(TopicArn), message)
    },
    PublishBatch: ({ TopicArn, PublishBatchRequestEntries }: PublishBatchInput) => {
      const topic = topics.topic(TopicArn)
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
