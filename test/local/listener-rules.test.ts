import type { DescribeRulesOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { beforeEach, describe, expect, it, test } from 'vitest'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { Balancers, path, saying } from '../kits/balancers.ts'

const OIDC = {
  Type: 'authenticate-oidc',
  Order: 1,
  AuthenticateOidcConfig: {
    Issuer: 'https://id.example.com',
    AuthorizationEndpoint: 'https://id.example.com/authorize',
    TokenEndpoint: 'https://id.example.com/token',
    UserInfoEndpoint: 'https://id.example.com/user',
    ClientId: 'caretaker',
    ClientSecret: 'secret',
  },
}
const SECURE = {
  Protocol: 'HTTPS',
  Port: 443,
  Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' }],
}

const ELB = 'elastic-load-balancing-v2'
const TRUST = JSON.stringify({
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'states.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
})

const HTTPS = { scheme: 'https' }

let account: Balancers

beforeEach(async () => {
  account = await Balancers.open()
})

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
describe('the first rule that fits decides', () => {
  it('by priority, whenever it was made', async () => {
    await account.rule(20, [path('/*')], [saying('late')])
    const early = await account.rule(10, [path('/a*')], [saying('early')])
    expect([await account.get('/ab'), await account.get('/b')]).toEqual(['200 early', '200 late'])
    await account.elb('DeleteRule', { RuleArn: early })
    expect(await account.get('/ab')).toBe('200 late')
  })

  it('the default rule when none does', async () => {
    await account.rule(1, [path('/a')], [saying('a')])
    expect(await account.get('/b')).toBe('404 default')
  })

  it('whatever is behind it: an empty group answers 503 and no later rule is asked', async () => {
    const TargetGroupArn = await account.group('orders')
    await account.rule(1, [path('/orders*')], [{ Type: 'forward', TargetGroupArn }])
    await account.rule(2, [path('/*')], [saying('asleep')])
    const { status, text, headers } = await account.ask('/orders/7')
    expect({ status, server: headers.get('server') }).toEqual({ status: 503, server: 'awselb/2.0' })
    expect(text).toContain('<h1>503 Service Temporarily Unavailable</h1>')
  })

  it('rules change places all at once, or none does', async () => {
    const a = await account.rule(1, [path('/*')], [saying('a')])
    const b = await account.rule(2, [path('/*')], [saying('b')])
    const set = (...RulePriorities: object[]) =>
      account.elb('SetRulePriorities', { RulePriorities })
    await set({ RuleArn: a, Priority: 2 }, { RuleArn: b, Priority: 1 })
    expect(await account.get('/')).toBe('200 b')
    await expect(set({ RuleArn: a, Priority: 1 })).rejects.toMatchObject({
      name: 'PriorityInUseException',
      message: "Priority '1' is currently in use",
    })
    await expect(
      set({ RuleArn: a, Priority: 7 }, { RuleArn: b, Priority: 7 }),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: "Priority '7' was provided multiple times",
    })
    expect(await account.priorities()).toEqual(['1', '2', 'default'])
  })
})

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
describe('a condition', () => {
  const header = (HttpHeaderName: string, ...Values: string[]) => ({
    Field: 'http-header',
    HttpHeaderConfig: { HttpHeaderName, Values },
  })
  const query = (...Values: object[]) => ({ Field: 'query-string', QueryStringConfig: { Values } })

  test.each<[string, object[], string, RequestInit, boolean]>([
    ['of the path', [path('/a?c/*')], '/abc/d', {}, true],
    ['of the path minds the case', [path('/ABC')], '/abc', {}, false],
    ['of the path leaves the query out', [path('/a')], '/a?b=1', {}, true],
    ['of the path takes any of its values', [path('/x', '/a')], '/a', {}, true],
    ['of a header does not mind the case', [header('accept', '*HTML*')], '/', HTML, true],
    ['of a header fails without it', [header('X-No', '*')], '/', HTML, false],
    ['of the query by key and value', [query({ Key: 'v', Value: '1*' })], '/?v=12', {}, true],
    ['of the query by value alone', [query({ Value: '12' })], '/?v=12', {}, true],
    ['of the query with a star that is meant', [query({ Value: '1\\*' })], '/?v=12', {}, false],
    ['of the method', [method('HEAD', 'POST')], '/', { method: 'POST' }, true],
    ['of another method', [method('POST')], '/', {}, false],
    ['of where it comes from', [source('203.0.113.0/24')], '/', {}, true],
    ['of where it does not', [source('198.51.100.0/24')], '/', {}, false],
    ['of the host', [{ Field: 'host-header', Values: ['DEV-*.amazonaws.com'] }], '/', {}, true],
    ['and another: both must fit', [path('/a'), method('POST')], '/a', {}, false],
  ])('%s', async (_, conditions, asked, init, fits) => {
    await account.rule(1, conditions, [saying('fits')])
    expect((await account.get(asked, init)).endsWith('fits')).toBe(fits)
  })

  test.each<[string, object[]]>([
    ['at least one', []],
    ["must be one of '[host-header", [{ Field: 'colour', Values: ['red'] }]],
    ['A condition value must be specified', [path()]],
    ['too long', [path(`/${'x'.repeat(128)}`)]],
    ["one 'path-pattern' condition", [path('/a'), path('/b')]],
    ["'5' condition values", [path('/1', '/2', '/3'), method('A', 'B', 'C')]],
    ["'6' condition wildcards", [path('/*/*/*/*/*/*/*')]],
    ['must be CIDR blocks', [source('203.0.113.7')]],
    ['header name', [{ Field: 'http-header', HttpHeaderConfig: { Values: ['a'] } }]],
  ])('is refused: %s', async (message, conditions) => {
    await expect(account.rule(1, conditions, [saying('')])).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    })
  })
})

