import type { DescribeTargetHealthOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, it, test } from 'vitest'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { deploy, update } from '../../local/cloudformation/deploy.ts'
import { Balancers, path, saying } from '../kits/balancers.ts'
import { assembly } from '../kits/templates.ts'

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html

/** Answers with the event it was given. */
const ECHO = `(event) => ({ statusCode: 200, body: JSON.stringify(event) })`

async function opened(handler = ECHO, more: object = {}) {
  const account = await Balancers.open()
  return { account, groupArn: await account.functionGroup(handler, more) }
}

/** From now on headers and parameters come and go with all their values. */
const multi = (account: Balancers, TargetGroupArn: string) =>
  account.elb('ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
  })

/** Waits for somebody outside for longer than it may. */
const SLOW = `async (event, context, platform) => {
  await platform.fetch('https://slow.example.com/')
  return { statusCode: 200 }
}`

const answering = (answer: unknown) => `() => (${JSON.stringify(answer)})`

describe('a request', () => {
  it('is given to the function as the load balancer writes it', async () => {
    const { account, groupArn } = await opened()
    const { status, text } = await account.ask('/wake/a%20b?x=1&x=2%203&y', {
      headers: { Accept: 'text/html', 'X-Trace': 'T' },
    })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      requestContext: { elb: { targetGroupArn: groupArn } },
      httpMethod: 'GET',
      path: '/wake/a%20b',
      queryStringParameters: { x: '2%203', y: '' },
      headers: {
        accept: 'text/html',
        'x-trace': 'T',
        host: expect.stringMatching(/^dev-\d+\.eu-central-1\.elb\.amazonaws\.com$/),
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-69a[0-9a-f]{5}-[0-9a-f]{24}$/),
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-port': '80',
        'x-forwarded-proto': 'http',
      },
      body: '',
      isBase64Encoded: false,
    })
  })

  it('has all values of its headers and parameters where that is switched on', async () => {
    const { account, groupArn } = await opened(
      `(event) => ({ statusCode: 200, multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
        body: JSON.stringify(event) })`,
    )
    await multi(account, groupArn)
    const { text, headers } = await account.ask('/wake?x=1&x=2')
    const event = JSON.parse(text)
    expect(event).toMatchObject({
      multiValueQueryStringParameters: { x: ['1', '2'] },
      multiValueHeaders: { 'x-forwarded-proto': ['http'] },
    })
    expect(event).not.toHaveProperty('headers')
    expect(event).not.toHaveProperty('queryStringParameters')
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  test.each([
    ['text/plain', undefined, false],
    ['application/json', undefined, false],
    ['application/json', 'gzip', true],
    ['application/x-www-form-urlencoded', undefined, true],
  ])('with a body of %s, encoded %s: base64 %s', async (type, encoding, isBase64Encoded) => {
    const { account } = await opened()
    const headers = { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) }
    const { text } = await account.ask('/wake', { method: 'POST', headers, body: 'grüße=1' })
    const event = JSON.parse(text)
    expect(event.isBase64Encoded).toBe(isBase64Encoded)
    const read = isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body
    expect(read).toBe('grüße=1')
  })

  it('may have a body of 1 MB, and no upgrade', async () => {
    const { account } = await opened(answering({ statusCode: 204 }))
    const post = async (length: number) =>
      (await account.ask('/wake', { method: 'POST', body: 'x'.repeat(length) })).status
    expect([await post(1_048_576), await post(1_048_577)]).toEqual([204, 413])
    expect((await account.ask('/wake', { headers: { upgrade: 'websocket' } })).status).toBe(400)
  })

  it('that fits another rule never comes to it', async () => {
    const { account } = await opened()
    await account.rule(1, [path('/wake')], [saying('awake')])
    expect(await account.get('/wake')).toBe('200 awake')
    await expect(account.log()).rejects.toThrow('log group does not exist')
  })
})

describe('an answer', () => {
  it('is given on with its status, headers and body', async () => {
    const { account } = await opened(
      answering({
        statusCode: 503,
        statusDescription: '503 Service Unavailable',
        headers: { 'Content-Type': 'text/html', 'Retry-After': 120 },
        body: Buffer.from('<p>It wakes.</p>').toString('base64'),
        isBase64Encoded: true,
      }),
    )
    const { status, headers, text } = await account.ask('/wake')
    expect({ status, text, type: headers.get('content-type') }).toEqual({
      status: 503,
      text: '<p>It wakes.</p>',
      type: 'text/html',
    })
    expect(headers.get('retry-after')).toBe('120')
  })

  test.each([
    ['a function that throws', '() => { throw new Error("broken") }'],
    ['a function that takes too long', SLOW],
    ['no status', answering({ body: 'hello' })],
    ['a status that is text', answering({ statusCode: '200' })],
    ['no object', answering('hello')],
    ['nothing', '() => null'],
    ['a body that is no text', answering({ statusCode: 200, body: {} })],
    ['more than 1 MB', `() => ({ statusCode: 200, body: 'x'.repeat(1048576) })`],
  ])('is 502 for %s', async (_, handler) => {
    const { account } = await opened(handler, { Timeout: 3 })
    account.web['slow.example.com'] = { body: 'late', after: 60_000 }
    const { status, text } = await account.ask('/wake')
    expect(status).toBe(502)
    expect(text).toContain('502 Bad Gateway')
  })

  it('is 502 when the function may not be invoked any more, or too often at a time', async () => {
    const { account } = await opened(answering({ statusCode: 200 }))
    const FunctionName = 'orders'
    const busy = { FunctionName, ReservedConcurrentExecutions: 0 }
    await account.call('lambda', 'PutFunctionConcurrency', busy)
    expect((await account.ask('/wake')).status).toBe(502)
    await account.call('lambda', 'DeleteFunctionConcurrency', { FunctionName })
    expect((await account.ask('/wake')).status).toBe(200)
    await account.call('lambda', 'RemovePermission', { FunctionName, StatementId: 'balancer' })
    expect((await account.ask('/wake')).status).toBe(502)
  })
})

