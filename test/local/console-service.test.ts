import { describe, expect, it, test } from 'vitest'
import { servicePage } from '../../local/console/service/service.ts'
import type { Seen } from '../../local/console/source.ts'
import { after, BAD, GOOD, NOTHING, ORDERS, record, START } from '../kits/console.ts'

const NOW = new Date(START.getTime() + 3_600_000)
const SCHEDULE = { running: [{ days: 'mon-fri' as const, from: '07:00', to: '20:00' }] }

const sleeper = (rest: 'awake' | 'asleep') => ({
  ...{ id: 'service/dev-backend/orders', name: 'orders', owner: 'ordering', order: 1 },
  schedule: 'office-hours',
  kept: { version: 1, revision: 1, rest, since: after(60), why: 'its first image was rolled out' },
})

const entry = (dependsOn: string[], team = 'ordering') => ({
  ...{ team, cluster: 'dev-backend', kind: 'api' as const, circuit: true, dependsOn },
  ...{ missingTasks: 'look' as const, schedule: 'office-hours', importance: 'normal' as const },
  sleepsForBudget: true,
})

const seen = (more: Partial<Seen> = {}): Seen => ({
  ...NOTHING,
  services: [ORDERS],
  records: [
    record(GOOD, 0, { verdict: 'deployed', reason: 'all tasks have stayed healthy' }),
    record(BAD, 600, { verdict: 'rolled-back', reason: 'exit code 137' }),
  ],
  sleep: {
    ...NOTHING.sleep,
    sleepers: [sleeper('awake')],
    schedules: { 'office-hours': SCHEDULE as never },
    tasks: { orders: { cpu: 256, memory: 512, spot: false, platform: 'arm64', count: 1 } },
  },
  teams: {
    ...NOTHING.teams,
    catalog: {
      ...NOTHING.teams.catalog,
      teams: { ordering: { channel: '#ordering', roles: [], members: [{ email: 'bob@x.org' }] } },
      services: {
        orders: entry(['payments']),
        payments: entry([]),
        web: entry(['orders'], 'shop'),
      },
    },
    services: new Map([['dev-backend/orders', { version: 1, generation: 1 }]]),
  },
  ...more,
})

const page = (more: Partial<Seen> = {}) => {
  const found = servicePage(seen(more), 'orders', NOW)
  if (found === null) throw new Error('There is no service orders')
  return found
}
const fact = (name: string, more: Partial<Seen> = {}) =>
  page(more).facts.find((one) => one.name === name)?.says