const HTML = { headers: { accept: 'text/html' } }
const method = (...Values: string[]) => ({
  Field: 'http-request-method',
  HttpRequestMethodConfig: { Values },
})
const source = (...Values: string[]) => ({ Field: 'source-ip', SourceIpConfig: { Values } })

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
describe('an action', () => {
  const redirect = (RedirectConfig: object) => ({
    Type: 'redirect',
    RedirectConfig: { StatusCode: 'HTTP_302', ...RedirectConfig },
  })

  it('redirects, with the parts of the request that it keeps', async () => {
    const to = redirect({ Protocol: 'HTTPS', Port: '443', Path: '/new/#{path}' })
    await account.rule(1, [path('/*')], [to])
    const { status, headers } = await account.ask('/a/b?c=1')
    expect(status).toBe(302)
    expect(headers.get('location')).toMatch(
      /^https:\/\/dev-\d+\.eu-central-1\.elb\.amazonaws\.com:443\/new\/a\/b\?c=1$/,
    )
  })

  it('forwards by weight, and an empty group that is drawn answers 503', async () => {
    const [empty, busy] = [await account.group('empty'), await account.group('busy')]
    await account.elb('RegisterTargets', { TargetGroupArn: busy, Targets: [{ Id: '10.0.0.9' }] })
    const weighted = (a: number, b: number) => ({
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: empty, Weight: a },
          { TargetGroupArn: busy, Weight: b },
        ],
      },
    })
    const RuleArn = await account.rule(1, [path('/*')], [weighted(1, 1)])
    const statuses = async () => {
      const seen = new Set<number>()
      for (let count = 0; count < 20; count++) seen.add((await account.ask('/')).status)
      return [...seen].toSorted()
    }
    // Nothing answers at the target of the other group.
    expect(await statuses()).toEqual([502, 503])
    await account.elb('ModifyRule', { RuleArn, Actions: [weighted(0, 1)] })
    expect(await statuses()).toEqual([502])
    await account.elb('ModifyRule', { RuleArn, Actions: [weighted(0, 0)] })
    expect(await statuses()).toEqual([503])
  })

  it('sends whoever is not logged in to the identity provider, over HTTPS alone', async () => {
    const login = [OIDC, { ...saying('inside'), Order: 2 }]
    await expect(account.rule(1, [path('/*')], login)).rejects.toMatchObject({
      name: 'InvalidLoadBalancerActionException',
      message: expect.stringContaining('only supported on HTTPS listeners'),
    })
    await account.listen({ ...SECURE, DefaultActions: login })
    const { status, headers } = await account.ask('/', {}, HTTPS)
    expect(status).toBe(302)
    expect(headers.get('location')).toMatch(
      /^https:\/\/id\.example\.com\/authorize\?client_id=caretaker&redirect_uri=https%3A%2F%2Fdev-/,
    )
  })

  it('lets anybody in, or nobody, where it is told so', async () => {
    for (const [OnUnauthenticatedRequest, Port, status] of [
      ['allow', 443, 200],
      ['deny', 8443, 401],
    ] as const) {
      const AuthenticateOidcConfig = { ...OIDC.AuthenticateOidcConfig, OnUnauthenticatedRequest }
      const DefaultActions = [
        { ...OIDC, AuthenticateOidcConfig },
        { ...saying('inside'), Order: 2 },
      ]
      await account.listen({ ...SECURE, Port, DefaultActions })
      expect((await account.ask('/', {}, { ...HTTPS, port: `:${Port}` })).status).toBe(status)
    }
  })

  const ACTION = 'InvalidLoadBalancerActionException'
  test.each<[string, string, object[]]>([
    [ACTION, 'exactly one action', []],
    [ACTION, 'exactly one action', [saying('a'), saying('b')]],
    [ACTION, 'creates a loop', [redirect({})]],
    [ACTION, 'creates a loop', [redirect({ Query: 'a=1', Path: '/#{path}' })]],
    ['ValidationError', '[HTTP_301, HTTP_302]', [redirect({ Port: '1', StatusCode: 'HTTP_303' })]],
    ['ValidationError', '^(2|4|5)\\d\\d$', [saying('', '301')]],
    ['ValidationError', 'less than or equal to 1024', [saying('é'.repeat(513))]],
    ['ValidationError', 'enum value set', [{ Type: 'teleport' }]],
    ['ValidationError', 'must have a target group', [{ Type: 'forward' }]],
    ['TargetGroupNotFoundException', 'not found', [{ Type: 'forward', TargetGroupArn: 'x' }]],
  ])('is refused with %s: %s', async (name, message, actions) => {
    await expect(account.rule(1, [path('/*')], actions)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    })
  })

  it('may be as long as 1,024 bytes', async () => {
    const long = 'é'.repeat(512)
    await account.rule(1, [path('/*')], [saying(long, '503')])
    expect(await account.get('/')).toBe(`503 ${long}`)
  })

  it('forwards to at most five groups, none of which another load balancer has', async () => {
    const groups = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((one) => account.group(one)),
    )
    const to = (...arns: string[]) => ({
      Type: 'forward',
      ForwardConfig: { TargetGroups: arns.map((TargetGroupArn) => ({ TargetGroupArn })) },
    })
    await expect(account.rule(1, [path('/*')], [to(...groups)])).rejects.toMatchObject({
      name: 'TooManyTargetGroupsException',
    })
    await account.rule(1, [path('/*')], [to(...groups.slice(0, 5))])
    await account.elb('CreateLoadBalancer', { Name: 'other', Subnets: ['subnet-a'] })
    const other = await account.elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      'DescribeLoadBalancers',
      { Names: ['other'] },
    )
    const LoadBalancerArn = other.LoadBalancers[0]?.LoadBalancerArn
    const DefaultActions = [to(groups[0] ?? '')]
    await expect(account.listen({ LoadBalancerArn, DefaultActions })).rejects.toMatchObject({
      name: 'TargetGroupAssociationLimitException',
    })
  })
})

