import { describe, expect, it, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { Functions, ROLE } from '../kits/functions.ts'

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:orders'

test('a function runs on simulated time, with its environment and context', async () => {
  const account = new Functions()
  await account.create(
    `(event, context, platform) => ({
      echo: event,
      now: platform.now().toISOString(),
      table: platform.environment.TABLE_NAME,
      region: platform.environment.AWS_REGION,
      name: context.functionName,
      arn: context.invokedFunctionArn,
      left: context.getRemainingTimeInMillis(),
      memory: context.memoryLimitInMB,
    })`,
    { Environment: { Variables: { TABLE_NAME: 'caretaker' } }, Timeout: 10 },
  )
  const { StatusCode, payload } = await account.invoke({ a: 1 })
  expect(StatusCode).toBe(200)
  expect(payload).toMatchObject({
    echo: { a: 1 },
    table: 'caretaker',
    region: 'eu-central-1',
    name: 'orders',
    arn: ARN,
    memory: '128',
  })
  expect(payload.now).toMatch(/^2026-03-02T09:00:00\.[123]\d\dZ$/)
  expect(payload.left).toBeGreaterThan(9_980)
  expect(await account.log()).toEqual([
    expect.stringMatching(/^START RequestId: .* Version: \$LATEST$/),
    expect.stringMatching(/^END RequestId/),
    expect.stringMatching(/^REPORT .*\tInit Duration: \d{3}\.00 ms$/),
  ])
})

test('the lines of an invocation are sent together, and in several goes if they are many', async () => {
  const account = new Functions()
  let sent = 0
  account.aws.observers.push(({ operation }) => {
    if (operation === 'PutLogEvents') sent += 1
  })
  await account.create(`(lines, context, platform) => {
    for (const length of lines) platform.writeLog('x'.repeat(length))
  }`)
  await account.invoke([1, 2])
  expect([sent, (await account.log()).length]).toEqual([1, 5])
  await account.invoke(Array(10).fill(150_000))
  expect([sent, (await account.log()).length]).toEqual([7, 18])
})

test('an environment is started once and keeps what the handler remembers', async () => {
  const account = new Functions()
  await account.create(`(() => { let calls = 0; return () => ++calls })()`)
  const started = account.world.now
  expect((await account.invoke({})).payload).toBe(1)
  const cold = account.world.now - started
  expect((await account.invoke({})).payload).toBe(2)
  const warm = account.world.now - started - cold
  expect(cold).toBeGreaterThanOrEqual(150)
  expect(warm).toBeLessThan(10)
})

describe('what goes wrong in a function', () => {
  it('is reported by the name of the error, with the function’s own lines of the stack', async () => {
    const account = new Functions()
    await account.create(`() => { class NotToday extends Error { name = 'NotToday' }
      throw new NotToday('come back tomorrow') }`)
    const answer = await account.invoke({}, { LogType: 'Tail' })
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: { errorType: 'NotToday', errorMessage: 'come back tomorrow' },
    })
    const [first, ...frames] = answer.payload.trace
    expect(first).toBe('NotToday: come back tomorrow')
    expect(frames[0]).toContain('/var/task/index.mjs')
    expect(frames.join()).not.toContain('local/aws')
    const tail = Buffer.from(answer.LogResult ?? '', 'base64').toString()
    expect(tail).toContain('"errorType":"NotToday"')
  })

  it('need not be an error', async () => {
    const account = new Functions()
    await account.create(`() => { throw 'a text' }`)
    expect((await account.invoke({})).payload).toEqual({
      errorType: 'string',
      errorMessage: 'a text',
      trace: [],
    })
  })

  it('is an answer over 6 MB', async () => {
    const account = new Functions()
    await account.create(`() => 'x'.repeat(7_000_000)`)
    expect((await account.invoke({})).payload.errorType).toBe('Function.ResponseSizeTooLarge')
  })
})

describe('a function whose time is up', () => {
  async function late() {
    const account = new Functions()
    account.web['slow.example'] = { body: {}, after: 5_000 }
    await account.create(
      `async (event, context, platform) => {
        await platform.fetch('https://slow.example/first').catch(() => {})
        await platform.fetch('https://slow.example/second').catch(() => {})
        platform.writeLog('still here')
      }`,
      { LoggingConfig: { LogFormat: 'JSON' } },
    )
    return account
  }

  it('ends with Sandbox.Timedout after exactly its time', async () => {
    const account = await late()
    const { payload } = await account.invoke({})
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/,
      ),
    })
    const report = JSON.parse((await account.log()).at(-1) ?? '')
    expect(report).toMatchObject({
      type: 'platform.report',
      record: { status: 'timeout', metrics: { durationMs: 3000, memorySizeMB: 128 } },
    })
  })

  it('reaches nobody afterwards, and its environment is not used again', async () => {
    const account = await late()
    await account.invoke({})
    await account.run(60_000)
    expect(account.requests).toEqual(['GET https://slow.example/first'])
    expect((await account.log()).join()).not.toContain('still here')
    const starts = (await account.log()).filter((line) => line.includes('platform.initStart'))
    await account.invoke({})
    const later = (await account.log()).filter((line) => line.includes('platform.initStart'))
    expect([starts.length, later.length]).toEqual([1, 2])
  })
})

