import type { DescribeRulesOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { beforeEach, describe, expect, it, test } from 'vitest'
import { Balancers, path, saying } from '../kits/balancers.ts'
import { identityProvider, PROVIDER } from '../kits/identity-provider.ts'

const CONFIG = {
  Issuer: PROVIDER.issuer,
  AuthorizationEndpoint: PROVIDER.authorizationEndpoint,
  TokenEndpoint: PROVIDER.tokenEndpoint,
  UserInfoEndpoint: PROVIDER.userInfoEndpoint,
  ClientId: PROVIDER.clientId,
  ClientSecret: 'secret',
}
const signIn = (more: object = {}) => ({
  Type: 'authenticate-oidc',
  Order: 1,
  AuthenticateOidcConfig: { ...CONFIG, ...more },
})
const THEN = { ...saying('come in'), Order: 2 }
const HTTPS = { scheme: 'https' }

let account: Balancers
beforeEach(async () => {
  account = await Balancers.open()
  account.internet.host('login.example.com', identityProvider('secret'))
  account.listener = await account.listen({
    Protocol: 'HTTPS',
    Port: 443,
    Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' }],
  })
})

/** A browser: keeps cookies, and says where it was sent. */
function browser() {
  const cookies = new Map<string, string>()
  const at = async (asked: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { status, headers, text } = await account.ask(asked, { headers: { cookie } }, HTTPS)
    for (const set of headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split('=') ?? []
      cookies.set(name, value)
    }
    return { status, text, location: headers.get('location') ?? '' }
  }
  /** At the provider, and back. */
  const follow = async (location: string) => {
    const answer = await identityProvider('')(new Request(location))
    const { pathname, search } = new URL(answer.headers.get('location') ?? '')
    return at(`${pathname}${search}`)
  }
  return { at, follow, cookies }
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
describe('whoever must sign in at a load balancer', () => {
  it('is sent to the provider, comes back to where they wanted to go, and is known from then on', async () => {
    await account.rule(
      1,
      [path('/a', '/oauth2/idpresponse')],
      [signIn({ SessionTimeout: 60 }), THEN],
    )
    const ana = browser()
    const sent = await ana.at('/a?b=c')
    expect(sent.status).toBe(302)
    const asked = new URL(sent.location)
    expect(`${asked.origin}${asked.pathname}`).toBe(PROVIDER.authorizationEndpoint)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: 'caretaker',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: expect.stringMatching(/^https:\/\/[^/]+\/oauth2\/idpresponse$/),
    })
    const back = await ana.follow(sent.location)
    expect(back).toMatchObject({ status: 302, location: expect.stringMatching(/:443\/a\?b=c$/) })
    expect(await ana.at('/a?b=c')).toMatchObject({ status: 200, text: 'come in' })
    // A session ends.
    await account.world.run(61_000)
    expect((await ana.at('/a')).status).toBe(302)
  })

  it('is let in by nobody’s but their own sign-in', async () => {
    await account.rule(1, [path('/*')], [signIn(), THEN])
    const { location } = await browser().at('/a')
    // Somebody else's browser has no nonce of this sign-in.
    expect((await browser().follow(location)).status).toBe(401)
  })

  it('is not let in where the provider does not take the client’s secret', async () => {
    await account.rule(1, [path('/*')], [signIn({ ClientSecret: 'old' }), THEN])
    const ana = browser()
    expect((await ana.follow((await ana.at('/a')).location)).status).toBe(561)
    expect((await ana.at('/a')).status).toBe(302)
  })

  test.each([
    ['deny', 401],
    ['allow', 200],
    ['authenticate', 302],
  ])('gets what the rule says: %s', async (OnUnauthenticatedRequest, status) => {
    await account.rule(1, [path('/*')], [signIn({ OnUnauthenticatedRequest }), THEN])
    expect((await browser().at('/a')).status).toBe(status)
  })
})

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
describe('the client’s secret', () => {
  it('is needed when a rule is made, told to nobody, and kept when the rule is modified so', async () => {
    const make = (more: object) => account.rule(1, [path('/*')], [signIn(more), THEN])
    await expect(make({ ClientSecret: undefined })).rejects.toThrow('ClientSecret')
    const RuleArn = await make({})
    const actions = (more: object) => [signIn({ ClientSecret: undefined, ...more }), THEN]
    const modify = (more: object) => account.elb('ModifyRule', { RuleArn, Actions: actions(more) })
    await expect(modify({})).rejects.toThrow('ClientSecret')
    await modify({ UseExistingClientSecret: true, Scope: 'openid email' })
    const { Rules = [] } = await account.elb<DescribeRulesOutput>('DescribeRules', {
      RuleArns: [RuleArn],
    })
    expect(JSON.stringify(Rules)).not.toContain('"secret"')
    const ana = browser()
    expect((await ana.follow((await ana.at('/a')).location)).status).toBe(302)
    expect((await ana.at('/a')).status).toBe(200)
  })

  test.each([
    ['ValidationError', { SessionTimeout: 604_801 }],
    ['ValidationError', { OnUnauthenticatedRequest: 'ask' }],
    ['ValidationError', { UserInfoEndpoint: undefined }],
  ])('beside it, AWS refuses with %s: %o', async (name, more) => {
    const made = account.rule(1, [path('/*')], [signIn(more), THEN])
    await expect(made).rejects.toMatchObject({ name })
  })
})
