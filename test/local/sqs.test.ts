import { createHash } from 'node:crypto'
import type { Message, ReceiveMessageRequest, SendMessageRequest } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account, MINUTE } from '../kits/account.ts'

const SECOND = 1_000
const DAY = 24 * 60 * MINUTE
const URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/work'
const ARN = 'arn:aws:sqs:eu-central-1:123456789012:work'

/** An account with a queue `work`. */
class Work extends Account {
  readonly sqs = new Sqs(this.aws)

  static async open(attributes: Record<string, string> = {}) {
    const account = new Work()
    account.aws.register(account.sqs)
    await account.call('sqs', 'CreateQueue', { QueueName: 'work', Attributes: attributes })
    return account
  }

  send(MessageBody: string, more: Partial<SendMessageRequest> = {}) {
    return this.call<{ MessageId: string }>('sqs', 'SendMessage', {
      QueueUrl: URL,
      MessageBody,
      ...more,
    })
  }

  async receive(more: Partial<ReceiveMessageRequest> = {}): Promise<Message[]> {
    const input = { QueueUrl: URL, MaxNumberOfMessages: 10, ...more }
    return (
      (await this.call<{ Messages?: Message[] }>('sqs', 'ReceiveMessage', input)).Messages ?? []
    )
  }

  async bodies(more: Partial<ReceiveMessageRequest> = {}) {
    return (await this.receive(more)).map(({ Body }) => Body)
  }

  delete(ReceiptHandle: string | undefined) {
    return this.call('sqs', 'DeleteMessage', { QueueUrl: URL, ReceiptHandle })
  }

  /** How many messages are to be received, in flight and delayed. */
  async counts(QueueUrl = URL) {
    const names = ['', 'NotVisible', 'Delayed'].map((name) => `ApproximateNumberOfMessages${name}`)
    const { Attributes } = await this.call<{ Attributes: Record<string, string> }>(
      'sqs',
      'GetQueueAttributes',
      { QueueUrl, AttributeNames: names },
    )
    return names.map((name) => Number(Attributes[name]))
  }
}

