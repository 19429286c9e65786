import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Said } from '../../../domain/schedule/scheduled.ts'
import { decide, nextInstant, type Read } from '../../../domain/sleep/decide.ts'
import {
  idleLook,
  idleOf,
  idleStep,
  type Measured,
  unusedSince,
} from '../../../domain/sleep/idle.ts'
import { idleDue, idleEnds, idleOverride } from '../../../domain/sleep/idle-due.ts'
import { idleMetrics } from '../../../domain/sleep/idle-metrics.ts'
import { idleFacts } from '../../../domain/sleep/idle-told.ts'
import type { Named } from '../../../domain/sleep/overrides.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { measure } from '../../../functions/plan-sleep/measure.ts'

const NOW = new Date('2026-03-02T12:00:00.000Z')
const MINUTE = 60_000
const at = (minutes: number): string => new Date(NOW.getTime() + minutes * MINUTE).toISOString()
const date = (minutes: number): Date => new Date(at(minutes))

describe('how long something must be unused', () => {
  test.each<[string | undefined, unknown]>([
    [undefined, undefined],
    ['off', undefined],
    ['1h', 3600],
    ['90m', 5400],
    ['4h', 4 * 3600],
    ['14d', 14 * 86_400],
    ['59m', { unread: '59m' }],
    ['15d', { unread: '15d' }],
    ['0h', { unread: '0h' }],
    ['4 h', { unread: '4 h' }],
    ['', { unread: '' }],
  ])('%j', (text, seconds) => {
    expect(idleOf(text)).toEqual(seconds)
  })
})

/** Twelve periods of five minutes, until now; the last is the one that has just ended. */
const hour = (...signals: Measured['signals']): Measured => ({
  ...{ from: NOW.getTime() - 60 * MINUTE, period: 5 * MINUTE, signals },
})
const twelve = (value: number | undefined, ...others: [place: number, value?: number][]) => {
  const values: (number | undefined)[] = Array.from({ length: 12 }, () => value)
  for (const [place, other] of others) values[place] = other
  return values
}
const requests = (...values: [number, number?][]) => ({
  ...{ always: false, use: 1, values: twelve(undefined, ...values) },
})
const hosts = (...values: [number, number?][]) => ({ always: true, values: twelve(1, ...values) })
const cpu = (...values: [number, number?][]) => ({
  ...{ always: true, use: 1, values: twelve(0.2, ...values) },
})

describe('since when nobody has used it', () => {
  test.each<[what: string, measured: Measured, minutes: number]>([
    ['no request, and targets are counted all the time', hour(requests(), hosts()), -60],
    ['a request a while ago', hour(requests([5, 3]), hosts()), -30],
    ['a request just now', hour(requests([11, 1]), hosts()), 0],
    ['no request, and nothing proves that any would be counted', hour(requests()), 0],
    ['nothing was counted for ten minutes', hour(requests(), hosts([6], [7])), -20],
    ['the last minutes are late', hour(requests(), hosts([11], [10])), -60],
    ['and a gap before', hour(requests(), hosts([9], [10], [11])), -10],
    ['CPU below the limit', hour(cpu()), -60],
    ['CPU at the limit', hour(cpu([2, 1])), -45],
    ['one of two metrics lacks a period', hour(cpu([3]), hosts()), -40],
    ['nothing at all', hour(), 0],
  ])('%s', (_, measured, minutes) => {
    expect(unusedSince(measured, date(-60), NOW)).toEqual(date(minutes))
  })

  it('nothing before it came up counts', () => {
    const measured = hour(requests([2, 1]), hosts([0], [1], [2], [3]))
    expect(unusedSince(measured, date(-33), NOW)).toEqual(date(-33))
  })

  const value = fc.option(fc.nat({ max: 2 }), { nil: undefined })
  const signal = fc.record({
    always: fc.boolean(),
    use: fc.constantFrom(1, 2, undefined),
    values: fc.array(value, { minLength: 12, maxLength: 12 }),
  })

  it('more use never makes it earlier, nor does a gap count', () => {
    fc.assert(
      fc.property(fc.array(signal, { maxLength: 4 }), fc.nat({ max: 9 }), (signals, place) => {
        const of = (value: number | undefined): number => {
          const others = signals.map((one) => ({ ...one, values: one.values.with(place, value) }))
          return unusedSince(hour(...others), date(-60), NOW).getTime()
        }
        const since = unusedSince(hour(...signals), date(-60), NOW).getTime()
        expect(of(9)).toBeGreaterThanOrEqual(Math.min(since, of(0)))
        const end = date(-60 + 5 * (place + 1)).getTime()
        if (signals.some(({ use }) => use !== undefined)) expect(of(9)).toBeGreaterThanOrEqual(end)
        // Without a proof nothing counts as unused, with one that lacks this period nothing before.
        expect(of(undefined)).toBeGreaterThanOrEqual(end)
        expect(since).toBeGreaterThanOrEqual(date(-60).getTime())
        expect(since).toBeLessThanOrEqual(NOW.getTime())
      }),
    )
  })

  it('absence alone proves nothing', () => {
    fc.assert(
      fc.property(fc.array(signal, { maxLength: 4 }), (signals) => {
        const silent = signals.map((one) => ({ ...one, values: twelve(undefined) }))
        const since = unusedSince(hour(...silent), date(-60), NOW)
        expect(since.getTime()).toBeGreaterThanOrEqual(date(-10).getTime())
      }),
    )
  })
})

