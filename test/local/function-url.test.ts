import { describe, expect, it, test } from 'vitest'
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { publishVended } from '../../local/aws/cloudwatch/vended.ts'
import { deploy, update } from '../../local/cloudformation/deploy.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { answerTo, Entrances } from '../kits/entrances.ts'
import { assembly } from '../kits/templates.ts'

const ECHO = '(event) => event'
const answering = (value: unknown) => `() => (${JSON.stringify(value)})`

/** A function that everybody may ask. */
async function opened(handler = ECHO, more: object = {}) {
  const account = new Entrances()
  const url = await account.open(handler, 'NONE', more)
  await account.letEverybody()
  const ask = (path = '', init?: RequestInit) => account.ask(new Request(`${url}${path}`, init))
  return { account, url, ask }
}

describe('a request to a function’s URL', () => {
  it('becomes an event of the format 2.0', async () => {
    const { account, url, ask } = await opened()
    const { status, headers, text } = await ask('a%20b/c?x=1&x=2&y', {
      headers: { Cookie: 'a=1; b=2', 'X-Trace': 'T', 'user-agent': 'curl/8.5.0' },
    })
    const host = new URL(url).host
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json')
    const event = JSON.parse(text)
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b/c',
      rawQueryString: 'x=1&x=2&y',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { x: '1,2', y: '' },
      headers: {
        host,
        'x-trace': 'T',
        'user-agent': 'curl/8.5.0',
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      },
      requestContext: {
        accountId: 'anonymous',
        apiId: host.split('.')[0],
        domainName: host,
        domainPrefix: host.split('.')[0],
        http: {
          method: 'GET',
          path: '/a%20b/c',
          protocol: 'HTTP/1.1',
          sourceIp: '203.0.113.7',
          userAgent: 'curl/8.5.0',
        },
        requestId: headers.get('x-amzn-requestid'),
        stage: '$default',
        time: '02/Mar/2026:09:00:00 +0000',
      },
      isBase64Encoded: false,
    })
    expect(event).not.toHaveProperty('body')
    expect(event.requestContext).not.toHaveProperty('authorizer')
    expect(event.headers).not.toHaveProperty('cookie')
    expect(event.requestContext.timeEpoch).toBeGreaterThan(
      new Date('2026-03-02T09:00:00Z').getTime(),
    )
    expect(await account.log()).toContainEqual(
      expect.stringContaining(event.requestContext.requestId),
    )
  })

  test.each([
    ['text/plain; charset=utf-8', false],
    ['application/json', false],
    ['application/vnd.api+json', false],
    ['application/x-www-form-urlencoded', true],
    ['image/png', true],
  ])('a body of %s: base64 %s', async (type, isBase64Encoded) => {
    const { ask } = await opened()
    const headers = { 'content-type': type }
    const { text } = await ask('', { method: 'POST', headers, body: 'grüße=1' })
    const event = JSON.parse(text)
    expect(event.isBase64Encoded).toBe(isBase64Encoded)
    const read = isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body
    expect(read).toBe('grüße=1')
  })

  it('is refused when it is larger than 6 MB', async () => {
    const { ask } = await opened(`(event) => event.isBase64Encoded`)
    const headers = { 'content-type': 'text/plain' }
    const sent = (length: number) => ask('', { method: 'POST', headers, body: 'x'.repeat(length) })
    expect((await sent(6_291_456)).status).toBe(200)
    expect(await sent(6_291_457)).toMatchObject({
      status: 413,
      text: expect.stringContaining('Request must be smaller than 6291456 bytes'),
    })
  })

  it('takes the time of the way and of the function', async () => {
    const { account, ask } = await opened()
    const before = account.world.now
    await ask()
    expect(account.world.now - before).toBeGreaterThan(150)
  })
})

