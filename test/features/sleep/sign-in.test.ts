import type { DescribeTargetGroupsOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, it, test } from 'vitest'
import { signedIn, signInAt, wantedAddress } from '../../../functions/answer-visitor/sign-in.ts'
import { CLIENT_SECRET } from '../../../local/simulation/simulation.ts'
import { identityProvider, PROVIDER } from '../../kits/identity-provider.ts'
import { nightCatalog } from '../../kits/nights.ts'
import { BROWSER, Visitors } from '../../kits/visitors.ts'

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:sign-in-AbCdEf'
const SECURE = `certificate: arn:aws:acm:eu-central-1:123456789012:certificate/1
signIn: ${JSON.stringify({ ...PROVIDER, clientSecret: SECRET })}
`
const SERVICES = {
  'services/products.yaml':
    'team: storefront\nroute: { path: /products/*, priority: 1 }\nschedule: nap\n',
  'services/web.yaml':
    'kind: web\nteam: storefront\nwakeFor: browsers\nroute: { path: /*, priority: 3 }\nschedule: nap\n',
}

describe('a service whose visitors sign in first', () => {
  it('is woken by who has signed in, and by nobody else', async () => {
    const catalog = nightCatalog(SERVICES, 'act', SECURE)
    const night = await Visitors.begin(catalog, ['products', 'web'])
    night.scheme = 'https'
    const { internet, aws } = night.stage.simulation
    internet.host('login.example.com', identityProvider(CLIENT_SECRET))
    await night.until('2026-03-02T10:50')
    // Somebody has taken the function out: the sweep sees to it.
    const group = await signInGroup(night)
    await night.elb('DeregisterTargets', { ...group, Targets: [{ Id: ANSWERS }] })
    await night.minutes(6)
    const page = await night.get('/products/7?a=b', BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'asleep' })
    const [, href = ''] = /class="button" href="([^"]+)"/.exec(page.text) ?? []
    expect(href).toBe(signInAt('/products/7?a=b'))
    // The page's own looks lead to the same address.
    const [, look = ''] = /data-look="([^"]+)"/.exec(page.text) ?? []
    const part = await night.get(look, { ...BROWSER, caretaker: 'part' })
    expect(part.text).toContain(`href="${href}"`)
    // Neither its script nor its form wakes it, nor does whoever writes the headers themselves.
    const forged = { 'x-amzn-oidc-identity': 'ana', caretaker: 'wake' }
    expect(
      await night.get('/products/7', { ...BROWSER, ...forged }, { method: 'POST' }),
    ).toMatchObject({ state: 'asleep' })
    expect(night.starts).toBe(0)

    const cookies = await signInOf(night, href)
    const on = await night.get(href, { ...BROWSER, cookie: cookies })
    expect(on).toMatchObject({ status: 303 })
    expect(on.headers.get('location')).toBe('/products/7?a=b')
    expect(night.starts).toBe(1)
    expect(night.visit('products')).toMatchObject({ by: 'ana@example.com', source: 'visitor' })
    await night.minutes(10)
    expect(await night.sizes()).toEqual({ products: '1/1', web: '0/0' })
    // Once it runs, whoever opens the link again is sent on.
    expect((await night.get(href, { ...BROWSER, cookie: cookies })).status).toBe(303)
    expect(night.starts).toBe(1)
    // One that asks for no sign-in is woken as before.
    expect(await night.get('/shop', BROWSER)).toMatchObject({ state: 'waking' })
    const secrets = aws.calls.filter(({ operation }) => operation === 'GetSecretValue')
    expect(secrets.filter(({ resource }) => resource?.includes('sign-in'))).toEqual([])
  })
})

const ANSWERS = 'arn:aws:lambda:eu-central-1:123456789012:function:dev-answer-visitor'

async function signInGroup(night: Visitors): Promise<{ TargetGroupArn: string }> {
  const { TargetGroups = [] } = await night.elb<DescribeTargetGroupsOutput>(
    'DescribeTargetGroups',
    { Names: ['dev-signed-in'] },
  )
  return { TargetGroupArn: TargetGroups[0]?.TargetGroupArn ?? '' }
}

/** Goes to the provider and back. @returns the browser's cookies. */
async function signInOf(night: Visitors, href: string): Promise<string> {
  const sent = await night.get(href, BROWSER)
  expect(sent.status).toBe(302)
  const at = await identityProvider('')(new Request(sent.headers.get('location') ?? ''))
  const back = new URL(at.headers.get('location') ?? '')
  const nonce = sent.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const home = await night.get(`${back.pathname}${back.search}`, { ...BROWSER, cookie: nonce })
  expect(new URL(home.headers.get('location') ?? '').pathname).toBe('/.caretaker/sign-in')
  return home.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

const GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup'
const request = (to: string, group = 'dev-signed-in', headers: Record<string, string> = {}) => ({
  httpMethod: 'GET',
  path: '/.caretaker/sign-in',
  headers,
  queryStringParameters: { to: encodeURIComponent(to) },
  requestContext: { elb: { targetGroupArn: `${GROUP}/${group}/0123456789abcdef` } },
  body: '',
  isBase64Encoded: false,
})

describe('where somebody who has signed in is sent', () => {
  test.each([
    ['/products/7?a=b', '/products/7?a=b'],
    ['//evil.example.com', undefined],
    ['/\\evil.example.com', undefined],
    ['/\t/evil.example.com', undefined],
    ['https://evil.example.com', undefined],
    ['', undefined],
  ])('%s: %s', (to, address) => {
    expect(wantedAddress(request(to), 'ana')).toBe(address)
  })
})

describe('who has signed in', () => {
  const data = (claims: unknown) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64')}.y`
  test.each([
    [
      'by the e-mail address',
      { 'x-amzn-oidc-data': data({ email: 'ana@example.com' }) },
      'ana@example.com',
    ],
    [
      'by the provider’s name, without one',
      { 'x-amzn-oidc-data': data({}), 'x-amzn-oidc-identity': 'u-1' },
      'u-1',
    ],
    ['though nothing can be read', { 'x-amzn-oidc-data': 'x' }, 'somebody who has signed in'],
  ])('is known %s', (_, headers, who) => {
    expect(signedIn(request('/', 'dev-signed-in', headers), 'dev')).toBe(who)
  })

  it('is nobody who came through another target group', () => {
    expect(signedIn(request('/', 'dev-wake'), 'dev')).toBeUndefined()
  })
})