const seen = (parts: Partial<Seen> = {}): Seen => ({
  ...{ id: 'service/dev/orders', kind: 'service', name: 'orders', owner: 'ordering' },
  ...{ service: 'orders', schedule: 'hours', order: 20, phase: 'up', size: { desired: 1 } },
  ...{ idle: 4 * 3600, ...parts },
})
const kept = (parts: Partial<Sleeper> = {}): Sleeper => ({
  ...{ version: 2, revision: 1, rest: 'awake', since: at(-600), why: '', ...parts },
})

describe('when it is looked at', () => {
  test.each<[what: string, seen: Partial<Seen>, kept: Partial<Sleeper>, look: string | undefined]>([
    ['half an hour before its time is over', {}, { since: at(-210) }, at(0)],
    ['at the next half hour', {}, { since: at(-200) }, at(30)],
    ['from its last use on', {}, { idle: { used: at(-30) } }, at(180)],
    ['from its last deployment on', { deployed: at(-60) }, {}, at(150)],
    ['when it is to sleep', {}, { idle: { used: at(-240), sleeps: at(17) } }, at(17)],
    ['never, without a tag', { idle: undefined }, {}, undefined],
    ['never, with one that cannot be read', { idle: { unread: 'soon' } }, {}, undefined],
  ])('%s', (_, one, own, look) => {
    expect(idleLook(seen(one), kept(own))?.toISOString()).toEqual(look)
  })

  test.each<[what: string, since: number, sleeps: number | undefined, step: object]>([
    ['used a while ago', -60, undefined, { do: 'used', idle: { used: at(-60) } }],
    [
      'unused for long enough in half an hour',
      -210,
      undefined,
      {
        do: 'announce',
        idle: { used: at(-210), sleeps: at(30), why: `no request since ${at(-210)}` },
      },
    ],
    [
      'unused still at its time',
      -240,
      0,
      { do: 'sleep', idle: { used: at(-240), sleeps: at(0), why: `no request since ${at(-240)}` } },
    ],
    ['used since that was told', -5, 0, { do: 'used', idle: { used: at(-5) } }],
    ['nothing could be read', 0, 0, { do: 'used', idle: { used: at(0) } }],
  ])('%s', (_, since, sleeps, step) => {
    const before =
      sleeps === undefined ? undefined : { used: at(-240), sleeps: at(sleeps), why: 'x' }
    const now = { seconds: 4 * 3600, since: date(since), what: 'no request' }
    expect(idleStep(before, now, NOW)).toEqual(step)
  })
})

