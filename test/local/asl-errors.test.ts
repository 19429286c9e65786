import { describe, expect, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { line, Machines, types } from '../kits/machines.ts'

const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:f'

/** A function that answers, or fails with an error type, once per entry; the last one repeats. */
function lambda(...answers: unknown[]) {
  let calls = 0
  return {
    Invoke: () => {
      const answer = answers[Math.min(calls++, answers.length - 1)]
      if (answer instanceof AwsError) throw answer
      const failed = answer instanceof Error
      const payload = failed
        ? { errorMessage: answer.message, errorType: answer.name, trace: [] }
        : answer
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        ...(failed ? { FunctionError: 'Unhandled' } : {}),
        Payload: new TextEncoder().encode(JSON.stringify(payload)),
      }
    },
  }
}

function named(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name })
}

const task = (fields: object = {}, rest: object = {}) => ({
  StartAt: 'T',
  States: {
    T: { Type: 'Task', Resource: FUNCTION, ...fields, ...('Next' in fields ? {} : { End: true }) },
    ...rest,
  },
})
const after = { After: { Type: 'Pass', End: true } }

const moments = (
  events: { type?: string | undefined; timestamp?: Date | undefined }[],
  type: string,
) => events.filter((event) => event.type === type).map((event) => event.timestamp?.getTime() ?? 0)

describe('Retry', () => {
  test('waits grow by BackoffRate up to MaxDelaySeconds; the state is entered once', async () => {
    const account = new Machines({ lambda: lambda(named('E')) })
    const told = await account.play(
      task({
        Retry: [
          {
            ErrorEquals: ['E'],
            IntervalSeconds: 2,
            BackoffRate: 3,
            MaxAttempts: 3,
            MaxDelaySeconds: 10,
          },
        ],
      }),
    )
    const failed = moments(told.events, 'LambdaFunctionFailed')
    const scheduled = moments(told.events, 'LambdaFunctionScheduled')
    expect(scheduled.slice(1).map((at, index) => at - (failed[index] ?? 0))).toEqual([
      2000, 6000, 10_000,
    ])
    expect(types(told.events).filter((type) => type === 'TaskStateEntered')).toHaveLength(1)
    expect(told).toMatchObject({ status: 'FAILED', error: 'E' })
    expect(account.sfn.executions[0]?.transitions).toBe(4)
  })

  test('defaults: three attempts more, after 1, 2 and 4 seconds', async () => {
    const told = await new Machines({ lambda: lambda(named('E')) }).play(
      task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }),
    )
    const failed = moments(told.events, 'LambdaFunctionFailed')
    const scheduled = moments(told.events, 'LambdaFunctionScheduled')
    expect(scheduled.slice(1).map((at, index) => at - (failed[index] ?? 0))).toEqual([
      1000, 2000, 4000,
    ])
  })

  test('every retrier counts for itself; RetryCount counts all', async () => {
    const account = new Machines({ lambda: lambda(named('A'), named('B'), named('A'), named('A')) })
    const told = await account.play(
      task(
        {
          Retry: [
            { ErrorEquals: ['A'], MaxAttempts: 2 },
            { ErrorEquals: ['B'], IntervalSeconds: 5 },
          ],
          Catch: [
            {
              ErrorEquals: ['States.ALL'],
              Next: 'After',
              Output: '{% $states.context.State.RetryCount %}',
            },
          ],
        },
        after,
      ),
    )
    expect(told.output).toBe(3)
    expect(types(told.events).filter((type) => type === 'LambdaFunctionFailed')).toHaveLength(4)
  })

  test('MaxAttempts 0 never retries, and no later retrier is asked', async () => {
    const told = await new Machines({ lambda: lambda(named('A')) }).play(
      task({ Retry: [{ ErrorEquals: ['A'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }] }),
    )
    expect(types(told.events).filter((type) => type === 'LambdaFunctionFailed')).toHaveLength(1)
  })

  test('FULL jitter lies between nothing and the delay, and repeats with the seed', async () => {
    const delays = async (seed: number) => {
      const told = await new Machines({ lambda: lambda(named('A')) }, seed).play(
        task({
          Retry: [
            { ErrorEquals: ['A'], IntervalSeconds: 100, BackoffRate: 1, JitterStrategy: 'FULL' },
          ],
        }),
      )
      const failed = moments(told.events, 'LambdaFunctionFailed')
      return moments(told.events, 'LambdaFunctionScheduled')
        .slice(1)
        .map((at, index) => at - (failed[index] ?? 0))
    }
    const first = await delays(1)
    expect(first).toHaveLength(3)
    for (const delay of first) expect(delay).toBeLessThan(100_000)
    expect(new Set(first).size).toBe(3)
    expect(await delays(1)).toEqual(first)
    expect(await delays(2)).not.toEqual(first)
  })
})

