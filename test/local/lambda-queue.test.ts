import { expect, test } from 'vitest'
import { queueUrlOf } from '../../local/aws/sqs/queue-url.ts'
import { Functions } from '../kits/functions.ts'

const MINUTE = 60_000
const SEE = `async (event, context, platform) => {
  const bodies = event.Records.map((one) => one.body)
  await platform.fetch('https://seen.example/?bodies=' + bodies)
  if (bodies.includes('"bad"')) throw new Error('no')
  return { batchItemFailures: event.Records.filter((one) => one.body === '"later"')
    .map((one) => ({ itemIdentifier: one.messageId })) }
}`

async function opened(mapping: object = {}) {
  const account = new Functions()
  await account.create(SEE)
  const EventSourceArn = await account.queue('work')
  const created = await account.call<{ UUID: string }>('lambda', 'CreateEventSourceMapping', {
    FunctionName: 'orders',
    EventSourceArn,
    ...mapping,
  })
  await account.run(MINUTE)
  const send = async (...bodies: unknown[]) => {
    for (const body of bodies) {
      await account.aws.call(
        'sqs',
        'SendMessage',
        { QueueUrl: queueUrlOf(EventSourceArn), MessageBody: JSON.stringify(body) },
        { kind: 'person', name: 'test' },
      )
    }
  }
  const batches = () =>
    account.requests.map((url) => new URL(url.split(' ')[1] ?? '').searchParams.get('bodies'))
  return { account, send, batches, uuid: created.UUID }
}

test('messages reach the function and are deleted when it has done them', async () => {
  const { account, send, batches, uuid } = await opened()
  await send('a')
  await account.run(MINUTE)
  await send('b')
  await account.run(5 * MINUTE)
  expect(batches()).toEqual(['"a"', '"b"'])
  await account.call('lambda', 'DeleteEventSourceMapping', { UUID: uuid })
})

test('an empty queue is asked once more when something comes, and not all the time', async () => {
  const { account, send, batches } = await opened()
  let asked = 0
  account.aws.observers.push(({ operation }) => {
    if (operation === 'ReceiveMessage') asked += 1
  })
  await account.run(24 * 60 * MINUTE)
  expect(asked).toBeLessThan(2)
  await send('a')
  await account.run(MINUTE)
  expect(batches()).toEqual(['"a"'])
})

test('a queue that is deleted and made again is read again', async () => {
  const { account, send, batches } = await opened()
  await account.run(10 * MINUTE)
  const QueueUrl = queueUrlOf(account.aws.arn('sqs', 'work'))
  await account.call('sqs', 'DeleteQueue', { QueueUrl })
  await account.run(10 * MINUTE)
  await account.queue('work')
  await account.run(2 * MINUTE)
  await send('a')
  await account.run(MINUTE)
  expect(batches()).toEqual(['"a"'])
})

test('a window gathers more of them', async () => {
  const { account, send, batches } = await opened({
    BatchSize: 20,
    MaximumBatchingWindowInSeconds: 5,
  })
  await send('a')
  await account.run(1_000)
  await send('b', 'c')
  await account.run(MINUTE)
  expect(batches()).toEqual(['"a","b","c"'])
})

test('what the function failed at comes back after the visibility timeout', async () => {
  const { account, send, batches } = await opened()
  await send('bad')
  await account.run(100_000)
  expect(batches()).toEqual(['"bad"', '"bad"', '"bad"', '"bad"'])
})

test('a function that reports partial failures gets only those again', async () => {
  const { account, send, batches } = await opened({
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 1,
  })
  await send('a', 'later', 'b')
  await account.run(45_000)
  expect(batches()).toEqual(['"a","later","b"', '"later"'])
})

test('messages that no filter wants are deleted unseen', async () => {
  const { account, send, batches } = await opened({
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["wanted"]}}' }] },
    MaximumBatchingWindowInSeconds: 1,
  })
  await send({ kind: 'other' }, { kind: 'wanted' })
  await account.run(5 * MINUTE)
  expect(batches()).toEqual(['{"kind":"wanted"}'])
})

test('a queue must hide messages for as long as the function may take', async () => {
  const account = new Functions()
  await account.create(SEE, { Timeout: 60 })
  await expect(
    account.call('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'orders',
      EventSourceArn: await account.queue('work'),
    }),
  ).rejects.toThrow(
    'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
  )
})