describe('what the function returns', () => {
  test.each([
    ['text', 'Hello', 200, '"Hello"'],
    ['an object', { a: 1 }, 200, '{"a":1}'],
    ['nothing', null, 200, 'null'],
    ['a status', { statusCode: 404, body: 'not here' }, 404, 'not here'],
    ['bytes', { statusCode: 200, body: 'AAEC', isBase64Encoded: true }, 200, '\u0000\u0001\u0002'],
    ['no content', { statusCode: 204 }, 204, ''],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }, 502, 'Internal Server Error'],
    ['a status that is none', { statusCode: 'fine' }, 502, 'Internal Server Error'],
    ['headers that are none', { statusCode: 200, headers: ['a'] }, 502, 'Internal Server Error'],
  ])('%s', async (_, value, status, text) => {
    const { ask } = await opened(answering(value))
    expect(await ask()).toMatchObject({ status, text })
  })

  test('headers and cookies', async () => {
    const { ask } = await opened(
      answering({
        statusCode: 302,
        headers: { Location: 'https://example.com/', 'Content-Type': 'text/html', 'X-Count': 3 },
        cookies: ['a=1; Secure', 'b=2'],
      }),
    )
    const { status, headers } = await ask()
    expect(status).toBe(302)
    expect(headers.get('location')).toBe('https://example.com/')
    expect(headers.get('content-type')).toBe('text/html')
    expect(headers.get('x-count')).toBe('3')
    expect(headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2'])
  })

  test.each([
    ['an error', '() => { throw new Error("no") }'],
    ['no end in time', '(event, context, { fetch }) => fetch("https://slow.example")'],
    ['more than 6 MB', '() => "x".repeat(6300000)'],
  ])('%s is a bad gateway', async (_, handler) => {
    const { account, ask } = await opened(handler)
    account.web['slow.example'] = { body: {}, after: 10_000 }
    expect(await ask()).toMatchObject({ status: 502, text: 'Internal Server Error' })
  })

  it('is 429 when no more may run', async () => {
    const { account, ask } = await opened()
    const none = { FunctionName: 'orders', ReservedConcurrentExecutions: 0 }
    await account.call('lambda', 'PutFunctionConcurrency', none)
    expect(await ask()).toMatchObject({
      status: 429,
      text: '{"message":"Rate Exceeded."}',
    })
  })
})