describe('Catch', () => {
  test('the Error Output goes on; the history is AWS’s', async () => {
    const told = await new Machines({ lambda: lambda(named('Oops', 'it broke')) }).play(
      task({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'After' }] }, after),
    )
    const cause = '{"errorMessage":"it broke","errorType":"Oops","trace":[]}'
    expect(told.output).toEqual({ Error: 'Oops', Cause: cause })
    expect(told.events.map(line).slice(1, 7)).toEqual([
      '2<0 TaskStateEntered {"name":"T","input":"{}"}',
      `3<2 LambdaFunctionScheduled {"resource":"${FUNCTION}","input":"{}"}`,
      '4<3 LambdaFunctionStarted',
      `5<4 LambdaFunctionFailed ${JSON.stringify({ error: 'Oops', cause })}`,
      `6<5 TaskStateExited ${JSON.stringify({ name: 'T', output: JSON.stringify({ Error: 'Oops', Cause: cause }) })}`,
      `7<6 PassStateEntered ${JSON.stringify({ name: 'After', input: JSON.stringify({ Error: 'Oops', Cause: cause }) })}`,
    ])
  })

  test.each([
    ['States.ALL', true],
    ['States.TaskFailed', false],
    ['States.Timeout', true],
    ['States.HeartbeatTimeout', false],
  ])('a timeout and %s: %s', async (name, caught) => {
    const account = new Machines({
      lambda: { Invoke: () => account.world.sleep(60_000) },
    })
    const told = await account.play(
      task({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: [name], Next: 'After' }] }, after),
    )
    expect(told.status).toBe(caught ? 'SUCCEEDED' : 'FAILED')
    if (caught) expect(told.output).toEqual({ Error: 'States.Timeout' })
    expect(told.events.map(line).slice(2, 5)).toEqual([
      `3<2 LambdaFunctionScheduled {"resource":"${FUNCTION}","input":"{}","timeoutInSeconds":5}`,
      '4<3 LambdaFunctionStarted',
      '5<4 LambdaFunctionTimedOut {"error":"States.Timeout"}',
    ])
  })

  test('a failing expression can be caught and is recorded', async () => {
    const told = await new Machines({ lambda: lambda(1) }).play(
      task(
        {
          Arguments: { a: { b: '{% $states.input.nothing %}' } },
          Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'After' }],
        },
        after,
      ),
    )
    expect(types(told.events)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'EvaluationFailed',
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ])
    expect(told.events[2]?.evaluationFailedEventDetails).toMatchObject({
      location: 'Arguments/a/b',
      cause:
        "An error occurred while executing the state 'T' (entered at the event id #2). The JSONata expression '$states.input.nothing' specified for the field 'Arguments/a/b' returned nothing (undefined).",
    })
  })

  test.each([
    ['States.ALL', 'FAILED'],
    ['States.DataLimitExceeded', 'SUCCEEDED'],
  ])('too large a result and %s: %s', async (name, status) => {
    const told = await new Machines({ lambda: lambda('x'.repeat(262_144)) }).play(
      task({ Catch: [{ ErrorEquals: [name], Next: 'After' }] }, after),
    )
    expect(told.status).toBe(status)
    expect(told.events[4]?.lambdaFunctionFailedEventDetails).toEqual({
      error: 'States.DataLimitExceeded',
      cause: `The state/task '${FUNCTION}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    })
  })

  test('the function’s service refusing', async () => {
    const throttled = new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      statusCode: 429,
    })
    const told = await new Machines({ lambda: lambda(throttled) }).play(task())
    expect(told.error).toBe('Lambda.TooManyRequestsException')
    expect(told.cause).toMatch(
      /^Rate Exceeded\. \(Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: [0-9a-f-]{36}; Proxy: null\)$/,
    )
  })

  test('what is not simulated is not taken for a failure of the product', async () => {
    const told = await new Machines().play(
      task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }] }, after),
    )
    expect(told).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
    expect(told.cause).toContain('lambda:Invoke')
  })
})
