import { describe, expect, it, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { Bus, FUNCTION, HOUR, MACHINE, PUSH, QUEUE, ROLE, SECOND, throttled } from '../kits/bus.ts'

describe('an event of an AWS service', () => {
  it('reaches every target of the rules that match it, soon and as AWS', async () => {
    const account = await Bus.open([
      { Arn: FUNCTION },
      { Arn: MACHINE, RoleArn: ROLE, InputPath: '$.detail' },
      { Arn: QUEUE },
    ])
    account.aws.emit(PUSH)
    await account.run(SECOND)
    const event = {
      version: '0',
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account: '123456789012',
      region: 'eu-central-1',
      time: '2026-03-02T09:00:00Z',
      detail: PUSH.detail,
    }
    expect(account.invocations).toMatchObject([
      { payload: event, caller: { kind: 'aws', name: 'events' } },
    ])
    expect(account.executions).toMatchObject([{ input: PUSH.detail, caller: { roleArn: ROLE } }])
    expect((await account.messages()).map(({ body }) => body)).toMatchObject([event])
    expect(account.eventbridge.journal).toMatchObject([
      {
        bus: 'default',
        rules: ['pushes'],
        deliveries: ['target-0', 'target-1', 'target-2'].map((target) => ({
          target,
          outcome: 'delivered',
          attempts: 1,
        })),
      },
    ])
    expect(account.executions[0]?.name).toMatch(
      new RegExp(`^${account.eventbridge.journal[0]?.event.id}_`),
    )
  })

  it('that no rule takes is only noted', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    account.aws.emit({ ...PUSH, detail: { 'action-type': 'DELETE' } })
    await account.run(SECOND)
    expect(account.invocations).toEqual([])
    expect(account.eventbridge.journal).toMatchObject([{ rules: [], deliveries: [] }])
  })

  it('is not seen by a rule that is disabled', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    await account.call('eventbridge', 'DisableRule', { Name: 'pushes' })
    account.aws.emit(PUSH)
    await account.run(SECOND)
    await account.call('eventbridge', 'EnableRule', { Name: 'pushes' })
    account.aws.emit(PUSH)
    await account.run(SECOND)
    expect(account.invocations).toHaveLength(1)
  })

  it('may be lost when it is best effort, and never when it is durable', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }], { lose: 1 })
    account.aws.emit(PUSH)
    await account.run(HOUR)
    expect(account.eventbridge.journal).toMatchObject([{ fault: 'lose', rules: [] }])
    account.aws.emit({ ...PUSH, delivery: 'durable' })
    await account.run(HOUR)
    expect(account.invocations).toHaveLength(1)
  })

  it('may come again with the same id, and then starts another execution', async () => {
    const account = await Bus.open([{ Arn: MACHINE, RoleArn: ROLE }], { duplicate: 1 })
    account.aws.emit(PUSH)
    await account.run(24 * HOUR)
    const names = account.executions.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(1)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(account.eventbridge.journal.map(({ event }) => event.id)).size).toBe(1)
    expect(account.eventbridge.journal[0]?.fault).toBe('duplicate')
  })
})

