import { describe, expect, it } from 'vitest'
import { Functions } from '../kits/functions.ts'

const MINUTE = 60_000
const FAILS = `async (event, context, platform) => {
  await platform.fetch('https://seen.example/' + context.awsRequestId)
  if (event.fails) throw new Error('no')
  return { done: true }
}`

/** The function with these options; `times` are the minutes at which it ran. */
async function opened(options: object, handler = FAILS) {
  const account = new Functions()
  await account.create(handler)
  const arn = await account.queue('ends')
  await account.call('lambda', 'PutFunctionEventInvokeConfig', {
    FunctionName: 'orders',
    DestinationConfig: { OnFailure: { Destination: arn }, OnSuccess: { Destination: arn } },
    ...options,
  })
  const times: number[] = []
  const started = account.world.now
  account.lambda.onInvoked(({ at }) => times.push(Math.round((at.getTime() - started) / MINUTE)))
  const send = async (event: object) =>
    expect(await account.invoke(event, { InvocationType: 'Event' })).toEqual({ StatusCode: 202 })
  return { account, times, send }
}

describe('an event', () => {
  it('is answered at once and run later', async () => {
    const { account, times, send } = await opened({})
    await send({ a: 1 })
    expect(times).toEqual([])
    await account.run(MINUTE)
    expect(times).toEqual([0])
    expect(await account.messages('ends')).toEqual([
      {
        version: '1.0',
        timestamp: expect.stringMatching(/^2026-03-02T09:00:0/),
        requestContext: {
          requestId: expect.any(String),
          functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders:$LATEST',
          condition: 'Success',
          approximateInvokeCount: 1,
        },
        requestPayload: { a: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { done: true },
      },
    ])
  })

  it('is tried again after one and two more minutes, under the same request id', async () => {
    const { account, times, send } = await opened({})
    await send({ fails: true })
    await account.run(10 * MINUTE)
    expect(times).toEqual([0, 1, 3])
    expect(new Set(account.requests).size).toBe(1)
    expect(await account.messages('ends')).toMatchObject([
      {
        requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
        responseContext: { statusCode: 200, functionError: 'Unhandled' },
        responsePayload: { errorType: 'Error', errorMessage: 'no' },
      },
    ])
  })

  it('is not tried more often than it may', async () => {
    const { account, times, send } = await opened({ MaximumRetryAttempts: 0 })
    await send({ fails: true })
    await account.run(10 * MINUTE)
    expect(times).toEqual([0])
  })

  it('is given up when it is too old for the next attempt', async () => {
    const { account, times, send } = await opened({ MaximumEventAgeInSeconds: 100 })
    await send({ fails: true })
    await account.run(10 * MINUTE)
    expect(times).toEqual([0, 1])
    expect(await account.messages('ends')).toMatchObject([
      { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } },
    ])
  })

  it('waits for hours while its function is throttled, which is no attempt', async () => {
    const { account, send } = await opened({})
    const reserve = (ReservedConcurrentExecutions: number) =>
      account.call('lambda', 'PutFunctionConcurrency', {
        FunctionName: 'orders',
        ReservedConcurrentExecutions,
      })
    await reserve(1)
    account.web['seen.example'] = { body: {}, after: 2_000 }
    await send({ n: 1 })
    await send({ n: 2 })
    await account.run(10 * MINUTE)
    const ends = await account.messages('ends')
    expect(ends.map(({ requestPayload }) => requestPayload)).toEqual([{ n: 1 }, { n: 2 }])
    expect(ends).toMatchObject([
      { requestContext: { approximateInvokeCount: 1 } },
      { requestContext: { approximateInvokeCount: 1 } },
    ])
    await reserve(0)
    await send({ n: 3 })
    await account.run(MINUTE)
    expect((await account.messages('ends')).at(-1)).toMatchObject({
      requestContext: { condition: 'ZeroReservedConcurrency' },
      requestPayload: { n: 3 },
    })
  })

  it('goes to the dead-letter queue as it is', async () => {
    const { account, send } = await opened({ MaximumRetryAttempts: 0, DestinationConfig: {} })
    await account.call('lambda', 'UpdateFunctionConfiguration', {
      FunctionName: 'orders',
      DeadLetterConfig: { TargetArn: await account.queue('dead') },
    })
    await send({ fails: true, n: 1 })
    await account.run(MINUTE)
    expect(await account.messages('dead')).toEqual([{ fails: true, n: 1 }])
    expect(await account.messages('ends')).toEqual([])
  })
})