describe('who may, with AuthType NONE', () => {
  it('takes both permissions, under the conditions of a URL', async () => {
    const account = new Entrances()
    const url = await account.open(ECHO, 'NONE')
    const status = async () => (await account.ask(new Request(url))).status
    expect(await status()).toBe(403)
    await account.permit('url', 'lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'AWS_IAM' })
    await account.permit('function', 'lambda:InvokeFunction', { InvokedViaFunctionUrl: true })
    expect(await status()).toBe(403)
    await account.permit('open', 'lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'NONE' })
    expect(await status()).toBe(200)
    const taken = { FunctionName: 'orders', StatementId: 'function' }
    await account.call('lambda', 'RemovePermission', taken)
    const { headers, text } = await account.ask(new Request(url))
    expect(headers.get('x-amzn-errortype')).toBe('AccessDeniedException')
    expect(JSON.parse(text).Message).toMatch(/^Forbidden/)
  })

  it('a permission for the URL lets no service of AWS invoke the function', async () => {
    const { account } = await opened()
    const service = { kind: 'aws', name: 'events', sourceArn: 'arn:aws:events:::rule/x' } as const
    const asked = account.call('lambda', 'Invoke', { FunctionName: 'orders' }, service)
    await expect(asked).rejects.toThrow('no resource-based policy allows')
  })

  it('shows the conditions in the policy', async () => {
    const { account } = await opened()
    const { Policy } = await account.call<{ Policy: string }>('lambda', 'GetPolicy', {
      FunctionName: 'orders',
    })
    expect(JSON.parse(Policy).Statement).toMatchObject([
      { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
      { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
    ])
  })
})

describe('a simulation', () => {
  it('has the URLs of its functions in its internet', async () => {
    const start = new Date('2026-03-02T09:00:00Z')
    const simulation = await Simulation.open({ seed: 1, start, empty: true })
    const { region } = simulation.aws
    const url = `https://nobody.lambda-url.${region}.on.aws/`
    expect(await answerTo(simulation, new Request(url))).toMatchObject({ status: 403 })
    const elsewhere = new Request(`https://nobody.lambda-url.${region}x.on.aws/`)
    await expect(answerTo(simulation, elsewhere)).rejects.toThrow('fetch failed')
  })

  it('measures requests, and what became of them', async () => {
    const { account, ask } = await opened(
      `(event) => ({ statusCode: Number(event.rawPath.slice(1)) })`,
    )
    const cloudwatch = new CloudWatch(account.aws)
    account.aws.register(cloudwatch)
    publishVended(account.aws)
    for (const status of ['200', '404', '500', '503']) await ask(status)
    const sum = async (MetricName: string, Stat = 'Sum') => {
      const found = await account.call<{ Datapoints: Record<string, number>[] }>(
        'cloudwatch',
        'GetMetricStatistics',
        {
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'FunctionName', Value: 'orders' }],
          StartTime: new Date('2026-03-02T09:00:00Z'),
          EndTime: new Date('2026-03-02T10:00:00Z'),
          Period: 3600,
          Statistics: [Stat],
        },
      )
      return found.Datapoints[0]?.[Stat]
    }
    expect(await sum('UrlRequestCount')).toBe(4)
    expect(await sum('Url4xxCount')).toBe(1)
    expect(await sum('Url5xxCount')).toBe(2)
    expect(await sum('UrlRequestLatency', 'Maximum')).toBeGreaterThan(150)
  })
})

describe('the URL itself', () => {
  it('is made once, shown, changed and deleted', async () => {
    const { account, url } = await opened()
    expect(url).toMatch(/^https:\/\/[a-z0-9]{32}\.lambda-url\.eu-central-1\.on\.aws\/$/)
    const named = { FunctionName: 'orders' }
    const created = { ...named, AuthType: 'NONE' }
    await expect(account.call('lambda', 'CreateFunctionUrlConfig', created)).rejects.toThrow(
      'FunctionUrlConfig exists',
    )
    const changed = { ...named, AuthType: 'AWS_IAM' }
    await account.call('lambda', 'UpdateFunctionUrlConfig', changed)
    expect(await account.call('lambda', 'GetFunctionUrlConfig', named)).toMatchObject({
      FunctionUrl: url,
      AuthType: 'AWS_IAM',
      InvokeMode: 'BUFFERED',
    })
    expect((await account.ask(new Request(url))).status).toBe(403)
    expect(await account.call('lambda', 'ListFunctionUrlConfigs', named)).toMatchObject({
      FunctionUrlConfigs: [{ FunctionUrl: url }],
    })
    await account.call('lambda', 'DeleteFunctionUrlConfig', named)
    await expect(account.call('lambda', 'GetFunctionUrlConfig', named)).rejects.toThrow(
      'does not exist',
    )
    expect((await account.ask(new Request(url))).status).toBe(403)
  })

  it('is made by a template, as the CDK writes it', async () => {
    const account = new Entrances()
    await account.role('orders', [], { Service: 'lambda.amazonaws.com' })
    await account.create(answering('hello'))
    const permission = (Action: string, more: object) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: 'orders', Action, Principal: '*', ...more },
    })
    const Resources = (AuthType: string) => ({
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: 'orders', AuthType } },
      MayUrl: permission('lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'NONE' }),
      MayInvoke: permission('lambda:InvokeFunction', { InvokedViaFunctionUrl: true }),
    })
    const Outputs = { Address: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } }
    const stack = (authType: string) => ({ Stack: { Resources: Resources(authType), Outputs } })
    const first = await deploy(account.aws, assembly(stack('NONE')))
    const address = String(first.stacks[0]?.outputs.Address)
    expect(await account.ask(new Request(address))).toMatchObject({ status: 200, text: '"hello"' })
    const second = await update(account.aws, first, assembly(stack('AWS_IAM')))
    expect(second.stacks[0]?.outputs.Address).toBe(address)
    expect((await account.ask(new Request(address))).status).toBe(403)
  })

  it('does not stream', async () => {
    const account = new Entrances()
    const opening = account.open(ECHO, 'NONE', { InvokeMode: 'RESPONSE_STREAM' })
    await expect(opening).rejects.toThrow('RESPONSE_STREAM')
  })

  it('answers browsers that ask for pages of other origins', async () => {
    const Cors = { AllowOrigins: ['https://a.example'], AllowMethods: ['POST'], MaxAge: 60 }
    const { account, ask } = await opened(ECHO, { Cors })
    const asking = { origin: 'https://a.example', 'access-control-request-method': 'POST' }
    const preflight = await ask('', { method: 'OPTIONS', headers: asking })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST')
    expect(preflight.headers.get('access-control-max-age')).toBe('60')
    await expect(account.log()).rejects.toThrow('does not exist')
    const origin = (from: string) => ask('', { headers: { origin: from } })
    const name = 'access-control-allow-origin'
    expect((await origin('https://a.example')).headers.get(name)).toBe('https://a.example')
    expect((await origin('https://b.example')).headers.get(name)).toBe(null)
  })

  it('can be asked by another function', async () => {
    const { account, url } = await opened(answering({ statusCode: 200, body: 'hello' }))
    const { world, internet } = account
    const answer = world.busy(async () => (await internet.fetch(url)).text())
    await account.run(2_000)
    expect(await answer).toBe('hello')
  })
})
