import { expect, it } from 'vitest'
import { EVENING, Night, nightCatalog, SERVICES } from '../../kits/nights.ts'
import { Visitors } from '../../kits/visitors.ts'

const said = (night: Night, words: string) =>
  night.stage.simulation.slack.messages.filter(({ text }) => text.includes(words))

const setCount = (night: Night, service: string, desiredCount: number) =>
  night.stage.call('ecs', 'UpdateService', { cluster: 'dev-backend', service, desiredCount })

const tag = (night: Night, service: string, key: string, value: string) => {
  const { account, region } = night.stage.simulation.aws
  const resourceArn = `arn:aws:ecs:${region}:${account}:service/dev-backend/${service}`
  return night.stage.call('ecs', 'TagResource', { resourceArn, tags: [{ key, value }] })
}

it('a start by hand at night is told once: until when it runs', async () => {
  const night = await Night.open(nightCatalog(), undefined, EVENING)
  await night.until('2026-03-03T05:30')
  await setCount(night, 'products', 2)
  await night.until('2026-03-03T05:40')
  expect(said(night, 'products was started by hand; it runs until 20:00')).toHaveLength(1)
  await night.until('2026-03-03T20:10')
  expect(said(night, 'started by hand')).toHaveLength(1)
  expect(await night.sizes()).toMatchObject({ products: '0/0' })
})

it('a stop by hand is told once, with the choice to keep it off longer', async () => {
  const night = await Night.open(nightCatalog())
  await night.until('2026-03-02T12:10')
  await setCount(night, 'orders', 0)
  await night.until('2026-03-02T12:20')
  const [message, ...more] = said(
    night,
    'orders was stopped by hand; it is off until Tue 3 Mar 07:00',
  )
  expect(more).toEqual([])
  expect(JSON.stringify(message?.blocks)).toContain('Keep off until Wed 07:00')
  await night.until('2026-03-02T19:35')
  // What is off already is not announced.
  expect(said(night, 'orders sleeps at 20:00')).toEqual([])
})

it('a schedule that nobody knows, and an order that is none: told once each, nothing is done', async () => {
  const night = await Night.open(nightCatalog(SERVICES))
  await tag(night, 'orders', 'caretaker:schedule', 'ofice-hours')
  await tag(night, 'products', 'caretaker:order', 'first')
  await night.until('2026-03-02T12:00')
  const unknown = 'orders neither sleeps nor wakes: its schedule cannot be read'
  const [message] = said(night, unknown)
  expect(message?.text).toMatch(/caretaker:schedule is "ofice-hours"; there are .*office-hours/)
  expect(said(night, 'products cannot be put to sleep')[0]?.text).toContain(
    'its tag caretaker:order is "first", which is no whole number',
  )
  await night.until('2026-03-03T21:00')
  expect(await night.sizes()).toMatchObject({ orders: '1/1', products: '2/2' })
  expect(said(night, unknown)).toHaveLength(1)
  expect(said(night, 'products cannot be put to sleep')).toHaveLength(1)
})

it('a load balancer without room for the rule to its page: asleep all the same, and told once', async () => {
  const napping = { 'services/products.yaml': `${PAGE}schedule: nap\n` }
  const night = await Visitors.begin(nightCatalog(napping), ['products'])
  const ListenerArn = await night.listener()
  for (let number = 1; number < 100; number++) {
    await night.elb('CreateRule', { ...FILLER, ListenerArn, Priority: number })
  }
  await night.until('2026-03-02T11:05')
  expect(await night.sizes()).toEqual({ products: '0/0' })
  const [message, ...more] = said(night, 'products sleeps without a page that wakes it')
  expect(message?.text).toContain('asked 2 times. The load balancer has 100 rules')
  expect(more).toEqual([])
  expect(await night.wakeRules()).toEqual([])
})

const PAGE = 'team: storefront\nroute: { path: /products/*, priority: 1 }\n'
const FILLER = {
  Conditions: [{ Field: 'path-pattern', Values: ['/elsewhere'] }],
  Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
}

/** Nobody looks: the functions that would are refused every invocation. */
async function whileOff(night: Night, until: string) {
  const off = ['dev-plan-sleep', 'dev-sweep']
  const call = (operation: string, input: object) => night.stage.call('lambda', operation, input)
  for (const FunctionName of off) {
    await call('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 0 })
  }
  await night.until(until)
  for (const FunctionName of off) await call('DeleteFunctionConcurrency', { FunctionName })
}

it('an edge that was missed is made up for, and the message says how late it was', async () => {
  const night = await Night.open(nightCatalog(), undefined, new Date('2026-03-02T17:15:00Z'))
  await night.until('2026-03-02T19:00')
  await whileOff(night, '2026-03-02T22:00')
  expect(await night.sizes()).toMatchObject({ orders: '1/1', products: '2/2' })
  await night.until('2026-03-02T22:20')
  expect(await night.sizes()).toMatchObject({ orders: '0/0', products: '0/0' })
  const late = said(night, 'Caretaker did not run, or could not read what it needs')
  expect(late.map(({ text }) => text)).toEqual([
    expect.stringMatching(/sleeps since 22:.*Late: by 2 h/),
    expect.stringMatching(/sleeps since 22:.*Late: by 2 h/),
  ])
})