describe('a message', () => {
  it('is out of sight once received, and back when nobody has deleted it', async () => {
    const account = await Work.open()
    await account.send('one')
    const [first] = await account.receive()
    expect(await account.bodies()).toEqual([])
    expect(await account.counts()).toEqual([0, 1, 0])
    await account.run(30 * SECOND)
    const [again] = await account.receive({ MessageSystemAttributeNames: ['All'] })
    expect(again?.MessageId).toBe(first?.MessageId)
    expect(again?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      SentTimestamp: String(Date.parse('2026-03-02T09:00:00Z')),
      ApproximateFirstReceiveTimestamp: String(Date.parse('2026-03-02T09:00:00Z')),
    })
    await account.delete(again?.ReceiptHandle)
    await account.run(MINUTE)
    expect(await account.counts()).toEqual([0, 0, 0])
  })

  it('is not deleted by the handle of an earlier receive', async () => {
    const account = await Work.open()
    await account.send('one')
    const [first] = await account.receive()
    await account.run(30 * SECOND)
    await account.receive()
    await account.delete(first?.ReceiptHandle)
    await account.run(30 * SECOND)
    expect(await account.bodies()).toEqual(['one'])
  })

  it('may be hidden for longer, or given back at once', async () => {
    const account = await Work.open()
    await account.send('one')
    const hide = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
      account.call('sqs', 'ChangeMessageVisibility', {
        QueueUrl: URL,
        ReceiptHandle,
        VisibilityTimeout,
      })
    const [first] = await account.receive({ VisibilityTimeout: 10 })
    await hide(first?.ReceiptHandle, 120)
    await account.run(MINUTE)
    expect(await account.bodies()).toEqual([])
    await hide(first?.ReceiptHandle, 0)
    expect(await account.bodies()).toEqual(['one'])
    await account.run(MINUTE)
    await expect(hide(first?.ReceiptHandle, 10)).rejects.toMatchObject({
      name: 'MessageNotInflight',
    })
    await expect(hide('nonsense', 10)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' })
  })

  it('may be delayed, by itself or by its queue', async () => {
    const account = await Work.open({ DelaySeconds: '60' })
    await account.send('late')
    await account.send('soon', { DelaySeconds: 10 })
    expect(await account.counts()).toEqual([0, 0, 2])
    await account.run(10 * SECOND)
    expect(await account.bodies()).toEqual(['soon'])
    await account.run(50 * SECOND)
    expect(await account.bodies({ VisibilityTimeout: 0 })).toEqual(['late', 'soon'])
  })

  it('expires after four days, or after what its queue says', async () => {
    const account = await Work.open()
    await account.send('one')
    await account.run(4 * DAY - 1)
    expect(await account.counts()).toEqual([1, 0, 0])
    await account.run(1)
    expect(await account.counts()).toEqual([0, 0, 0])
  })

  it('carries attributes, of which only those asked for are given', async () => {
    const account = await Work.open()
    const MessageAttributes = {
      'trace.id': { DataType: 'String', StringValue: 'a' },
      size: { DataType: 'Number', StringValue: '3' },
    }
    await account.send('one', { MessageAttributes })
    const asked = async (...MessageAttributeNames: string[]) => {
      const [message] = await account.receive({ MessageAttributeNames, VisibilityTimeout: 0 })
      return Object.keys(message?.MessageAttributes ?? {})
    }
    expect(await asked('All')).toEqual(['trace.id', 'size'])
    expect(await asked('trace.*')).toEqual(['trace.id'])
    expect(await asked('size')).toEqual(['size'])
    expect(await asked()).toEqual([])
  })

  it('has the digests AWS would give', async () => {
    const account = await Work.open()
    // The example of the developer guide's clients: one String attribute.
    const MessageAttributes = { n: { DataType: 'String', StringValue: 'v' } }
    const sent = await account.send('hello', { MessageAttributes })
    const bytes = Buffer.concat(
      [Buffer.from('n'), Buffer.from('String'), undefined, Buffer.from('v')].map((part) =>
        part === undefined ? Buffer.of(1) : Buffer.concat([Buffer.of(0, 0, 0, part.length), part]),
      ),
    )
    expect(sent).toMatchObject({
      MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592',
      MD5OfMessageAttributes: createHash('md5').update(bytes).digest('hex'),
    })
  })
})