describe('a function that is killed', () => {
  const THREE = `async (event, context, platform) => {
    for (const n of [1, 2, 3]) await platform.fetch('https://web.example/' + n)
  }`

  test.each([
    ['before', ['GET https://web.example/1']],
    ['after', ['GET https://web.example/1', 'GET https://web.example/2']],
  ] as const)('%s its second call', async (when, requests) => {
    const account = new Functions()
    await account.create(THREE)
    account.lambda.killer = (call) => call.n === 2 && call.when === when
    expect((await account.invoke({})).payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('signal: killed'),
    })
    await account.run(60_000)
    expect(account.requests).toEqual(requests)
    account.lambda.killer = undefined
    expect((await account.invoke({})).FunctionError).toBeUndefined()
  })
})

describe('concurrency', () => {
  it('is limited by what is reserved', async () => {
    const account = new Functions()
    await account.create(`(event, context, platform) => platform.fetch('https://web.example/')`)
    await account.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'orders',
      ReservedConcurrentExecutions: 1,
    })
    const outcomes: string[] = []
    account.lambda.onInvoked(({ outcome, concurrent }) => outcomes.push(`${outcome} ${concurrent}`))
    const both = await Promise.allSettled([account.invoke({}), account.invoke({})])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(both[1]).toMatchObject({
      reason: {
        name: 'TooManyRequestsException',
        members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      },
    })
    expect(outcomes).toEqual(['throttled 1', 'success 1'])
    await expect(
      account.call('lambda', 'PutFunctionConcurrency', {
        FunctionName: 'orders',
        ReservedConcurrentExecutions: 901,
      }),
    ).rejects.toThrow('below its minimum value of [100]')
    expect(await account.call('lambda', 'GetAccountSettings', {})).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 999 },
      AccountUsage: { FunctionCount: 1 },
    })
  })
})

describe('the policy of a function', () => {
  const events = { kind: 'aws', name: 'events' } as const
  const invoke = { FunctionName: 'orders', InvocationType: 'Event' }

  it('says which AWS service may invoke it without a role', async () => {
    const account = new Functions()
    await account.create(`() => 1`)
    await expect(account.call('lambda', 'Invoke', invoke, events)).rejects.toThrow(
      'events.amazonaws.com is not authorized to perform: lambda:InvokeFunction',
    )
    const statement = {
      FunctionName: ARN,
      StatementId: 'rule',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:aws:events:eu-central-1:123456789012:rule/pushed',
    }
    await account.call('lambda', 'AddPermission', statement)
    const rule = { ...events, sourceArn: statement.SourceArn }
    expect(await account.call('lambda', 'Invoke', invoke, rule)).toEqual({ StatusCode: 202 })
    await expect(
      account.call('lambda', 'Invoke', invoke, { ...rule, sourceArn: `${rule.sourceArn}-2` }),
    ).rejects.toThrow('not authorized')
    await expect(account.call('lambda', 'AddPermission', statement)).rejects.toThrow('(rule)')
    const { Policy } = await account.call<{ Policy: string }>('lambda', 'GetPolicy', {
      FunctionName: 'orders',
    })
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: 'rule',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: ARN,
        Condition: { ArnLike: { 'AWS:SourceArn': statement.SourceArn } },
      },
    ])
    await account.call('lambda', 'RemovePermission', {
      FunctionName: 'orders',
      StatementId: 'rule',
    })
    await expect(account.call('lambda', 'Invoke', invoke, rule)).rejects.toThrow('not authorized')
  })
})

test('lines the role may not write vanish, and the function goes on', async () => {
  const account = new Functions()
  account.aws.guards.push(({ operation, caller }) => {
    if (operation === 'CreateLogStream' && caller.roleArn === ROLE) {
      throw new AwsError('AccessDeniedException', 'not this role')
    }
  })
  await account.create(`(event, context, platform) => { platform.writeLog('hello'); return 1 }`)
  expect((await account.invoke({})).payload).toBe(1)
  await expect(account.log()).rejects.toThrow('The specified log group does not exist.')
})

