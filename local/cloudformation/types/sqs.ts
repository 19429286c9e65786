import type { CreateQueueResult } from '@aws-sdk/client-sqs'
import { jsonText, type TypeTable, textAttributes } from '../resource-type.ts'

/** Amazon SQS. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SQS.html */
export const SQS: TypeTable = {
  'AWS::SQS::Queue': {
    effect: [
      'QueueName',
      'FifoQueue',
      'ContentBasedDeduplication',
      'DeduplicationScope',
      'FifoThroughputLimit',
      'DelaySeconds',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'ReceiveMessageWaitTimeSeconds',
      'VisibilityTimeout',
      'RedrivePolicy',
      'RedriveAllowPolicy',
      'SqsManagedSseEnabled',
    ],
    noEffect: {
      KmsMasterKeyId: 'Nothing is written to a disk.',
      KmsDataKeyReusePeriodSeconds: 'Nothing is written to a disk.',
    },
    replacedBy: ['QueueName', 'FifoQueue'],
    create: async (context, { QueueName, ...attributes }) => {
      const suffix = attributes.FifoQueue === true ? '.fifo' : ''
      const name = context.name(QueueName, { most: 80 - suffix.length })
      const whole = name.endsWith(suffix) ? name : `${name}${suffix}`
      const { QueueUrl = '' } = await context.call<CreateQueueResult>('sqs', 'CreateQueue', {
        QueueName: whole,
        Attributes: textAttributes(attributes),
      })
      return {
        ref: QueueUrl,
        attributes: { Arn: context.aws.arn('sqs', whole), QueueName: whole, QueueUrl },
      }
    },
    update: async (context, { QueueName: _, FifoQueue: __, ...attributes }, { ref }) => {
      await context.call('sqs', 'SetQueueAttributes', {
        QueueUrl: ref,
        Attributes: textAttributes(attributes),
      })
    },
    delete: (context, { ref }) => context.call('sqs', 'DeleteQueue', { QueueUrl: ref }),
  },
  'AWS::SQS::QueuePolicy': {
    effect: ['Queues', 'PolicyDocument'],
    create: async (context, { Queues, PolicyDocument }) => {
      for (const QueueUrl of Queues as string[]) {
        const Attributes = { Policy: jsonText(PolicyDocument) }
        await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes })
      }
      return { ref: context.name(undefined) }
    },
    update: async (context, { Queues, PolicyDocument }) => {
      for (const QueueUrl of Queues as string[]) {
        const Attributes = { Policy: jsonText(PolicyDocument) }
        await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes })
      }
    },
    delete: async (context, { properties }) => {
      for (const QueueUrl of properties.Queues as string[]) {
        await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } })
      }
    },
  },
}
