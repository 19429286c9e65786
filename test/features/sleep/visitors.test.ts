import { beforeAll, describe, expect, it, test } from 'vitest'
import { Workplace } from '../../kits/deployments.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { nightCatalog } from '../../kits/nights.ts'
import { BROWSER, PLAIN_BROWSER, ROUTED, Visitors } from '../../kits/visitors.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(ROUTED)
})

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:dev-sleep'
const ASLEEP = { products: '0/0', orders: '0/0', web: '0/0' }
const AWAKE = { products: '1/1', orders: '1/1', web: '1/1' }

/** Everything sleeps since 20:00. */
async function asleep(): Promise<Visitors> {
  const night = await Visitors.evening(catalog)
  await night.until('2026-03-02T20:20')
  expect(await night.sizes()).toEqual(ASLEEP)
  return night
}

/** `web` needs `orders`, and that needs `products`; all keep office hours. */
describe('the address of a service that sleeps', () => {
  it('answers with a page that has it woken, in order, and sends the visitor on', async () => {
    const night = await Visitors.evening(catalog)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
    await night.until('2026-03-02T20:20')
    expect(await night.wakeRules()).toEqual(['/products/*', '/orders/*', '/*'])
    const page = await night.get('/shop', BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'waking' })
    expect(page.text).toContain('<h1>web wakes up</h1>')
    await night.minutes(0.5)
    expect(await night.sizes()).toMatchObject({ orders: '0/0', web: '0/0' })
    const meanwhile = await night.get('/shop', BROWSER)
    expect(meanwhile).toMatchObject({ status: 503, state: 'waking' })
    expect(meanwhile.parts).toEqual(['products starting', 'orders waiting', 'web waiting'])
    await night.minutes(15)
    expect(await night.sizes()).toEqual(AWAKE)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
    expect(await night.wakeRules()).toEqual([])
    // Two hours after the last request that reached it, it sleeps again, and has no other end.
    await night.minutes(10)
    await night.get('/shop', { accept: '*/*' })
    await night.until('2026-03-02T22:44')
    expect(await night.sizes()).toEqual(AWAKE)
    await night.until('2026-03-02T23:00')
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(await night.get('/shop', PLAIN_BROWSER)).toMatchObject({ state: 'asleep' })
    // The wake before took some time; so long the next one is expected to take.
    const { headers } = await night.get('/shop')
    expect(Number(headers.get('retry-after'))).toBeLessThan(270)
    expectInvariants(night.recording)
  })

  it('wakes what is asked for and what that needs, nothing else', async () => {
    const night = await asleep()
    await night.get('/products/1', BROWSER)
    await night.minutes(10)
    expect(await night.sizes()).toEqual({ ...ASLEEP, products: '1/1' })
    expect(await night.get('/products/1')).toMatchObject({ status: 200, by: 'products' })
    expect(await night.wakeRules()).toEqual(['/orders/*', '/*'])
  })

  it('wakes once, however many ask', async () => {
    const night = await asleep()
    const since = night.calls
    for (let visitor = 0; visitor < 40; visitor++) {
      const { headers } = await night.get('/shop', BROWSER)
      const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
      // A browser that opens the page anew is the same visitor.
      await night.get('/shop', { ...BROWSER, cookie })
    }
    expect(night.starts).toBe(1)
    for (let second = 0; second < 90; second++) {
      await night.get('/shop', { ...BROWSER, cookie: 'caretaker-visit=1' })
      await night.minutes(1 / 60)
    }
    await night.minutes(10)
    expect(night.visit('web')).toMatchObject({ visits: 40, by: 'a visitor', kind: 'awake' })
    const updates = night.changes(since).filter((one) => one.startsWith('UpdateService'))
    expect(updates).toEqual(['products', 'orders', 'web'].map((one) => `UpdateService ${one}`))
    expect(night.starts).toBeLessThanOrEqual(2)
  })

  it('wakes what is going to sleep: what is up stays, what is down comes back in order', async () => {
    const night = await Visitors.evening(catalog)
    await night.until('2026-03-02T20:01')
    expect(await night.sizes()).toMatchObject({ web: '0/0', products: '1/1' })
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 503, state: 'waking' })
    await night.minutes(10)
    expect(await night.sizes()).toEqual(AWAKE)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
  })
})

describe('whoever is no person at a browser wakes nothing', () => {
  const robot = (agent: string) => ({ ...BROWSER, 'user-agent': agent })
  it('neither crawlers, previews of links and monitors, nor programs, which are told so', async () => {
    const night = await asleep()
    for (const agent of [
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
      'facebookexternalhit/1.1',
      'Twitterbot/1.0',
      'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
    ]) {
      expect(await night.get('/robots.txt', robot(agent)), agent).toMatchObject({ status: 503 })
      const wish = { ...robot(agent), caretaker: 'wake' }
      expect((await night.get('/', wish, { method: 'POST' })).state, agent).toBe('asleep')
    }
    const head = await night.get('/', BROWSER, { method: 'HEAD' })
    expect(head).toMatchObject({ status: 503, state: 'asleep', text: '' })
    await night.get('/', { ...BROWSER, 'sec-purpose': 'prefetch;prerender' })
    await night.get('/', { ...BROWSER, 'sec-fetch-dest': 'iframe' })
    const body = '{"action":"push"}'
    const hook = await night.get(
      '/products/hook',
      { accept: '*/*', 'content-type': 'application/json' },
      { method: 'POST', body },
    )
    expect(hook.status).toBe(503)
    expect(Number(hook.headers.get('retry-after'))).toBeGreaterThan(60)
    expect(JSON.parse(hook.text)).toMatchObject({
      service: 'products',
      state: 'asleep',
      requestKept: false,
      message: expect.stringContaining('This request was not kept, and has woken nothing'),
    })
    const state = await night.get('/products/.caretaker/state', BROWSER)
    expect(state).toMatchObject({ status: 200, state: 'asleep' })
    await night.minutes(10)
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(night.starts).toBe(0)
  })

  it('unless the service is woken for all', async () => {
    const night = await asleep()
    const hook = await night.get('/orders/hook', { accept: '*/*' }, { method: 'POST', body: '{}' })
    expect(hook).toMatchObject({ status: 503, state: 'waking' })
    expect(JSON.parse(hook.text)).toMatchObject({ requestKept: false })
    await night.minutes(10)
    expect(await night.sizes()).toEqual({ ...AWAKE, web: '0/0' })
  })
})

