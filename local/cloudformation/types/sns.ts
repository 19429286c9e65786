import type { CreateTopicResponse, SubscribeResponse } from '@aws-sdk/client-sns'
import type { Context } from '../context.ts'
import { jsonText, type Properties, type TypeTable, textAttributes } from '../resource-type.ts'

/** Amazon SNS. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SNS.html */
export const SNS: TypeTable = {
  'AWS::SNS::Topic': {
    effect: ['TopicName', 'DisplayName', 'FifoTopic', 'ContentBasedDeduplication', 'Subscription'],
    noEffect: {
      KmsMasterKeyId: 'Nothing is written to a disk.',
      TracingConfig: 'The trace shows every message.',
      SignatureVersion: 'Nobody checks signatures inside the simulation.',
    },
    replacedBy: ['TopicName', 'FifoTopic'],
    create: async (context, { TopicName, Subscription = [], ...attributes }) => {
      const name = context.name(TopicName, { most: 256 })
      const { TopicArn = '' } = await context.call<CreateTopicResponse>('sns', 'CreateTopic', {
        Name: name,
        Attributes: textAttributes(attributes),
      })
      for (const one of Subscription as Properties[]) {
        await context.call('sns', 'Subscribe', { ...one, TopicArn })
      }
      return { ref: TopicArn, attributes: { TopicArn, TopicName: name } }
    },
    update: async (context, { TopicName: _, Subscription: __, ...attributes }, { ref }) => {
      await setAttributes(context, 'SetTopicAttributes', { TopicArn: ref }, attributes)
    },
    delete: (context, { ref }) => context.call('sns', 'DeleteTopic', { TopicArn: ref }),
  },
  'AWS::SNS::Subscription': {
    effect: [
      'TopicArn',
      'Protocol',
      'Endpoint',
      'FilterPolicy',
      'FilterPolicyScope',
      'RawMessageDelivery',
      'RedrivePolicy',
      'DeliveryPolicy',
      'SubscriptionRoleArn',
    ],
    noEffect: { Region: 'There is one Region.' },
    replacedBy: ['TopicArn', 'Protocol', 'Endpoint'],
    create: async (context, { TopicArn, Protocol, Endpoint, ...attributes }) => {
      const { SubscriptionArn = '' } = await context.call<SubscribeResponse>('sns', 'Subscribe', {
        TopicArn,
        Protocol,
        Endpoint,
        Attributes: textAttributes(attributes),
        ReturnSubscriptionArn: true,
      })
      return { ref: SubscriptionArn, attributes: { Arn: SubscriptionArn } }
    },
    update: async (context, properties, { ref }) => {
      const { TopicArn: _, Protocol: __, Endpoint: ___, ...attributes } = properties
      const of = { SubscriptionArn: ref }
      await setAttributes(context, 'SetSubscriptionAttributes', of, attributes)
    },
    delete: (context, { ref }) => context.call('sns', 'Unsubscribe', { SubscriptionArn: ref }),
  },
  'AWS::SNS::TopicPolicy': {
    effect: ['Topics', 'PolicyDocument'],
    create: async (context, properties) => {
      await setPolicy(context, properties)
      return { ref: context.name(undefined) }
    },
    update: (context, properties) => setPolicy(context, properties),
    delete: () => {},
  },
}

async function setPolicy(context: Context, { Topics, PolicyDocument }: Properties): Promise<void> {
  for (const TopicArn of Topics as string[]) {
    const policy = { Policy: PolicyDocument }
    await setAttributes(context, 'SetTopicAttributes', { TopicArn }, policy)
  }
}

/** SNS takes one attribute a call. */
async function setAttributes(
  context: Context,
  operation: string,
  of: object,
  attributes: Properties,
): Promise<void> {
  for (const [AttributeName, value] of Object.entries(attributes)) {
    await context.call('sns', operation, { ...of, AttributeName, AttributeValue: jsonText(value) })
  }
}
