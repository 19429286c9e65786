import type { PublishInput } from '@aws-sdk/client-sns'
import type { Message } from '@aws-sdk/client-sqs'
import { describe, expect, it, test } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account } from '../kits/account.ts'

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:budgets'
const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:inbox'
const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:tell'
const SECOND = 1_000

/** A statement that lets an AWS service do something with a resource. */
const admits = (service: string, Action: string, Resource: string) => ({
  Effect: 'Allow',
  Principal: { Service: `${service}.amazonaws.com` },
  Action,
  Resource,
})

/** An account with a topic `budgets`, a queue `inbox`, and a function whose answers a test decides. */
class Topics extends Account {
  readonly sns = new Sns(this.aws)
  readonly invocations: { at: number; payload: unknown; caller: Caller }[] = []
  readonly failures: AwsError[] = []

  static async open() {
    const account = new Topics()
    account.aws.register(account.sns)
    account.aws.register(new Sqs(account.aws))
    const Invoke = ({ Payload }: { Payload: Uint8Array }, caller: Caller) => {
      const payload: unknown = JSON.parse(new TextDecoder().decode(Payload))
      account.invocations.push({ at: account.world.now, payload, caller })
      const failure = account.failures.shift()
      if (failure !== undefined) throw failure
      return { StatusCode: 202 }
    }
    account.aws.register({ id: 'lambda', operations: { Invoke } })
    await account.call('sns', 'CreateTopic', { Name: 'budgets' })
    await account.call('sqs', 'CreateQueue', {
      QueueName: 'inbox',
      Attributes: {
        Policy: JSON.stringify({ Statement: [admits('sns', 'sqs:SendMessage', QUEUE)] }),
      },
    })
    return account
  }

  async subscribe(Endpoint: string, Attributes: Record<string, string> = {}): Promise<string> {
    const Protocol = Endpoint.split(':')[2]
    const input = { TopicArn: TOPIC, Protocol, Endpoint, Attributes }
    return (await this.call<{ SubscriptionArn: string }>('sns', 'Subscribe', input)).SubscriptionArn
  }

  async publish(Message: string, more: Partial<PublishInput> = {}) {
    const input = { TopicArn: TOPIC, Message, ...more }
    const { MessageId } = await this.call<{ MessageId: string }>('sns', 'Publish', input)
    await this.world.run(SECOND)
    return MessageId
  }

  async inbox() {
    const { Messages = [] } = await this.call<{ Messages?: Message[] }>('sqs', 'ReceiveMessage', {
      QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/inbox',
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    })
    return Messages
  }

  /** The texts of the notifications in the inbox. */
  async told(): Promise<string[]> {
    return (await this.inbox()).map(({ Body = '' }) => JSON.parse(Body).Message)
  }
}

