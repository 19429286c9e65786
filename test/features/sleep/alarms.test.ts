import { describe, expect, it, test } from 'vitest'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { isAtRest } from '../../../functions/shared/alarms/asleep.ts'
import { Acts } from '../../kits/acts.ts'
import { episodes, OURS, tell } from '../../kits/alarm-events.ts'
import { DATABASE } from '../../kits/hands.ts'
import { EVENING, NAPPERS, Night, nightCatalog, SERVICES } from '../../kits/nights.ts'

const WELL = { value: 'OK', at: '2026-03-02T08:00:00.000Z' }

/** `products` sleeps at night; `orders`, which needs it, does not. */
async function open() {
  const orders = 'team: ordering\nport: 8080\ndependsOn: [products]\nschedule: always-on\n'
  const night = await Night.open(nightCatalog({ ...SERVICES, 'services/orders.yaml': orders }))
  return night
}

const red = (night: Night, service: string, owner: string, more: object = {}) =>
  tell(night.stage, {
    name: `dev-${service}-errors`,
    value: 'ALARM',
    at: night.stage.simulation.world.date.toISOString(),
    previous: WELL,
    tags: { ...OURS, 'caretaker:service': service, 'caretaker:owner': owner },
    ...more,
  })

describe('asleep is not broken', () => {
  it('an alarm of what sleeps is held: since when, and by which schedule', async () => {
    const night = await Night.open(nightCatalog(), undefined, EVENING)
    await night.until('2026-03-02T20:30')
    red(night, 'products', 'storefront')
    await night.until('2026-03-02T20:32')
    expect(episodes(night.stage)).toMatchObject([
      {
        held: {
          because: 'asleep',
          by: 'dev-backend/products',
          since: expect.stringMatching(/^2026-03-02T19:0/),
          rule: expect.stringContaining('office-hours'),
        },
      },
    ])
    const said = await new Acts(night.stage).types('ann', 'status')
    expect(said).toMatch(/dev-products-errors since .* \(not told: asleep since Mon 2 Mar 20:0/)
  })

  it('but what is awake and needs it is told, with what sleeps and a way to wake it', async () => {
    const night = await open()
    await night.until('2026-03-02T12:00')
    // What needs it would keep it up at night: somebody has stopped it by hand.
    await night.stage.call('ecs', 'UpdateService', {
      ...{ cluster: 'dev-backend', service: 'products', desiredCount: 0 },
    })
    await night.until('2026-03-02T12:20')
    red(night, 'orders', 'ordering')
    await night.until('2026-03-02T12:22')
    const message = night.stage.simulation.slack.messages.at(-1)
    expect(message?.text).toContain('dev-orders-errors is red')
    expect(message?.text).toContain('Asleep: products, which it needs, sleeps since 12:0')
    expect(JSON.stringify(message?.blocks)).toContain('"Wake products"')
  })
})

describe('a database that sleeps, from 10:40 to 11:20,', () => {
  it('gives no data: that is held, and over when it is awake', async () => {
    const start = new Date('2026-03-02T09:05:00Z')
    const night = await Night.open(nightCatalog(NAPPERS), ['payments', 'orders'], start)
    const dimensions = { DBInstanceIdentifier: DATABASE }
    const metric = { namespace: 'AWS/RDS', name: 'FreeStorageSpace', dimensions }
    const metricStat = { metric, period: 300, stat: 'Average' }
    const configuration = { metrics: [{ id: 'm1', metricStat, returnData: true }] }
    const is = (value: 'ALARM' | 'OK') =>
      tell(night.stage, {
        ...{ name: 'dev-payments-database-no-data', value, configuration },
        at: night.stage.simulation.world.date.toISOString(),
        previous: WELL,
        reason: 'no datapoints were received',
        tags: { 'caretaker:owner': 'ordering', 'caretaker:environment': 'dev' },
      })
    await night.until('2026-03-02T10:55')
    is('ALARM')
    await night.until('2026-03-02T10:57')
    expect(episodes(night.stage)).toMatchObject([
      { held: { because: 'asleep', by: `database/${DATABASE}` } },
    ])
    await night.until('2026-03-02T11:33')
    is('OK')
    await night.until('2026-03-02T11:50')
    const said = night.stage.simulation.slack.messages.map(({ text }) => text)
    expect(said.filter((text) => text.includes('no-data'))).toEqual([])
  })
})

describe('an alarm is judged afresh after the wake', () => {
  const NOW = new Date('2026-03-03T06:10:00Z')
  const sleeper = (parts: Partial<Sleeper>): Sleeper => ({
    ...{ version: 2, revision: 1, rest: 'awake', since: '2026-03-03T06:05:00Z', why: '' },
    ...parts,
  })
  const moving = (since: string) =>
    ({ to: 'awake', since, why: '', tries: 1 }) satisfies Sleeper['moving']

  test.each<[string, Partial<Sleeper>, boolean]>([
    ['asleep', { rest: 'asleep' }, true],
    ['waking', { rest: 'asleep', moving: moving('2026-03-03T06:00:00Z') }, true],
    ['waking for two hours', { rest: 'asleep', moving: moving('2026-03-03T04:00:00Z') }, false],
    ['awake for five minutes', { last: { desired: 1 } }, true],
    ['awake for an hour', { last: { desired: 1 }, since: '2026-03-03T05:00:00Z' }, false],
    ['awake, and never asleep before', {}, false],
  ])('%s', (_, parts, rests) => {
    expect(isAtRest(sleeper(parts), NOW)).toBe(rests)
  })
})