describe('a page over a connection that is not encrypted', () => {
  it('asks by its script, or by its button where there are no scripts', async () => {
    const night = await asleep()
    const page = await night.get('/products/', PLAIN_BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'asleep' })
    expect(page.text).toContain('data-asks="yes"')
    expect(page.text).toContain('data-look="/products/.caretaker/state"')
    expect(night.starts).toBe(0)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const press = (more: object) =>
      night.get(
        '/products/',
        { ...PLAIN_BROWSER, ...form, ...more },
        { method: 'POST', body: 'caretaker=wake' },
      )
    expect(await press({ origin: 'https://other.example.com' })).toMatchObject({ state: 'asleep' })
    expect(night.starts).toBe(0)
    const pressed = await press({})
    expect(pressed).toMatchObject({ status: 503, state: 'waking' })
    expect(pressed.text).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>')
  })
})

describe('what a visitor does not wake', () => {
  test.each([
    ['a person', { source: 'person', service: 'web' }, 'web was put to sleep by ana.'],
    ['a budget', { source: 'budget', by: 'the budget' }, 'web was put to sleep by the budget.'],
    [
      'a person, and it is needed',
      { source: 'person', service: 'products' },
      'products, which it needs, was put to sleep by ana.',
    ],
  ])('was put to sleep by %s', async (_, order, told) => {
    const night = await asleep()
    await night.order(order)
    const page = await night.get('/shop', BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'asleep' })
    expect(page.text).toContain(told)
    expect(page.text).toContain('data-asks="no"')
    await night.minutes(10)
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(night.visit('web')).toBeUndefined()
  })
})

describe('somebody who comes in the morning', () => {
  it('waits with everybody else, and has asked for nothing', async () => {
    const night = await asleep()
    await night.until('2026-03-03T07:01')
    const page = await night.get('/shop', BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'waking' })
    expect(page.parts.at(-1)).toBe('web waiting')
    await night.minutes(15)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
    expect(night.visit('web')).toBeUndefined()
    expect(night.starts).toBe(0)
    // Nothing sleeps: no look has a reason to ask for the rules.
    const since = night.calls
    await night.stage.call('sfn', 'StartExecution', { stateMachineArn: MACHINE, input: '{}' })
    await night.minutes(6)
    const looks = night.stage.simulation.aws.calls.slice(since)
    expect(looks.some(({ by }) => by === 'function/dev-plan-sleep')).toBe(true)
    expect(looks.filter(({ operation }) => operation === 'DescribeRules')).toEqual([])
  })
})

describe('the rule before a service’s own', () => {
  it('goes when it was left behind', async () => {
    const night = await asleep()
    const [rule] = await night.rules()
    await night.until('2026-03-03T07:20')
    expect(await night.wakeRules()).toEqual([])
    const { RuleArn: _, IsDefault: __, Priority, ...again } = rule ?? {}
    const listener = { ListenerArn: await night.listener(), Priority: Number(Priority) }
    const Tags = [{ Key: 'caretaker:environment', Value: 'dev' }]
    await night.elb('CreateRule', { ...again, ...listener, Tags })
    expect(await night.get('/products/', BROWSER)).toMatchObject({ status: 503, state: 'awake' })
    await night.minutes(2)
    expect(await night.get('/products/')).toMatchObject({ status: 200, by: 'products' })
    expect(await night.wakeRules()).toEqual([])
    expect(night.visit('products')).toBeUndefined()
  })

  it('follows its service when a deployment gives that another path and number', async () => {
    const night = await asleep()
    const products = ROUTED['services/products.yaml'].replace('/products/*', '/goods/*')
    const swapped = products.replace('priority: 1 ', 'priority: 4 ').replace('/*, ', '/*, ')
    const changed = nightCatalog({ ...ROUTED, 'services/products.yaml': swapped })
    expect(await Workplace.at(night.stage.simulation).deploy(changed)).toBe(true)
    await night.minutes(12)
    expect(await night.wakeRules()).toEqual(['/orders/*', '/*', '/goods/*'])
  })

  it('goes with the environment: it keeps no stack from being deleted', async () => {
    const night = await asleep()
    const workplace = Workplace.at(night.stage.simulation)
    expect(await workplace.destroy(catalog)).toBe(true)
    expect(workplace.states).toEqual({})
    expect(await night.wakeRules()).toEqual([])
  })

  it('goes when sleep is switched off', async () => {
    const night = await asleep()
    await Workplace.at(night.stage.simulation).deploy(nightCatalog(ROUTED, 'off'))
    await night.minutes(12)
    expect(await night.wakeRules()).toEqual([])
  })
})