describe('a message published to a topic', () => {
  it('reaches its queues, in an envelope', async () => {
    const account = await Topics.open()
    const subscription = await account.subscribe(QUEUE)
    const id = await account.publish('80 %', { Subject: 'AWS Budgets' })
    const [message] = await account.inbox()
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId: id,
      TopicArn: TOPIC,
      Subject: 'AWS Budgets',
      Message: '80 %',
      Timestamp: '2026-03-02T09:00:00.000Z',
      UnsubscribeURL: expect.stringContaining(subscription),
    })
  })

  it('reaches a queue as it is, with its attributes, when that is asked for', async () => {
    const account = await Topics.open()
    await account.subscribe(QUEUE, { RawMessageDelivery: 'true' })
    const MessageAttributes = { team: { DataType: 'String', StringValue: 'blue' } }
    await account.publish('80 %', { MessageAttributes })
    expect(await account.inbox()).toMatchObject([{ Body: '80 %', MessageAttributes }])
  })

  it('reaches its functions as an event, for the topic', async () => {
    const account = await Topics.open()
    const subscription = await account.subscribe(FUNCTION)
    await account.publish('80 %')
    expect(account.invocations).toMatchObject([
      {
        caller: { kind: 'aws', name: 'sns', sourceArn: TOPIC },
        payload: {
          Records: [
            {
              EventSource: 'aws:sns',
              EventSubscriptionArn: subscription,
              Sns: { Message: '80 %', Subject: null, MessageAttributes: {} },
            },
          ],
        },
      },
    ])
  })

  it('may have another text for each protocol', async () => {
    const account = await Topics.open()
    await account.subscribe(QUEUE)
    await account.subscribe(FUNCTION)
    const texts = { default: 'plain', lambda: 'for functions' }
    await account.publish(JSON.stringify(texts), { MessageStructure: 'json' })
    expect(await account.told()).toEqual(['plain'])
    expect(account.invocations).toMatchObject([
      { payload: { Records: [{ Sns: { Message: 'for functions' } }] } },
    ])
  })

  it('reaches only those whose filter policy takes it', async () => {
    const account = await Topics.open()
    await account.subscribe(QUEUE, {
      FilterPolicy: JSON.stringify({ team: ['blue'], level: [{ numeric: ['>=', 80] }] }),
    })
    const attributes = (team: string, level: string) => ({
      MessageAttributes: {
        team: { DataType: 'String', StringValue: team },
        level: { DataType: 'Number', StringValue: level },
      },
    })
    await account.publish('one', attributes('blue', '80'))
    await account.publish('two', attributes('red', '80'))
    await account.publish('three', attributes('blue', '79'))
    await account.publish('four')
    expect(await account.told()).toEqual(['one'])
  })

  it('may be filtered by its body', async () => {
    const account = await Topics.open()
    await account.subscribe(QUEUE, {
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: JSON.stringify({ budget: { team: ['blue'] } }),
    })
    await account.publish('{"budget":{"team":"blue"}}')
    await account.publish('{"budget":{"team":"red"}}')
    await account.publish('not JSON')
    expect(await account.told()).toEqual(['{"budget":{"team":"blue"}}'])
  })

  it('may come from CloudWatch as it is, from other services only by the topic’s policy', async () => {
    const account = await Topics.open()
    await account.subscribe(QUEUE)
    const publish = (name: string) =>
      account.aws.call('sns', 'Publish', { TopicArn: TOPIC, Message: name }, { kind: 'aws', name })
    await publish('cloudwatch')
    await expect(publish('budgets')).rejects.toMatchObject({ name: 'AuthorizationErrorException' })
    await account.call('sns', 'SetTopicAttributes', {
      TopicArn: TOPIC,
      AttributeName: 'Policy',
      AttributeValue: JSON.stringify({ Statement: [admits('budgets', 'SNS:Publish', TOPIC)] }),
    })
    await publish('budgets')
    await account.run(SECOND)
    expect((await account.told()).toSorted()).toEqual(['budgets', 'cloudwatch'])
  })

  it('reaches nobody who has unsubscribed', async () => {
    const account = await Topics.open()
    const SubscriptionArn = await account.subscribe(QUEUE)
    await account.call('sns', 'Unsubscribe', { SubscriptionArn })
    await account.publish('80 %')
    expect(await account.inbox()).toEqual([])
    expect(await account.call('sns', 'GetTopicAttributes', { TopicArn: TOPIC })).toMatchObject({
      Attributes: { SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' },
    })
  })
})

describe('a subscriber that fails', () => {
  const broken = () => new AwsError('ServiceException', 'broken', { statusCode: 500 })

  it('is tried again: three times at once, then ever later', async () => {
    const account = await Topics.open()
    await account.subscribe(FUNCTION)
    account.failures.push(...Array.from({ length: 8 }, broken))
    await account.publish('80 %')
    await account.run(60 * SECOND)
    const started = account.invocations[0]?.at ?? 0
    const delays = account.invocations.map(({ at }) => at - started)
    expect(delays).toHaveLength(9)
    expect(delays.slice(0, 4)).toEqual([0, 0, 0, 0])
    expect(delays[4]).toBeGreaterThanOrEqual(500)
    expect(account.sns.journal).toMatchObject([
      { deliveries: [{ outcome: 'delivered', attempts: 9 }] },
    ])
  })

  it('that refuses is not; the message goes to the dead-letter queue', async () => {
    const account = await Topics.open()
    await account.subscribe(FUNCTION, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE }),
    })
    account.failures.push(new AwsError('ResourceNotFoundException', 'gone', { statusCode: 404 }))
    await account.publish('80 %')
    expect(account.invocations).toHaveLength(1)
    const [letter] = await account.inbox()
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({
      Records: [{ Sns: { Message: '80 %' } }],
    })
  })
})