describe('a target that does not take an event', () => {
  const DEAD_LETTERS = { DeadLetterConfig: { Arn: QUEUE } }

  it('is tried again, later and later, until it does', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    account.failures.push(throttled(), throttled(), throttled())
    account.aws.emit(PUSH)
    await account.run(60 * SECOND)
    const gaps = account.invocations
      .slice(1)
      .map(({ at }, index) => at - (account.invocations[index]?.at ?? 0))
    expect(gaps).toHaveLength(3)
    gaps.forEach((gap, index) => {
      expect(gap).toBeGreaterThanOrEqual(500 * 2 ** index)
      expect(gap).toBeLessThanOrEqual(1_000 * 2 ** index)
    })
    expect(account.deliveries).toMatchObject([{ outcome: 'delivered', attempts: 4 }])
  })

  it('is given up after the retries it is allowed, and the event put aside with the reason', async () => {
    const retry = { RetryPolicy: { MaximumRetryAttempts: 2 } }
    const account = await Bus.open([{ Arn: FUNCTION, ...DEAD_LETTERS, ...retry }])
    account.failures.push(...Array.from({ length: 9 }, throttled))
    account.aws.emit(PUSH)
    await account.run(60 * SECOND)
    expect(account.invocations).toHaveLength(3)
    expect(await account.messages()).toMatchObject([
      {
        body: { source: 'aws.ecr', detail: PUSH.detail },
        attributes: {
          RULE_ARN: 'arn:aws:events:eu-central-1:123456789012:rule/pushes',
          TARGET_ARN: FUNCTION,
          ERROR_CODE: 'THROTTLING',
          ERROR_MESSAGE: 'Rate Exceeded.',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          RETRY_ATTEMPTS: '2',
        },
      },
    ])
    expect(account.deliveries).toMatchObject([
      { outcome: 'dead-lettered', attempts: 3, error: 'TooManyRequestsException: Rate Exceeded.' },
    ])
  })

  it('is given up when the event is too old', async () => {
    const retry = { RetryPolicy: { MaximumEventAgeInSeconds: 60 } }
    const account = await Bus.open([{ Arn: FUNCTION, ...DEAD_LETTERS, ...retry }])
    account.failures.push(...Array.from({ length: 99 }, throttled))
    account.aws.emit(PUSH)
    await account.run(61 * SECOND)
    expect((await account.messages())[0]?.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    })
  })

  it('is tried for a day when nothing else is said, then the event is dropped', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    account.failures.push(...Array.from({ length: 999 }, throttled))
    account.aws.emit(PUSH)
    await account.run(25 * HOUR)
    expect(account.deliveries).toMatchObject([{ outcome: 'dropped', attempts: 186 }])
  })

  test.each([
    [
      'a missing permission',
      new AwsError('AccessDeniedException', 'no', { statusCode: 403 }),
      'NO_PERMISSIONS',
    ],
    [
      'a target that is gone',
      new AwsError('ResourceNotFoundException', 'gone', { statusCode: 404 }),
      'NO_RESOURCE',
    ],
    ['an input it refuses', new AwsError('InvalidRequestContentException', 'bad'), 'INVALID_JSON'],
  ])('is not tried again for %s', async (_, error, code) => {
    const account = await Bus.open([{ Arn: FUNCTION, ...DEAD_LETTERS }])
    account.failures.push(error)
    account.aws.emit(PUSH)
    await account.run(SECOND)
    expect((await account.messages())[0]?.attributes).toEqual({
      RULE_ARN: 'arn:aws:events:eu-central-1:123456789012:rule/pushes',
      TARGET_ARN: FUNCTION,
      ERROR_CODE: code,
      ERROR_MESSAGE: error.message,
      RETRY_ATTEMPTS: '0',
    })
  })

  it('whose dead-letter queue does not admit it loses the event', async () => {
    const account = await Bus.open([{ Arn: FUNCTION, ...DEAD_LETTERS }])
    const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/events'
    await account.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } })
    account.failures.push(new AwsError('ResourceNotFoundException', 'gone'))
    account.aws.emit(PUSH)
    await account.run(SECOND)
    expect(await account.messages()).toEqual([])
    expect(account.deliveries).toMatchObject([
      { outcome: 'dropped', error: expect.stringContaining('AccessDenied') },
    ])
  })

  it('whose dead-letter queue is gone loses the event, and that is noted', async () => {
    const DeadLetterConfig = { Arn: `${QUEUE}-gone` }
    const account = await Bus.open([{ Arn: FUNCTION, DeadLetterConfig }])
    account.failures.push(new AwsError('ResourceNotFoundException', 'gone'))
    account.aws.emit(PUSH)
    await account.run(SECOND)
    expect(account.deliveries).toMatchObject([
      { outcome: 'dropped', error: expect.stringContaining('dead-letter queue refused it') },
    ])
  })
})

describe('PutEvents', () => {
  const handMade = {
    Source: 'aws.ecr',
    DetailType: 'ECR Image Action',
    Detail: JSON.stringify(PUSH.detail),
  }

  it('takes an event of AWS made by a person, which real AWS does not', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    const { Entries } = await account.put(handMade)
    await account.run(SECOND)
    expect(account.invocations).toMatchObject([
      { payload: { id: Entries[0]?.EventId, source: 'aws.ecr', resources: [] } },
    ])
  })

  it.each(['function', 'machine'] as const)('refuses it from a %s', async (kind) => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    const asked = account.put(handMade, { kind, name: 'any' })
    await account.run(SECOND)
    expect(await asked).toEqual({
      FailedEntryCount: 1,
      Entries: [
        {
          ErrorCode: 'NotAuthorizedForSourceException',
          ErrorMessage: 'Not authorized for the source.',
        },
      ],
    })
    expect(account.eventbridge.journal).toEqual([])
  })

  it('keeps the time that is given, without milliseconds', async () => {
    const account = await Bus.open([])
    await account.put({ Time: new Date('2026-01-14T01:02:03.999Z'), Resources: ['one'] })
    expect(account.eventbridge.journal[0]?.event).toMatchObject({
      time: '2026-01-14T01:02:03Z',
      resources: ['one'],
    })
  })

  test.each([
    ['no source', { Source: undefined }, 'InvalidArgument', 'Source is a required argument'],
    ['no detail type', { DetailType: '' }, 'InvalidArgument', 'DetailType is a required argument'],
    ['no detail', { Detail: undefined }, 'InvalidArgument', 'Detail is a required argument'],
    ['a detail that is not JSON', { Detail: '{' }, 'MalformedDetail', 'malformed'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail', 'malformed'],
  ])('refuses an entry with %s', async (_, entry, code, message) => {
    const account = await Bus.open([])
    expect((await account.put(entry)).Entries).toEqual([
      { ErrorCode: code, ErrorMessage: expect.stringContaining(message) },
    ])
  })

  it('refuses too many entries and too many bytes as a whole', async () => {
    const account = await Bus.open([])
    const entry = { Source: 'shop', DetailType: 'sold', Detail: '{}' }
    const putAll = (Entries: object[]) => account.call('eventbridge', 'PutEvents', { Entries })
    await expect(putAll(Array.from({ length: 11 }, () => entry))).rejects.toThrow('entries')
    const Detail = JSON.stringify({ text: 'x'.repeat(600_000) })
    await expect(
      putAll([
        { ...entry, Detail },
        { ...entry, Detail },
      ]),
    ).rejects.toThrow('Total size')
    await expect(putAll([])).rejects.toMatchObject({ name: 'ValidationException' })
  })

  it('drops what goes to a bus that is not there', async () => {
    const account = await Bus.open([])
    expect(await account.put({ EventBusName: 'gone' })).toMatchObject({ FailedEntryCount: 0 })
    expect(account.eventbridge.journal).toMatchObject([{ bus: 'gone', rules: [] }])
  })
})
