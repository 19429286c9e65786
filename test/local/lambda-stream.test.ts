import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import { Functions } from '../kits/functions.ts'

const MINUTE = 60_000

/** A table whose stream feeds `orders`; the handler reports what it gets to `seen`. */
async function opened(handler: string, mapping: object = {}) {
  const account = new Functions()
  await account.create(handler)
  const { TableDescription } = await account.call<{
    TableDescription: { LatestStreamArn: string }
  }>('dynamodb', 'CreateTable', {
    TableName: 'things',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  })
  const dead = await account.queue('dead')
  const created = await account.call<EventSourceMappingConfiguration>(
    'lambda',
    'CreateEventSourceMapping',
    {
      FunctionName: 'orders',
      EventSourceArn: TableDescription.LatestStreamArn,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: dead } },
      ...mapping,
    },
  )
  const put = async (...ids: string[]) => {
    for (const id of ids) {
      await account.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: id } } })
    }
  }
  /** The ids of each batch, in the order the function was called. */
  const batches = () =>
    account.requests.map((url) => new URL(url.split(' ')[1] ?? '').searchParams.get('ids'))
  return { account, put, batches, uuid: created.UUID, stream: TableDescription.LatestStreamArn }
}

const ids = `const ids = event.Records.map((one) => one.dynamodb.Keys.id.S)`
const tell = `await platform.fetch('https://seen.example/?ids=' + ids)`
const SEE = `async (event, context, platform) => { ${ids}; ${tell} }`
const FAIL = (when: string) =>
  `async (event, context, platform) => { ${ids}; ${tell}; if (${when}) throw new Error('no') }`

test('changes reach the function in order, in batches of one window', async () => {
  const { account, put, batches, uuid } = await opened(SEE, {
    BatchSize: 3,
    MaximumBatchingWindowInSeconds: 2,
  })
  await put('a')
  expect(await account.call('lambda', 'GetEventSourceMapping', { UUID: uuid })).toMatchObject({
    State: 'Creating',
  })
  await account.run(MINUTE)
  expect(batches()).toEqual(['a'])
  await put('b', 'c', 'd', 'e')
  await account.run(MINUTE)
  expect(batches()).toEqual(['a', 'b,c,d', 'e'])
  expect(await account.call('lambda', 'GetEventSourceMapping', { UUID: uuid })).toMatchObject({
    State: 'Enabled',
    LastProcessingResult: 'OK',
  })
})

test('records look as Lambda shows them', async () => {
  const { account, put, stream } = await opened(
    `async (event, context, platform) => { platform.writeLog(JSON.stringify(event.Records[0])) }`,
  )
  await put('a')
  await account.run(MINUTE)
  const line = (await account.log()).find((one) => one.startsWith('{'))
  expect(JSON.parse(line ?? '')).toMatchObject({
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventVersion: '1.1',
    awsRegion: 'eu-central-1',
    eventSourceARN: stream,
    dynamodb: {
      ApproximateCreationDateTime: 1772442000,
      Keys: { id: { S: 'a' } },
      NewImage: { id: { S: 'a' } },
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  })
})

test('filters take away what the function is not called for', async () => {
  const { account, put, batches } = await opened(SEE, {
    FilterCriteria: {
      Filters: [
        { Pattern: JSON.stringify({ dynamodb: { Keys: { id: { S: [{ prefix: 'x' }] } } } }) },
      ],
    },
  })
  await put('a', 'x1', 'b', 'x2')
  await account.run(MINUTE)
  expect(batches()).toEqual(['x1,x2'])
})

test('a failing batch is split until the bad record is alone, and that one is given up', async () => {
  const { account, put, batches, stream } = await opened(FAIL(`ids.includes('bad')`), {
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 1,
  })
  await put('a', 'b', 'bad', 'c')
  await account.run(10 * MINUTE)
  expect(batches()).toEqual(['a,b,bad,c', 'a,b', 'bad,c', 'bad', 'bad', 'c'])
  expect(await account.messages('dead')).toMatchObject([
    {
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, functionError: 'Unhandled' },
      DDBStreamBatchInfo: {
        batchSize: 1,
        streamArn: stream,
        shardId: expect.stringMatching(/^shardId-/),
      },
    },
  ])
})

test('without limits a bad record holds up the shard for the day the stream keeps it', async () => {
  const { account, put, batches } = await opened(FAIL(`ids.includes('bad')`), { BatchSize: 1 })
  await put('bad', 'good')
  await account.run(23 * 60 * MINUTE)
  expect(new Set(batches())).toEqual(new Set(['bad']))
  expect(batches().length).toBeGreaterThan(1_000)
  await account.run(2 * 60 * MINUTE)
  expect(await account.messages('dead')).toMatchObject([
    { requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 1444 } },
  ])
  // What waited behind it is as old, and the stream has not kept it either.
  expect(batches()).not.toContain('good')
})

test('a function that reports partial failures gets the rest again', async () => {
  const { account, put, batches } = await opened(
    `async (event, context, platform) => {
      ${ids}; ${tell}
      const at = ids.indexOf('late')
      if (at < 1) return { batchItemFailures: [] }
      return { batchItemFailures: [{ itemIdentifier: event.Records[at].dynamodb.SequenceNumber }] }
    }`,
    { FunctionResponseTypes: ['ReportBatchItemFailures'] },
  )
  await put('a', 'late', 'b')
  await account.run(MINUTE)
  expect(batches()).toEqual(['a,late,b', 'late,b'])
})

test('a disabled mapping goes on where it stopped', async () => {
  const { account, put, batches, uuid } = await opened(SEE)
  await put('a')
  await account.run(MINUTE)
  await account.call('lambda', 'UpdateEventSourceMapping', { UUID: uuid, Enabled: false })
  await put('b')
  await account.run(MINUTE)
  expect(batches()).toEqual(['a'])
  await account.call('lambda', 'UpdateEventSourceMapping', { UUID: uuid, Enabled: true })
  await account.run(MINUTE)
  expect(batches()).toEqual(['a', 'b'])
  await account.call('lambda', 'DeleteEventSourceMapping', { UUID: uuid })
  await put('c')
  await account.run(MINUTE)
  expect(batches()).toEqual(['a', 'b'])
})

test('a role that may not read the stream is refused at once', async () => {
  const { account, stream, uuid } = await opened(SEE)
  await account.call('lambda', 'DeleteEventSourceMapping', { UUID: uuid })
  const { AwsError } = await import('../../local/aws/errors.ts')
  account.aws.guards.push(({ operation, caller }) => {
    if (operation === 'ListStreams' && caller.roleArn !== undefined) {
      throw new AwsError('AccessDeniedException', 'no')
    }
  })
  const create = { FunctionName: 'orders', EventSourceArn: stream, StartingPosition: 'LATEST' }
  await expect(account.call('lambda', 'CreateEventSourceMapping', create)).rejects.toThrow(
    /^Cannot access stream .* ListStreams Actions/,
  )
  await expect(
    account.call('lambda', 'CreateEventSourceMapping', { ...create, ParallelizationFactor: 2 }),
  ).rejects.toThrow('ParallelizationFactor')
})