describe('a rule', () => {
  it('is refused a priority that is taken or out of range', async () => {
    const at = (priority: number) => account.rule(priority, [path('/*')], [saying('')])
    await at(1)
    await expect(at(1)).rejects.toMatchObject({ name: 'PriorityInUseException' })
    await expect(at(0)).rejects.toThrow('greater than or equal to 1')
    await expect(at(50_001)).rejects.toThrow('less than or equal to 50000')
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
  it('is the hundredth at most of its load balancer', async () => {
    for (let priority = 1; priority <= 100; priority++) {
      await account.rule(priority, [path('/*')], [saying('')])
    }
    await expect(account.rule(101, [path('/*')], [saying('')])).rejects.toMatchObject({
      name: 'TooManyRulesException',
    })
  })

  it('keeps what is not changed, and must be given something', async () => {
    const RuleArn = await account.rule(1, [path('/a')], [saying('before')])
    await account.elb('ModifyRule', { RuleArn, Actions: [saying('after')] })
    expect(await account.get('/a')).toBe('200 after')
    await account.elb('ModifyRule', { RuleArn, Conditions: [path('/b')] })
    expect([await account.get('/a'), await account.get('/b')]).toEqual(['404 default', '200 after'])
    await expect(account.elb('ModifyRule', { RuleArn })).rejects.toThrow('Either conditions or')
  })

  it('is described by its ARN or with all of its listener, the default one too', async () => {
    const { Rules = [] } = await account.elb<DescribeRulesOutput>('DescribeRules', {
      ListenerArn: account.listener,
    })
    const RuleArn = Rules[0]?.RuleArn ?? ''
    expect(RuleArn).toMatch(/:listener-rule\/app\/dev\/\w+\/\w+\/default$/)
    expect(await account.elb('DescribeRules', { RuleArns: [RuleArn] })).toEqual({ Rules })
    for (const operation of ['ModifyRule', 'DeleteRule']) {
      const input = { RuleArn, Actions: [saying('')] }
      await expect(account.elb(operation, input)).rejects.toMatchObject({
        name: 'OperationNotPermittedException',
      })
    }
    await expect(account.elb('DescribeRules', {})).rejects.toThrow('either listener rule ARNs or')
  })

  it('goes with its listener, and with its load balancer', async () => {
    const RuleArn = await account.rule(1, [path('/*')], [saying('')])
    await account.elb('DeleteLoadBalancer', { LoadBalancerArn: account.balancer })
    await expect(account.elb('DescribeRules', { RuleArns: [RuleArn] })).rejects.toMatchObject({
      name: 'RuleNotFoundException',
    })
  })
})

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
test('a role changes only the rules that carry its tag', async () => {
  const { aws } = account
  const iam = new Iam(aws)
  aws.register(iam)
  const [own, other] = [
    await account.rule(1, [path('/a')], [saying('a')]),
    await account.rule(2, [path('/b')], [saying('b')]),
  ]
  await account.elb('AddTags', { ResourceArns: [own], Tags: [{ Key: 'caretaker', Value: 'dev' }] })
  const Statement = {
    Effect: 'Allow',
    Action: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities'],
    Resource: aws.arn('elasticloadbalancing', 'listener-rule/app/*'),
    Condition: { StringEquals: { 'aws:ResourceTag/caretaker': 'dev' } },
  }
  const RoleName = 'waker'
  await account.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST })
  const PolicyDocument = JSON.stringify({ Statement })
  await account.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument })
  aws.guards.push(enforcement(aws))
  const roleArn = 'arn:aws:iam::123456789012:role/waker'
  const ask = (operation: string, input: object) =>
    account.call(ELB, operation, input, { kind: 'machine', name: 'wake', roleArn })
  await ask('ModifyRule', { RuleArn: own, Actions: [saying('c')] })
  await ask('SetRulePriorities', { RulePriorities: [{ RuleArn: own, Priority: 9 }] })
  const denied = expect.stringContaining('is not authorized to perform: elasticloadbalancing:')
  for (const [operation, input] of [
    ['ModifyRule', { RuleArn: other, Actions: [saying('c')] }],
    [
      'SetRulePriorities',
      { RulePriorities: [own, other].map((RuleArn) => ({ RuleArn, Priority: 3 })) },
    ],
    ['DeleteRule', { RuleArn: own }],
  ] as const) {
    await expect(ask(operation, input)).rejects.toMatchObject({ message: denied })
  }
})

test('a port without a listener takes no connection, one for HTTPS needs a certificate', async () => {
  await expect(account.ask('/', {}, HTTPS)).rejects.toThrow('fetch failed')
  await expect(account.listen({ ...SECURE, Certificates: [] })).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'A certificate must be specified for HTTPS listeners',
  })
})