describe('topics and subscriptions', () => {
  it('are the same when asked for again alike, and not otherwise', async () => {
    const account = await Topics.open()
    const create = (Attributes: object) =>
      account.call('sns', 'CreateTopic', { Name: 'budgets', Attributes })
    expect(await create({})).toEqual({ TopicArn: TOPIC })
    await expect(create({ DisplayName: 'other' })).rejects.toThrow('different attributes')
    const first = await account.subscribe(QUEUE)
    expect(await account.subscribe(QUEUE)).toBe(first)
    await expect(account.subscribe(QUEUE, { RawMessageDelivery: 'true' })).rejects.toThrow(
      'Subscription already exists with different attributes',
    )
  })

  it('are listed, changed and tagged', async () => {
    const account = await Topics.open()
    const SubscriptionArn = await account.subscribe(QUEUE)
    const shown = [{ SubscriptionArn, TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE }]
    expect(await account.call('sns', 'ListTopics', {})).toMatchObject({
      Topics: [{ TopicArn: TOPIC }],
    })
    for (const [operation, input] of [
      ['ListSubscriptions', {}],
      ['ListSubscriptionsByTopic', { TopicArn: TOPIC }],
    ] as const) {
      expect(await account.call('sns', operation, input)).toMatchObject({ Subscriptions: shown })
    }
    await account.call('sns', 'SetSubscriptionAttributes', {
      SubscriptionArn,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'true',
    })
    expect(
      await account.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn }),
    ).toMatchObject({ Attributes: { RawMessageDelivery: 'true', PendingConfirmation: 'false' } })
    await account.call('sns', 'TagResource', {
      ResourceArn: TOPIC,
      Tags: [{ Key: 'team', Value: 'blue' }],
    })
    expect([...account.sns.tagged()]).toEqual([{ arn: TOPIC, tags: { team: 'blue' } }])
    await account.call('sns', 'DeleteTopic', { TopicArn: TOPIC })
    await expect(account.publish('x')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
    })
  })

  test.each<[string, string, object, string]>([
    ['a FIFO topic', 'CreateTopic', { Name: 'a.fifo' }, 'does not simulate FIFO topics'],
    ['a name with a space', 'CreateTopic', { Name: 'a b' }, 'Topic Name'],
    [
      'an attribute it lacks',
      'SetTopicAttributes',
      { TopicArn: TOPIC, AttributeName: 'DeliveryPolicy', AttributeValue: '{}' },
      'the attribute DeliveryPolicy of SNS topics',
    ],
    [
      'another protocol',
      'Subscribe',
      { TopicArn: TOPIC, Protocol: 'sms', Endpoint: '+491234567' },
      'the protocol sms',
    ],
    [
      'an address that is none',
      'Subscribe',
      { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'ana' },
      'Email address',
    ],
    [
      'an endpoint of another kind',
      'Subscribe',
      { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: FUNCTION },
      'SQS endpoint ARN',
    ],
    [
      'a filter policy that is none',
      'Subscribe',
      {
        TopicArn: TOPIC,
        Protocol: 'sqs',
        Endpoint: QUEUE,
        Attributes: { FilterPolicy: '{"a":1}' },
      },
      'FilterPolicy: "a" must be an object or an array',
    ],
    ['nothing to say', 'Publish', { TopicArn: TOPIC, Message: '' }, 'Empty message'],
    ['too much to say', 'Publish', { TopicArn: TOPIC, Message: 'x'.repeat(262_145) }, 'too long'],
    [
      'no text for all',
      'Publish',
      { TopicArn: TOPIC, Message: '{"sqs":"x"}', MessageStructure: 'json' },
      'No default entry',
    ],
    ['a text message', 'Publish', { PhoneNumber: '+1', Message: 'x' }, 'text messages'],
  ])('%s is refused', async (_, operation, input, message) => {
    const account = await Topics.open()
    await expect(account.call('sns', operation, input)).rejects.toThrow(message)
  })

  it('takes a batch, entry by entry', async () => {
    const account = await Topics.open()
    const batch = (PublishBatchRequestEntries: object[]) =>
      account.call('sns', 'PublishBatch', { TopicArn: TOPIC, PublishBatchRequestEntries })
    expect(
      await batch([
        { Id: 'a', Message: 'one' },
        { Id: 'b', Message: '' },
      ]),
    ).toMatchObject({
      Successful: [{ Id: 'a', MessageId: expect.any(String) }],
      Failed: [{ Id: 'b', Code: 'InvalidParameterException', SenderFault: true }],
    })
    await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequestException' })
  })
})
