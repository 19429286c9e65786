import type {
  ListSubscriptionsByTopicInput,
  ListSubscriptionsInput,
  SetSubscriptionAttributesInput,
  SubscribeInput,
} from '@aws-sdk/client-sns'
import type { Caller } from '../aws.ts'
import { NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { filter } from './filter.ts'
import { type Attributes, invalid, isPending, type Protocol, type Subscription } from './model.ts'
import { snsPage, type Topics } from './topics.ts'

const SETTABLE = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy']

type Named = { SubscriptionArn: string }

export function subscriptionOperations(topics: Topics) {
  const { account } = topics.aws
  const describe = (subscription: Subscription) => ({
    // https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    SubscriptionArn: isPending(subscription) ? 'PendingConfirmation' : subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: account,
  })
  const list = (subscriptions: Subscription[], token: string | undefined) => {
    const { items, next } = snsPage(subscriptions, token)
    return { Subscriptions: items.map(describe), NextToken: next }
  }
  return {
    Subscribe: (input: SubscribeInput, caller: Caller) => ({
      SubscriptionArn: shownArn(subscribe(topics, input, caller), input.ReturnSubscriptionArn),
    }),
    Unsubscribe: ({ SubscriptionArn }: Named) => {
      const topic = topics.topicOf(SubscriptionArn)
      // To end what has ended is no error.
      if (topic?.subscriptions.delete(SubscriptionArn)) topic.deleted++
      return {}
    },
    ListSubscriptions: ({ NextToken }: ListSubscriptionsInput) =>
      list(
        topics.all.flatMap(({ subscriptions }) => [...subscriptions.values()]),
        NextToken,
      ),
    ListSubscriptionsByTopic: ({ TopicArn, NextToken }: ListSubscriptionsByTopicInput) =>
      list([...topics.topic(TopicArn).subscriptions.values()], NextToken),
    GetSubscriptionAttributes: ({ SubscriptionArn }: Named) => ({
      Attributes: attributesOf(topics.subscription(SubscriptionArn).subscription, account),
    }),
    SetSubscriptionAttributes: (input: SetSubscriptionAttributesInput) => {
      const { attributes } = topics.subscription(input.SubscriptionArn).subscription
      const { AttributeName = '', AttributeValue = '' } = input
      checkAttributes({ ...attributes, [AttributeName]: AttributeValue })
      attributes[AttributeName] = AttributeValue
      return {}
    },
  }
}

/** Who subscribed, as an ARN. */
const principalOf = ({ roleArn, name }: Caller, account: string): string =>
  roleArn ?? `arn:aws:iam::${account}:user/${name}`

/** The ARN of what nobody has confirmed is told to who asks for it. */
const shownArn = (subscription: Subscription, asked = false): string =>
  isPending(subscription) && !asked ? 'pending confirmation' : subscription.arn

/** Subscribing an endpoint again is the same subscription, unless it is to be another. */
function subscribe(topics: Topics, input: SubscribeInput, caller: Caller): Subscription {
  onlyMembers('sns:Subscribe', input, [
    'TopicArn',
    'Protocol',
    'Endpoint',
    'Attributes',
    'ReturnSubscriptionArn',
  ])
  const topic = topics.topic(input.TopicArn)
  const { endpoint, protocol } = destination(input)
  const attributes = input.Attributes ?? {}
  checkAttributes(attributes)
  const existing = [...topic.subscriptions.values()].find((one) => one.endpoint === endpoint)
  if (existing !== undefined) {
    if (Object.entries(attributes).every(([name, value]) => existing.attributes[name] === value)) {
      return existing
    }
    throw invalid('Attributes Reason: Subscription already exists with different attributes')
  }
  const arn = `${topic.arn}:${topics.aws.world.random.uuid('sns/subscription')}`
  const principal = principalOf(caller, topics.aws.account)
  const subscription = { arn, topicArn: topic.arn, protocol, endpoint, attributes, principal }
  topic.subscriptions.set(arn, subscription)
  return subscription
}

/** @throws AwsError InvalidParameterException, NotImplemented for other protocols */
function destination({ Protocol = '', Endpoint: endpoint = '' }: SubscribeInput): {
  endpoint: string
  protocol: Protocol
} {
  if (Protocol === 'email') {
    if (!/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address')
    return { endpoint, protocol: Protocol }
  }
  if (Protocol !== 'sqs' && Protocol !== 'lambda') {
    throw new NotImplemented(`the protocol ${Protocol} of SNS subscriptions`)
  }
  if (!endpoint.startsWith(`arn:aws:${Protocol}:`)) {
    throw invalid(`${Protocol === 'sqs' ? 'SQS' : 'Lambda'} endpoint ARN`)
  }
  if (endpoint.endsWith('.fifo')) {
    throw invalid('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics')
  }
  return { endpoint, protocol: Protocol }
}

/** @throws AwsError InvalidParameterException, NotImplemented */
function checkAttributes(attributes: Attributes): void {
  for (const name of Object.keys(attributes)) {
    if (!SETTABLE.includes(name)) {
      throw new NotImplemented(`the attribute ${name} of SNS subscriptions`)
    }
  }
  const { RawMessageDelivery = 'false', FilterPolicyScope = 'MessageAttributes' } = attributes
  if (!['true', 'false'].includes(RawMessageDelivery)) {
    throw invalid('Attributes Reason: RawMessageDelivery: Invalid value. Must be true or false.')
  }
  if (!['MessageAttributes', 'MessageBody'].includes(FilterPolicyScope)) {
    throw invalid('Attributes Reason: FilterPolicyScope: Invalid value.')
  }
  deadLetterQueueOf(attributes)
  filter(attributes)
}

/** The ARN of the queue for what cannot be delivered. @throws AwsError InvalidParameterException */
export function deadLetterQueueOf({ RedrivePolicy }: Attributes): string | undefined {
  if (!RedrivePolicy) return undefined
  const [, arn] =
    /^\s*{\s*"deadLetterTargetArn"\s*:\s*"(arn:aws:sqs:[^"]+)"\s*}\s*$/.exec(RedrivePolicy) ?? []
  if (arn === undefined) throw invalid('RedrivePolicy: deadLetterTargetArn is invalid')
  return arn
}

function attributesOf(subscription: Subscription, account: string): Attributes {
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: account,
    PendingConfirmation: String(isPending(subscription)),
    ConfirmationWasAuthenticated: String(!isPending(subscription)),
    RawMessageDelivery: 'false',
    SubscriptionPrincipal: subscription.principal,
    ...subscription.attributes,
  }
}
