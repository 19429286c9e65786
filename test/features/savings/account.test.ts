import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { account, openEntries } from '../../../domain/ledger/account.ts'
import { rateOf } from '../../../domain/ledger/rate.ts'
import { sumsOf } from '../../../domain/ledger/sums.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import type { LedgerEntry } from '../../../domain/table/ledger-entry.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'

const NOW = new Date('2026-03-03T06:00:00Z')
const STOPPED = '2026-03-02T19:01:00.000Z'
const seen = (phase: Seen['phase']) => ({
  id: 'service/dev/a',
  name: 'a',
  owner: 'ordering',
  phase,
})
const kept = (more: Partial<Sleeper>): Sleeper => ({
  version: 1,
  revision: 3,
  rest: 'asleep',
  since: STOPPED,
  why: '',
  rate: { hour: 2, size: '' },
  ...more,
})
const moving = (to: 'awake' | 'asleep', since: string) => ({ to, since, why: '', tries: 1 })
const counted = { from: STOPPED, name: 'a', owner: 'ordering' }

describe('what is counted as slept', () => {
  it('from the stop that Caretaker has made', () => {
    const before = kept({ rest: 'awake', moving: moving('asleep', '2026-03-02T19:00:00.000Z') })
    expect(account(seen('down'), before, kept({}), NOW)).toEqual({ kept: kept({ counted }) })
  })

  it.each([
    ['one that somebody else has stopped', kept({ rest: 'awake' }), kept({})],
    ['one that is new', undefined, kept({})],
    ['one that still drains', kept({ rest: 'awake' }), kept({ moving: moving('asleep', STOPPED) })],
  ])('not %s', (_, before, after) => {
    expect(account(seen('down'), before, after, NOW)).toEqual({ kept: after })
  })

  it.each([
    [
      'the begin of its wake',
      'down',
      { moving: moving('awake', '2026-03-03T05:58:00.000Z') },
      '05:58',
    ],
    ['the moment in which it is seen to run', 'up', { rest: 'awake' }, '06:00'],
    ['the moment in which AWS has started it', 'rising', {}, '06:00'],
  ] as const)('up to %s', (_, phase, more, end) => {
    const { kept: after, entry } = account(
      seen(phase),
      kept({ counted }),
      kept({ counted, ...more }),
      NOW,
    )
    expect(after).not.toHaveProperty('counted')
    expect(entry).toMatchObject({
      resource: 'service/dev/a',
      owner: 'ordering',
      from: STOPPED,
      until: `2026-03-03T${end}:00.000Z`,
      rate: { hour: 2 },
    })
  })

  it('goes on while it sleeps, and shows as if it ended now', () => {
    const asleep = kept({ counted })
    expect(account(seen('down'), asleep, asleep, NOW)).toEqual({ kept: asleep })
    expect(openEntries(new Map([['service/dev/a', asleep]]), NOW)).toMatchObject([
      { from: STOPPED, until: NOW.toISOString() },
    ])
  })
})

describe('what an hour costs', () => {
  const database = { of: 'database', engine: 'postgres', gigabytes: 40 } as const
  it.each([
    ['tasks', { of: 'tasks', cpu: 256, memory: 512, arm: true, spot: false } as const, 3, 0.029625],
    [
      'tasks on x86',
      { of: 'tasks', cpu: 1024, memory: 2048, arm: false, spot: false } as const,
      1,
      0.04937,
    ],
    ['an instance', { of: 'instance', type: 't3.micro' } as const, 1, 0.0104],
    ['both zones', { ...database, classes: ['db.t4g.micro', 'db.t4g.micro'] }, 1, 0.032],
    [
      'the members of a cluster',
      {
        ...database,
        engine: 'aurora-postgresql',
        classes: ['db.t4g.medium', 'db.t4g.medium', 'db.r6g.large'],
      },
      1,
      0.406,
    ],
    ['a class that no list has', { ...database, classes: ['db.x9.large'] }, 1, undefined],
    [
      'an engine that is licensed',
      { ...database, engine: 'oracle-ee', classes: ['db.t3.micro'] },
      1,
      undefined,
    ],
    ['tasks whose instances are paid', { of: 'tasks-on-instances' } as const, 2, 0],
    ['what nothing is known of', undefined, 1, undefined],
  ])('%s', (_, runs, count, hour) => {
    const rate = rateOf(runs, count).hour
    if (hour === undefined) expect(rate).toBeUndefined()
    else expect(rate).toBeCloseTo(hour, 6)
  })

  it('storage is paid while it sleeps', () => {
    expect(rateOf({ ...database, classes: ['db.t4g.micro'] }, 1).stays).toBeCloseTo(0.0063, 4)
  })
})

describe('sums', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2) + minute * 60_000)
  const entry = fc
    .record({
      resource: fc.constantFrom('a', 'b', 'c'),
      owner: fc.constantFrom('ordering', 'storefront'),
      from: fc.integer({ min: 0, max: 20_000 }),
      minutes: fc.integer({ min: 1, max: 5_000 }),
      hour: fc.option(fc.constantFrom(0.1, 1), { nil: undefined }),
    })
    .map(
      ({ resource, owner, from, minutes, hour }): LedgerEntry => ({
        version: 1,
        resource,
        name: resource,
        owner,
        from: at(from).toISOString(),
        until: at(from + minutes).toISOString(),
        rate: { size: '', ...(hour !== undefined && { hour }) },
        expires: 0,
      }),
    )

  it('of two periods that follow each other are those of both', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.integer({ min: 0, max: 25_000 }), (entries, middle) => {
        const hours = (from: Date, until: Date) =>
          sumsOf(entries, from, until).reduce((sum, team) => sum + team.hours, 0)
        const whole = hours(at(0), at(30_000))
        expect(hours(at(0), at(middle)) + hours(at(middle), at(30_000))).toBeCloseTo(whole, 6)
      }),
    )
  })

  it('never count what has no price, and name it', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        for (const team of sumsOf(entries, at(0), at(30_000))) {
          const own = entries.filter(({ owner }) => owner === team.team)
          const unpriced = own.filter(({ rate }) => rate.hour === undefined)
          expect(new Set(team.unpriced)).toEqual(new Set(unpriced.map(({ name }) => name)))
          expect(team.usd).toBeLessThanOrEqual(team.hours + 1e-9)
        }
      }),
    )
  })
})
