import type {
  CreateTopicInput,
  ListTopicsInput,
  SetTopicAttributesInput,
} from '@aws-sdk/client-sns'
import type { Aws } from '../aws.ts'
import { NotImplemented } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { type Tags, tagsFrom } from '../tags.ts'
import {
  type Attributes,
  checkArn,
  invalid,
  isPending,
  notFound,
  type Subscription,
  type Topic,
} from './model.ts'

/** Attributes a caller may set. Encryption, signatures and tracing change nothing simulated. */
const SETTABLE = [
  'DisplayName',
  'Policy',
  'MaximumMessageSize',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
]

/** All of SNS's state: the topics and the subscriptions to them. */
export class Topics {
  readonly aws: Aws
  readonly #topics = new Map<string, Topic>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  get all(): readonly Topic[] {
    return [...this.#topics.values()]
  }

  /** @throws AwsError NotFoundException */
  topic(arn: string | undefined): Topic {
    const found = this.#topics.get(arn ?? '')
    if (found === undefined) checkArn('TopicArn', arn)
    if (found === undefined) throw notFound('Topic')
    return found
  }

  /** The topic that an ARN of a subscription names, if there is one. @throws AwsError */
  topicOf(arn = ''): Topic | undefined {
    checkArn('SubscriptionArn', arn)
    return this.#topics.get(arn.split(':').slice(0, 6).join(':'))
  }

  /** @throws AwsError NotFoundException */
  subscription(arn: string | undefined): { topic: Topic; subscription: Subscription } {
    const topic = this.#topics.get(arn?.split(':').slice(0, 6).join(':') ?? '')
    const subscription = topic?.subscriptions.get(arn ?? '')
    if (subscription === undefined) checkArn('SubscriptionArn', arn)
    if (topic === undefined || subscription === undefined) throw notFound('Subscription')
    return { topic, subscription }
  }

  /** Creating again is the same topic, unless it is to be another. @throws AwsError */
  create(input: CreateTopicInput): Topic {
    onlyMembers('sns:CreateTopic', input, ['Name', 'Attributes', 'Tags'])
    const { Name: name = '', Attributes: { FifoTopic, ...attributes } = {} } = input
    if (FifoTopic === 'true' || name.endsWith('.fifo')) throw new NotImplemented('FIFO topics')
    if (!/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name')
    for (const [attribute, value] of Object.entries(attributes)) checkAttribute(attribute, value)
    const arn = this.aws.arn('sns', name)
    const existing = this.#topics.get(arn)
    if (existing !== undefined)
      return sameAs(existing, attributes, input.Tags && tagsFrom(input.Tags))
    const topic: Topic = {
      name,
      arn,
      attributes: { Policy: defaultPolicy(arn, this.aws.account), ...attributes },
      tags: tagsFrom(input.Tags),
      subscriptions: new Map(),
      deleted: 0,
    }
    this.#topics.set(arn, topic)
    return topic
  }

  /** A topic that is not there is deleted already. */
  delete(arn: string | undefined): void {
    this.#topics.delete(arn ?? '')
  }
}

export function topicOperations(topics: Topics) {
  return {
    CreateTopic: (input: CreateTopicInput) => ({ TopicArn: topics.create(input).arn }),
    DeleteTopic: ({ TopicArn }: { TopicArn: string }) => {
      topics.delete(TopicArn)
      return {}
    },
    ListTopics: ({ NextToken }: ListTopicsInput) => {
      const { items, next } = snsPage(topics.all, NextToken)
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next }
    },
    GetTopicAttributes: ({ TopicArn }: { TopicArn: string }) => ({
      Attributes: attributesOf(topics.topic(TopicArn), topics.aws.account),
    }),
    SetTopicAttributes: (input: SetTopicAttributesInput) => {
      const { attributes } = topics.topic(input.TopicArn)
      const { AttributeName = '', AttributeValue = '' } = input
      checkAttribute(AttributeName, AttributeValue)
      attributes[AttributeName] = AttributeValue
      return {}
    },
  }
}

/**
 * What a topic allows without a policy of its own: everything to its account, CloudWatch's alarms
 * among it, and nothing to services such as EventBridge and Budgets.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
function defaultPolicy(arn: string, account: string): string {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ]
  const statement = {
    Sid: '__default_statement_ID',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: actions.map((action) => `SNS:${action}`),
    Resource: arn,
    Condition: { StringEquals: { 'AWS:SourceOwner': account } },
  }
  const document = { Version: '2008-10-17', Id: '__default_policy_ID', Statement: [statement] }
  return JSON.stringify(document)
}

/** @throws AwsError InvalidParameterException, NotImplemented */
function checkAttribute(name: string, value: string): void {
  if (!SETTABLE.includes(name)) throw new NotImplemented(`the attribute ${name} of SNS topics`)
  const bytes = Number(value)
  if (name === 'MaximumMessageSize' && !(bytes >= 1_024 && bytes <= 1_048_576)) {
    throw invalid('MaximumMessageSize')
  }
}

function sameAs(existing: Topic, attributes: Attributes, tags: Tags | undefined): Topic {
  if (Object.entries(attributes).some(([name, value]) => existing.attributes[name] !== value)) {
    throw invalid('Attributes Reason: Topic already exists with different attributes')
  }
  if (Object.entries(tags ?? {}).some(([key, value]) => existing.tags[key] !== value)) {
    throw invalid('Tags Reason: Topic already exists with different tags')
  }
  return existing
}

function attributesOf(
  { arn, subscriptions, deleted, attributes }: Topic,
  account: string,
): Attributes {
  const pending = [...subscriptions.values()].filter(isPending).length
  return {
    TopicArn: arn,
    Owner: account,
    DisplayName: '',
    SubscriptionsConfirmed: String(subscriptions.size - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: String(deleted),
    ...attributes,
  }
}

/** SNS's lists have 100 items a page. */
export function snsPage<Item>(items: readonly Item[], token: string | undefined) {
  return page(items, { token, limit: 100, invalid: 'InvalidParameterException' })
}