describe('by what it is judged', () => {
  const names = (one: Pick<Seen, 'id' | 'kind'>, groups: boolean[] = [], queues: string[] = []) => {
    const around = {
      groups: groups.map((isRequests) => ({ group: 'targetgroup/a/1', balancer: 'b', isRequests })),
      queues,
    }
    const { what, asked } = idleMetrics(one, around, 300_000)
    return [what, ...asked.map(({ name, use, always }) => `${name} ${use ?? '-'} ${always}`)]
  }
  const service = { id: 'service/dev/orders', kind: 'service' } as const

  it('a service behind the load balancer by requests alone', () => {
    expect(names(service, [true])).toEqual([
      'no request',
      'RequestCount 1 false',
      'HealthyHostCount - true',
    ])
  })

  it('a worker by its queue and its CPU, never by requests', () => {
    expect(names(service, [], ['mails'])).toEqual([
      'no message, less than 1 % CPU',
      'CPUUtilization 1 true',
      'MemoryUtilization - true',
      'ApproximateNumberOfMessagesVisible 1 false',
      'ApproximateNumberOfMessagesNotVisible 1 false',
      'NumberOfMessagesReceived 1 false',
    ])
  })

  it('what is behind a network load balancer by its CPU', () => {
    expect(names(service, [false])).toContain('CPUUtilization 1 true')
    expect(names(service, [false, true])[0]).toBe('no request, less than 1 % CPU')
  })

  it('data stores by connections, machines by CPU and network', () => {
    const database = ['no connection', 'DatabaseConnections 1 true', 'CPUUtilization - true']
    expect(names({ id: 'database/legacy', kind: 'database' })).toEqual(database)
    expect(names({ id: 'cluster/legacy', kind: 'cluster' })).toEqual(database)
    const bytes = (2_500_000 * 300) / 86_400
    const machine = [
      'less than 5 % CPU and 5 MB a day',
      'CPUUtilization 5 true',
      `NetworkIn ${bytes} true`,
      `NetworkOut ${bytes} true`,
    ]
    expect(names({ id: 'instance/i-1', kind: 'instance' })).toEqual(machine)
    expect(names({ id: 'group/workers', kind: 'group' })).toEqual(machine)
  })
})

const DAY: Said = {
  ...{ state: 'running', reason: 'day' },
  next: { at: at(480), state: 'stopped', reason: 'night' },
}
const web = seen({ id: 'service/dev/web', name: 'web', service: 'web' })
const uses = { web: { dependsOn: ['orders'] } }

type Scene = Partial<Read> & { orders?: Partial<Seen>; own?: Partial<Sleeper>; said?: Said }

function scene({ orders, own, said = DAY, ...parts }: Scene, more: [Seen, Sleeper][] = []) {
  const all: [Seen, Sleeper][] = [[seen(orders), kept(own)], ...more]
  const read: Read = {
    seen: all.map(([one]) => one),
    sleepers: new Map(all.map(([one, sleeper]) => [one.id, sleeper])),
    overrides: [],
    ...parts,
  }
  const rules = { uses, says: () => said }
  return { read, rules, decided: decide(read, rules, NOW), now: NOW }
}
const due = (...parts: Parameters<typeof scene>): string[] =>
  idleDue(scene(...parts)).map(({ seen: { name } }) => name)
const order = (parts: Partial<Named>): Named => ({
  ...{ version: 2, id: 'o', kind: 'awake', source: 'person', by: 'ana', why: '' },
  ...{ from: at(-10), until: at(60), ...parts },
})