describe('what is refused', () => {
  test.each([
    ['a handler without `on`', {}, 'export const handler = () => 1', /real clock/],
    ['no such export', { Handler: 'index.main' }, 'export const handler = 1', /index.main/],
    ['another runtime', { Runtime: 'python3.13' }, '', /python3\.13/],
    ['layers', { Layers: ['arn:aws:lambda:eu-central-1:123456789012:layer:one:1'] }, '', /Layers/],
    ['a log level', { LoggingConfig: { ApplicationLogLevel: 'DEBUG' } }, '', /DEBUG/],
    ['a time-out of a day', { Timeout: 86_400 }, '', /timeout/],
    ['a name with a blank', { FunctionName: 'or ders' }, '', /functionName/],
  ])('%s', async (_, more, source, problem) => {
    const account = new Functions()
    const { writeFileSync } = await import('node:fs')
    const directory = account.bundle('() => 1')
    if (source !== '') writeFileSync(`${directory}/index.mjs`, source)
    await expect(
      account.create('', { Code: { S3Key: directory }, ...(more as object) }),
    ).rejects.toThrow(problem)
  })

  test.each([
    ['above its bundle', (outside: string) => `../${outside}/index.handler`],
    ['in its bundle by a way out of it', (outside: string) => `x/../../${outside}/index.handler`],
    ['by a link out of its bundle', () => 'link/index.handler'],
  ])('a handler %s', async (_, handlerIn) => {
    const account = new Functions()
    const [own, outside] = [account.bundle('() => 1'), account.bundle('() => 2')]
    const { symlinkSync } = await import('node:fs')
    symlinkSync(outside, `${own}/link`)
    const Handler = handlerIn(outside.split('/').at(-1) ?? '')
    await expect(account.create('', { Code: { S3Key: own }, Handler })).rejects.toThrow(
      `${Handler} is not in the function's bundle`,
    )
    // Nor later.
    await account.create('', { Code: { S3Key: own }, FunctionName: 'orders' })
    const update = { FunctionName: 'orders', Handler }
    await expect(account.call('lambda', 'UpdateFunctionConfiguration', update)).rejects.toThrow(
      `${Handler} is not in the function's bundle`,
    )
  })

  test.each([
    ['a payload over 1 MB, asynchronously', 'Event', `"${'x'.repeat(1_048_576)}"`, /1048576/],
    ['a payload over 6 MB', 'RequestResponse', `"${'x'.repeat(6_291_456)}"`, /6291456/],
    ['a payload that is no JSON', 'RequestResponse', '{', /Could not parse request body/],
  ])('%s', async (_, InvocationType, text, problem) => {
    const account = new Functions()
    await account.create(`() => 1`)
    const Payload = new TextEncoder().encode(text)
    await expect(
      account.call('lambda', 'Invoke', { FunctionName: 'orders', InvocationType, Payload }),
    ).rejects.toThrow(problem)
  })

  it('is a function nobody made, or a version of one', async () => {
    const account = new Functions()
    await account.create(`() => 1`)
    await expect(account.invoke({}, { FunctionName: 'other' })).rejects.toThrow(
      'Function not found: arn:aws:lambda:eu-central-1:123456789012:function:other',
    )
    await expect(account.invoke({}, { Qualifier: 'live' })).rejects.toThrow(`${ARN}:live`)
    expect(await account.invoke({}, { InvocationType: 'DryRun' })).toEqual({ StatusCode: 204 })
  })
})

test('a changed function serves the next invocation from a new environment', async () => {
  const account = new Functions()
  await account.create(`(event, context, platform) => platform.environment.COLOUR`, {
    Environment: { Variables: { COLOUR: 'red' } },
  })
  expect((await account.invoke({})).payload).toBe('red')
  await account.call('lambda', 'UpdateFunctionConfiguration', {
    FunctionName: 'orders',
    Environment: { Variables: { COLOUR: 'blue' } },
  })
  expect((await account.invoke({})).payload).toBe('blue')
  await account.call('lambda', 'UpdateFunctionCode', {
    FunctionName: 'orders',
    S3Key: account.bundle(`() => 'new code'`),
  })
  expect((await account.invoke({})).payload).toBe('new code')
  expect(
    await account.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'orders' }),
  ).toMatchObject({
    FunctionArn: ARN,
    Timeout: 3,
    MemorySize: 128,
    State: 'Active',
    Environment: { Variables: { COLOUR: 'blue' } },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
  })
  await account.call('lambda', 'DeleteFunction', { FunctionName: 'orders' })
  expect(await account.call('lambda', 'ListFunctions', {})).toEqual({ Functions: [] })
})