describe('the page of a service', () => {
  it('is none for a service that is not there', () => {
    expect(servicePage(seen(), 'nothing', NOW)).toBeNull()
  })

  it('says what runs, since when and by whom', () => {
    expect(page().running).toEqual({
      tag: 'main',
      digest: GOOD,
      since: after(0).replace('.000', ''),
      by: 'a push',
    })
    const asked = { by: 'bob@x.org', reason: 'the demo', retry: false }
    const records = [record(GOOD, 0, { verdict: 'deployed', reason: '', asked })]
    expect(page({ records }).running?.by).toBe('bob@x.org')
    expect(page({ records: [] }).running).toEqual({ tag: 'main', digest: GOOD })
  })

  it('lists what became of each push, newest first, with its reason', () => {
    expect(page().history.map(({ word, reason }) => [word, reason])).toEqual([
      ['rolled back', 'exit code 137'],
      ['deployed', 'all tasks have stayed healthy'],
    ])
  })

  test.each<[string, RegExp]>([
    ['State', /^awake since .*: its first image was rolled out$/],
    ['Schedule', /^office-hours$/],
    ['Next', /^asleep at 2026-03-02T19:00:00.*: office-hours: outside/],
    ['Circuit', /not watched: features\.health is off/],
    ['Needs', /^payments$/],
    ['Needed by', /^web$/],
  ])('says %s', (name, says) => {
    expect(fact(name)).toMatch(says)
  })

  it('says of an open circuit since when, and why', () => {
    const { teams } = seen()
    const open = { version: 1, generation: 1, state: 'open' as const, since: after(0), reason: 'r' }
    const catalog = {
      ...teams.catalog,
      features: { ...teams.catalog.features, health: 'act' as const },
    }
    const more = { ...open, alarms: [], withdrawn: [], execution: '' }
    const circuits = new Map([['dev-backend/orders', more]])
    expect(fact('Circuit', { teams: { ...teams, catalog, circuits } })).toBe(
      `open since ${after(0)}: r`,
    )
    expect(fact('Circuit', { teams: { ...teams, catalog } })).toContain('closed')
  })

  it('offers what can be asked for as it is now', () => {
    const words = (more: Partial<Seen> = {}) => page(more).acts.map(({ text }) => text)
    expect(words()).toEqual(['retry orders', 'pin orders', 'sleep orders', 'keep orders'])
    const sleep = {
      ...seen().sleep,
      sleepers: [
        { ...sleeper('asleep'), kept: { ...sleeper('asleep').kept, captured: { desired: 1 } } },
      ],
    }
    expect(
      words({ sleep, services: [{ ...ORDERS, running: null, desired: 0, awake: false }] }),
    ).toEqual(['retry orders', 'pin orders', 'wake orders'])
    const two = [
      record(BAD, 0, { verdict: 'deployed', reason: '' }),
      record(GOOD, 600, { verdict: 'deployed', reason: '' }),
    ]
    expect(words({ records: two })[0]).toBe('rollback orders')
  })

  it('shows red alarms first, and what holds it', () => {
    const { teams } = seen()
    const alarms = [
      { name: 'a', isRed: false, reason: '', service: 'orders' },
      { name: 'b', isRed: true, reason: 'too slow', service: 'orders' },
      { name: 'c', isRed: true, reason: '', service: 'web' },
    ]
    const until = '2026-04-01T00:00:00.000Z'
    const environment = {
      version: 1,
      budgetFrozen: { ordering: { until, by: 'the budget of ordering', reason: '' } },
    }
    const found = page({ alarms, teams: { ...teams, environment } })
    expect(found.alarms.map(({ name }) => name)).toEqual(['b', 'a'])
    expect(found.holds.map(({ about }) => about)).toEqual(['roll-outs of ordering'])
  })

  it('shows who keeps it awake or asleep, and what ends that; of others nothing', () => {
    const until = '2026-04-01T00:00:00.000Z'
    const common = { version: 2, from: after(0), until, why: '' }
    const asleep = { ...common, kind: 'asleep' as const }
    const budget = { ...asleep, source: 'budget' as const, by: 'the budget of ordering' }
    const ofOrders = { resource: 'service/dev-backend/orders', service: 'orders' }
    const overrides = [
      { ...budget, ...ofOrders, id: 'budget#1', team: 'ordering' },
      {
        ...{ ...budget, resource: 'service/dev-backend/payments', service: 'payments' },
        ...{ id: 'budget#2', team: 'ordering' },
      },
      { ...common, kind: 'awake' as const, source: 'person' as const, by: 'bob', id: 'bob' },
      { ...asleep, ...ofOrders, source: 'idle' as const, by: 'nobody', id: 'idle#1' },
    ]
    const { sleep, teams } = seen()
    const services = new Map(
      ['dev-backend/orders', 'dev-backend/payments'].map((id) => [
        id,
        { version: 1, generation: 1 },
      ]),
    )
    const { holds } = page({ sleep: { ...sleep, overrides }, teams: { ...teams, services } })
    expect(holds.map(({ about, ends }) => [about, ends])).toEqual([
      [
        'service/dev-backend/orders',
        'It ends with the month, or when somebody raises the limit in AWS. `keep orders` goes before it.',
      ],
      ['dev', '`unkeep environment` ends it before.'],
      ['service/dev-backend/orders', '`wake orders` goes before it.'],
    ])
  })
})