describe('whose metrics are read', () => {
  test.each<[what: string, scene: Scene, names: string[]]>([
    ['what has run for long enough', {}, ['orders']],
    ['not what came up since', { own: { since: at(-60) } }, []],
    ['not what was woken since', { own: { since: at(-5) } }, []],
    ['not what is new', { sleepers: new Map() }, []],
    ['not what moves', { orders: { phase: 'rising' } }, []],
    ['not what sleeps', { orders: { phase: 'down' }, own: { rest: 'asleep' } }, []],
    ['not what rolls out', { orders: { works: 'a roll-out is under way' } }, []],
    ['not what was deployed just now', { orders: { deployed: at(-30) } }, []],
    ['not what never sleeps', { orders: { refuses: 'a daemon service' } }, []],
    ['not the way out', { orders: { wayOut: true } }, []],
    [
      'not what somebody has started until an edge',
      { own: { hand: { to: 'awake', at: at(-500), until: at(480) } } },
      [],
    ],
    [
      'what somebody has started for good',
      { own: { hand: { to: 'awake', at: at(-500) } } },
      ['orders'],
    ],
    ['not what somebody keeps', { overrides: [order({})] }, []],
    ['not what a visitor has woken', { overrides: [order({ source: 'visitor' })] }, []],
    ['not while anything is unread', { unread: 'payments cannot be read' }, []],
    [
      'not when the night is near',
      { said: { ...DAY, next: { at: at(55), state: 'stopped', reason: 'night' } } },
      [],
    ],
    ['what its schedule leaves as it is', { said: { state: 'any', reason: 'any' } }, ['orders']],
  ])('%s', (_, one, names) => {
    expect(due(one)).toEqual(names)
  })

  it('what is needed is read only with what needs it', () => {
    expect(due({}, [[web, kept()]])).toEqual(['orders', 'web'])
    expect(due({}, [[web, kept({ idle: { used: at(-10) } })]])).toEqual([])
    expect(due({}, [[{ ...web, idle: undefined }, kept()]])).toEqual([])
  })

  it('the clock knows when, and whoever sleeps is not looked at', () => {
    const next = ({ read, decided, rules }: ReturnType<typeof scene>) =>
      nextInstant(decided, read, rules, NOW)?.toISOString()
    expect(next(scene({ own: { since: at(-60) } }))).toBe(at(150))
    expect(next(scene({ own: { rest: 'asleep' }, orders: { phase: 'down' } }))).toBe(at(450))
  })
})

describe('an order to sleep because nobody uses it', () => {
  const idle = idleOverride(seen(), { from: at(-10), until: at(300), why: 'no request' })
  const asleep = { orders: { phase: 'down' }, own: { rest: 'asleep' } } as const
  const ends = (one: Scene, more: [Seen, Sleeper][] = []) => idleEnds(scene(one, more)).length

  it('holds for this resource alone, below persons, budgets and visitors', () => {
    const want = (overrides: Named[], one: Scene = {}) =>
      scene({ ...one, overrides }).decided.known[0]?.want.to
    expect(want([idle])).toBe('asleep')
    expect(want([{ ...idle, resource: 'service/dev/other' }])).toBe('awake')
    expect(want([idle, order({})])).toBe('awake')
    expect(want([idle, order({ source: 'visitor' })])).toBe('awake')
    expect(want([{ ...idle, ended: { at: at(-1), by: 'ana' } }])).toBe('awake')
    expect(want([{ ...idle, until: at(-1) }])).toBe('awake')
  })

  it('ends when a person, a visitor or a user wants it awake, and not by a tool', () => {
    expect(ends({ ...asleep, overrides: [idle] })).toBe(0)
    expect(ends({ ...asleep, overrides: [idle, order({})] })).toBe(1)
    expect(ends({ ...asleep, overrides: [idle, order({ source: 'visitor' })] })).toBe(1)
    expect(ends({ ...asleep, overrides: [idle] }, [[web, kept()]])).toBe(1)
    const hand = { to: 'awake', at: at(-5), until: at(480) } as const
    expect(ends({ own: { hand }, overrides: [idle] })).toBe(1)
    expect(ends({ own: { hand: { ...hand, tool: true } }, overrides: [idle] })).toBe(0)
  })
})