describe('the target group of a function', () => {
  const LAMBDA = { TargetType: 'lambda', Protocol: undefined, Port: undefined, VpcId: undefined }

  it('shows the function, whose health nobody checks', async () => {
    const { account, groupArn: TargetGroupArn } = await opened()
    const health = () =>
      account.elb<DescribeTargetHealthOutput>('DescribeTargetHealth', { TargetGroupArn })
    expect(await health()).toEqual({
      TargetHealthDescriptions: [
        {
          Target: { Id: account.functionArn },
          TargetHealth: {
            State: 'unavailable',
            Reason: 'Target.HealthCheckDisabled',
            Description: 'Health checks are not enabled for this target',
          },
        },
      ],
    })
    const Targets = [{ Id: account.functionArn }]
    await account.elb('DeregisterTargets', { TargetGroupArn, Targets })
    expect(await health()).toEqual({ TargetHealthDescriptions: [] })
    expect((await account.ask('/wake')).status).toBe(503)
  })

  it('takes one function, which must let the load balancer in', async () => {
    const account = await Balancers.open()
    await account.create(ECHO)
    const TargetGroupArn = await account.group('wake', LAMBDA)
    const register = (...ids: string[]) =>
      account.elb('RegisterTargets', { TargetGroupArn, Targets: ids.map((Id) => ({ Id })) })
    await expect(register(account.functionArn)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `elasticloadbalancing principal does not have permission to invoke ${account.functionArn} from target group ${TargetGroupArn}`,
    })
    await account.permit(`${TargetGroupArn}-other`)
    await expect(register(account.functionArn)).rejects.toMatchObject({ name: 'AccessDenied' })
    await account.call('lambda', 'RemovePermission', {
      FunctionName: 'orders',
      StatementId: 'balancer',
    })
    await account.permit(TargetGroupArn)
    await register(account.functionArn)
    await expect(register(`${account.functionArn}2`)).rejects.toMatchObject({
      name: 'TooManyTargetsException',
    })
    await expect(register('10.0.0.1')).rejects.toMatchObject({ name: 'TooManyTargetsException' })
  })

  test.each([
    ['ValidationError', { Protocol: 'HTTP' }],
    ['ValidationError', { Port: 80 }],
    ['NotImplemented', { HealthCheckEnabled: true }],
  ])('is refused with %s for %j', async (name, more) => {
    const account = await Balancers.open()
    await expect(account.group('wake', { ...LAMBDA, ...more })).rejects.toMatchObject({ name })
  })
})

/** A load balancer, a function behind one of its rules, and who may invoke it. */
function stack(account: Balancers, answer: string) {
  const Code = {
    S3Bucket: 'assets',
    S3Key: account.bundle(answering({ statusCode: 200, body: answer })),
  }
  return {
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'waker',
        Code,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: 'arn:aws:iam::123456789012:role/orders',
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
        Action: 'lambda:InvokeFunction',
        Principal: 'elasticloadbalancing.amazonaws.com',
      },
    },
    Group: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      DependsOn: ['Permission'],
      Properties: {
        Name: 'waker',
        TargetType: 'lambda',
        Targets: [{ Id: { 'Fn::GetAtt': ['Function', 'Arn'] } }],
      },
    },
    Rule: {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      Properties: {
        ListenerArn: account.listener,
        Priority: 40_000,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/asleep'] } }],
        Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }],
      },
    },
  }
}

describe('a stack', () => {
  it('brings the function, its target group and its rule, and leaves the rules of others', async () => {
    const account = await Balancers.open()
    const { aws } = account
    const first = await deploy(aws, assembly({ Stack: { Resources: stack(account, 'first') } }))
    expect(await account.get('/asleep')).toBe('200 first')
    await account.rule(7, [path('/asleep')], [saying('by hand')])
    expect(await account.get('/asleep')).toBe('200 by hand')
    const { Rule: _, ...rest } = stack(account, 'second')
    await update(aws, first, assembly({ Stack: { Resources: rest } }))
    expect(await account.priorities()).toEqual(['7', 'default'])
  })

  it('fails to bring them when the function lets nobody in before', async () => {
    const account = await Balancers.open()
    const { Permission: _, ...rest } = stack(account, 'never')
    const Group = { ...rest.Group, DependsOn: [] }
    const resources = { ...rest, Group }
    await expect(
      deploy(account.aws, assembly({ Stack: { Resources: resources } })),
    ).rejects.toThrow('elasticloadbalancing principal does not have permission to invoke')
  })
})

test('a rule carries tags, by which the tagging API finds it', async () => {
  const account = await Balancers.open()
  account.aws.register(new Tagging(account.aws))
  const rule = await account.rule(1, [path('/*')], [saying('')])
  await account.elb('AddTags', {
    ResourceArns: [rule],
    Tags: [{ Key: 'caretaker:environment', Value: 'dev' }],
  })
  const found = await account.call('resource-groups-tagging-api', 'GetResources', {
    ResourceTypeFilters: ['elasticloadbalancing:listener-rule'],
    TagFilters: [{ Key: 'caretaker:environment' }],
  })
  expect(found).toMatchObject({ ResourceTagMappingList: [{ ResourceARN: rule }] })
})