describe('a receive', () => {
  it('waits for a message as long as it is told, and takes it as it comes', async () => {
    const account = await Work.open()
    const waiting = account.receive({ WaitTimeSeconds: 20 })
    await account.run(5 * SECOND)
    await account.send('one')
    expect((await waiting).map(({ Body }) => Body)).toEqual(['one'])
    const started = account.world.now
    const empty = account.receive({ WaitTimeSeconds: 20 }).then(() => account.world.now)
    await account.run(MINUTE)
    expect((await empty) - started).toBe(20 * SECOND)
  })

  it('that waits gets what becomes visible meanwhile', async () => {
    const account = await Work.open({ ReceiveMessageWaitTimeSeconds: '20' })
    await account.send('one', { DelaySeconds: 7 })
    const got = account.receive().then((messages) => [messages.length, account.world.now])
    const started = account.world.now
    await account.run(MINUTE)
    expect(await got).toEqual([1, started + 7 * SECOND])
  })

  it('never gives a message to two at a time, nor loses one', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('send' as const) }),
      fc.record({ kind: fc.constant('receive' as const), limit: fc.integer({ min: 1, max: 10 }) }),
      fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const account = await Work.open()
        const alive = new Set<string>()
        const held = new Map<string, { handle: string; until: number }>()
        for (const one of steps) {
          if (one.kind === 'send') alive.add((await account.send('x')).MessageId)
          if (one.kind === 'wait') await account.run(one.seconds * SECOND)
          if (one.kind === 'receive') {
            for (const message of await account.receive({ MaxNumberOfMessages: one.limit })) {
              const { MessageId = '', ReceiptHandle = '' } = message
              expect(held.get(MessageId)?.until ?? 0).toBeLessThanOrEqual(account.world.now)
              const until = account.world.now + 30 * SECOND
              held.set(MessageId, { handle: ReceiptHandle, until })
            }
          }
          if (one.kind === 'delete' && held.size > 0) {
            const [id, { handle }] = [...held][one.which % held.size] as [
              string,
              { handle: string },
            ]
            await account.delete(handle)
            held.delete(id)
            alive.delete(id)
          }
          const counts = await account.counts()
          expect(counts.reduce((sum, count) => sum + count)).toBe(alive.size)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('a queue with a redrive policy', () => {
  const redrive = (maxReceiveCount: number) => ({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}-dead`, maxReceiveCount }),
  })

  async function opened() {
    const account = await Work.open()
    await account.call('sqs', 'CreateQueue', { QueueName: 'work-dead' })
    await account.call('sqs', 'SetQueueAttributes', { QueueUrl: URL, Attributes: redrive(2) })
    return account
  }

  it('puts aside what has been received too often', async () => {
    const account = await opened()
    await account.send('bad')
    for (const expected of [['bad'], ['bad'], []]) {
      expect(await account.bodies()).toEqual(expected)
      await account.run(31 * SECOND)
    }
    const [dead] = await account.receive({
      QueueUrl: `${URL}-dead`,
      MessageSystemAttributeNames: ['All'],
    })
    expect(dead).toMatchObject({
      Body: 'bad',
      Attributes: { DeadLetterQueueSourceArn: ARN, ApproximateReceiveCount: '1' },
    })
    expect(
      await account.call('sqs', 'ListDeadLetterSourceQueues', { QueueUrl: `${URL}-dead` }),
    ).toEqual({
      queueUrls: [URL],
    })
  })

  it('needs a dead-letter queue that is there and lets it', async () => {
    const account = await Work.open()
    const set = (Attributes: object) =>
      account.call('sqs', 'SetQueueAttributes', { QueueUrl: URL, Attributes })
    await expect(set(redrive(2))).rejects.toMatchObject({ name: 'InvalidAttributeValue' })
    await account.call('sqs', 'CreateQueue', {
      QueueName: 'work-dead',
      Attributes: { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }) },
    })
    await expect(set(redrive(2))).rejects.toMatchObject({ name: 'InvalidAttributeValue' })
    await expect(set(redrive(0))).rejects.toMatchObject({ name: 'InvalidAttributeValue' })
  })
})

describe('a batch', () => {
  it('does what it can, entry by entry', async () => {
    const account = await Work.open()
    const answer = await account.call('sqs', 'SendMessageBatch', {
      QueueUrl: URL,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: '' },
        { Id: 'c', MessageBody: 'three', DelaySeconds: 901 },
      ],
    })
    expect(answer).toMatchObject({
      Successful: [{ Id: 'a', MD5OfMessageBody: expect.any(String) }],
      Failed: [
        { Id: 'b', SenderFault: true, Code: 'MissingParameter' },
        { Id: 'c', SenderFault: true, Code: 'InvalidParameterValue' },
      ],
    })
    const [one] = await account.receive()
    const Entries = [
      { Id: 'a', ReceiptHandle: one?.ReceiptHandle },
      { Id: 'b', ReceiptHandle: 'nonsense' },
    ]
    expect(
      await account.call('sqs', 'DeleteMessageBatch', { QueueUrl: URL, Entries }),
    ).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }],
    })
  })

  test.each<[string, { Id: string; MessageBody: string }[]]>([
    ['EmptyBatchRequest', []],
    [
      'TooManyEntriesInBatchRequest',
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x' })),
    ],
    [
      'BatchEntryIdsNotDistinct',
      [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
    ],
    ['InvalidBatchEntryId', [{ Id: 'a b', MessageBody: 'x' }]],
    ['BatchRequestTooLong', ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) }))],
  ])('is refused as a whole with %s', async (name, Entries) => {
    const account = await Work.open()
    await expect(
      account.call('sqs', 'SendMessageBatch', { QueueUrl: URL, Entries }),
    ).rejects.toMatchObject({ name })
  })
})

describe('a queue', () => {
  it('is the same when created again alike, and not otherwise', async () => {
    const account = await Work.open({ VisibilityTimeout: '60' })
    const create = (Attributes: object) =>
      account.call('sqs', 'CreateQueue', { QueueName: 'work', Attributes })
    expect(await create({ VisibilityTimeout: '60' })).toEqual({ QueueUrl: URL })
    await expect(create({ VisibilityTimeout: '61' })).rejects.toMatchObject({
      name: 'QueueNameExists',
    })
  })

  it('is gone at once when deleted, and its name free a minute later', async () => {
    const account = await Work.open()
    await account.call('sqs', 'DeleteQueue', { QueueUrl: URL })
    await expect(account.send('x')).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    })
    await expect(account.call('sqs', 'CreateQueue', { QueueName: 'work' })).rejects.toMatchObject({
      name: 'QueueDeletedRecently',
    })
    await account.run(MINUTE)
    await account.call('sqs', 'CreateQueue', { QueueName: 'work' })
    expect(await account.counts()).toEqual([0, 0, 0])
  })

  it('is emptied once a minute at most', async () => {
    const account = await Work.open()
    await account.send('one')
    await account.call('sqs', 'PurgeQueue', { QueueUrl: URL })
    expect(await account.counts()).toEqual([0, 0, 0])
    await expect(account.call('sqs', 'PurgeQueue', { QueueUrl: URL })).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
    })
  })

  it('is found by name, listed by prefix, and tagged', async () => {
    const account = await Work.open()
    await account.call('sqs', 'CreateQueue', { QueueName: 'other', tags: { team: 'blue' } })
    expect(await account.call('sqs', 'GetQueueUrl', { QueueName: 'work' })).toEqual({
      QueueUrl: URL,
    })
    expect(await account.call('sqs', 'ListQueues', { QueueNamePrefix: 'wo' })).toEqual({
      QueueUrls: [URL],
    })
    await account.call('sqs', 'TagQueue', { QueueUrl: URL, Tags: { a: 'b', c: 'd' } })
    await account.call('sqs', 'UntagQueue', { QueueUrl: URL, TagKeys: ['c'] })
    expect(await account.call('sqs', 'ListQueueTags', { QueueUrl: URL })).toEqual({
      Tags: { a: 'b' },
    })
    expect([...account.sqs.tagged()].map(({ tags }) => tags)).toEqual([
      { a: 'b' },
      { team: 'blue' },
    ])
  })

  test.each<[string, object, string]>([
    [
      'an unknown attribute',
      { QueueName: 'a', Attributes: { Colour: 'red' } },
      'Unknown Attribute',
    ],
    [
      'a time too long',
      { QueueName: 'a', Attributes: { VisibilityTimeout: '43201' } },
      'VisibilityTimeout',
    ],
    ['a name with a space', { QueueName: 'a b' }, 'alphanumeric'],
    ['FIFO', { QueueName: 'a.fifo', Attributes: { FifoQueue: 'true' } }, 'does not simulate FIFO'],
  ])('is refused with %s', async (_, input, message) => {
    const account = await Work.open()
    await expect(account.call('sqs', 'CreateQueue', input)).rejects.toThrow(message)
  })

  test.each<[string, object, string]>([
    ['too large', { MessageBody: 'x'.repeat(1025) }, 'Message must be shorter than 1024 bytes'],
    ['characters XML has not', { MessageBody: 'a\u0000b' }, 'Invalid characters'],
    ['a group', { MessageBody: 'x', MessageGroupId: 'a' }, 'FIFO'],
    [
      'a type that is none',
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'Text', StringValue: 'a' } } },
      'Unknown type',
    ],
  ])('refuses a message with %s', async (_, message, reason) => {
    const account = await Work.open({ MaximumMessageSize: '1024' })
    await expect(account.call('sqs', 'SendMessage', { QueueUrl: URL, ...message })).rejects.toThrow(
      reason,
    )
  })
})