describe('what people are told', () => {
  const idle = { used: at(-210), sleeps: at(30), why: 'no request' }
  const order = idleOverride(seen(), { from: at(-10), until: at(300), why: 'no request' })
  const ended = { ...order, ended: { at: at(-5), by: 'kept awake by ana' } }
  const told = (level: 'tell' | 'act', one: Scene, over: string[] = []): string[] =>
    idleFacts({
      ...{ known: scene(one).decided.known, overrides: one.overrides ?? [], level, now: NOW },
      over: over.map((why) => ({ id: 'service/dev/orders', idle, why })),
      keepOffers: () => [],
      wakeOffers: () => [],
    }).map(
      ({ verdict, key, reason, endedAt }) =>
        `${verdict}, ${key}: ${reason}${endedAt ? ', over' : ''}`,
    )

  test.each<[what: string, level: 'tell' | 'act', scene: Scene, over: string[], told: string[]]>([
    ['nothing', 'act', {}, [], []],
    ['it sleeps soon', 'act', { own: { idle } }, [], [`idle-soon, idle ${at(30)}: no request`]],
    [
      'it would sleep, which is all that is told',
      'tell',
      { own: { idle }, overrides: [order] },
      [],
      [`idle-would, idle ${at(30)}: no request, over`],
    ],
    [
      'it is kept',
      'act',
      {},
      ['kept awake by ana'],
      [`idle-over, idle ${at(30)}: kept awake by ana, over`],
    ],
    ['it sleeps', 'act', { overrides: [order] }, [], [`idle-asleep, idle ${at(-10)}: no request`]],
    [
      'it is woken',
      'act',
      { overrides: [ended] },
      [],
      [`idle-over, idle ${at(-10)}: kept awake by ana, over`],
    ],
  ])('%s', (_, level, one, over, expected) => {
    expect(told(level, one, over)).toEqual(expected)
  })
})

describe('what CloudWatch answers', () => {
  type Asked = { MetricDataQueries: { Id: string }[]; NextToken?: string }
  const sources = (answer: (asked: Asked) => object) => ({
    cloudwatch: {
      send: ({ input }: { input: Asked }) => Promise.resolve(answer(input)),
    } as unknown as CloudWatchClient,
    balancing: {} as ElasticLoadBalancingV2Client,
    tagging: {} as ResourceGroupsTaggingAPIClient,
    environment: 'dev',
  })
  const database = seen({ id: 'database/legacy', kind: 'database' })
  const values = (Id: string, minutes: number, StatusCode = 'Complete') => ({
    ...{ Id, StatusCode, Timestamps: [date(minutes)], Values: [0] },
  })

  it('is put together from all pages', async () => {
    const found = await measure(
      sources(({ NextToken }) => ({
        ...(NextToken === undefined && { NextToken: 'more' }),
        MetricDataResults:
          NextToken === undefined
            ? [values('m0', -10, 'PartialData'), values('m1', -10)]
            : [values('m0', -5)],
      })),
      [{ seen: database, from: date(-10) }],
      NOW,
    )
    const { signals } = found.get(database.id)?.measured ?? { signals: [] }
    expect(signals.map((one) => one.values)).toEqual([
      [0, 0],
      [0, undefined],
    ])
  })

  test.each<[what: string, results: object[]]>([
    ['a part', [values('m0', -5, 'PartialData'), values('m1', -5)]],
    ['an error', [values('m0', -5, 'InternalError'), values('m1', -5)]],
    ['not of all metrics', [values('m0', -5)]],
    ['nothing', []],
  ])('%s is no answer', async (_, MetricDataResults) => {
    const asking = [{ seen: database, from: date(-10) }]
    const answer = measure(
      sources(() => ({ MetricDataResults })),
      asking,
      NOW,
    )
    await expect(answer).rejects.toMatchObject({ name: 'PartialRead' })
  })

  it('five hundred metrics are asked for at once', async () => {
    const sizes: number[] = []
    const many = Array.from({ length: 260 }, (_, place) => ({
      seen: { ...database, id: `database/number-${place}` },
      from: date(-240),
    }))
    await measure(
      sources(({ MetricDataQueries }) => {
        sizes.push(MetricDataQueries.length)
        return { MetricDataResults: MetricDataQueries.map(({ Id }) => values(Id, -5)) }
      }),
      many,
      NOW,
    )
    expect(sizes).toEqual([500, 20])
  })
})
