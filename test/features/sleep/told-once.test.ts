import { describe, expect, it, test } from 'vitest'
import { type FactsSeen, factsOf } from '../../../domain/sleep/facts.ts'
import type { Bounds, Seen, Size } from '../../../domain/sleep/resource.ts'
import type { Known } from '../../../domain/sleep/steps.ts'
import { fittingWindow, missedWindows, openings } from '../../../domain/sleep/windows.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'

/** Monday 2 March 2026, 20:00 in Berlin. */
const EDGE = '2026-03-02T19:00:00.000Z'
const after = (minutes: number) => new Date(Date.parse(EDGE) + minutes * 60_000)

const SEEN: Seen = {
  ...{ id: 'service/dev/orders', kind: 'service', name: 'orders', owner: 'ordering' },
  ...{ schedule: 'office-hours', order: 1, phase: 'up' },
}
const known = (seen: Partial<Seen>, kept: Partial<Sleeper>): Known => ({
  seen: { ...SEEN, ...seen },
  kept: { version: 2, revision: 1, rest: 'awake', since: EDGE, why: '', ...kept },
  want: { to: 'asleep', reason: 'night' },
})
const facts = (one: Known, minutes: number, more: Partial<FactsSeen> = {}) =>
  factsOf({
    ...{ known: [one], overrides: [], schedules: ['office-hours'], now: after(minutes) },
    says: () => ({ state: 'stopped', reason: 'night' }),
    ...{ next: () => undefined, offOffers: () => [], keepOffers: () => [] },
    ...{ sleepsAfter: () => false, personOf: (by) => by, ownerOf: () => 'ordering' },
    ...{ heldBy: () => undefined, runsAt: () => false, untagged: [] },
    ...more,
  }).map(({ verdict, reason, later }) => `${verdict}: ${later?.() ?? reason}`)

describe('what keeps from sleeping what is to sleep', () => {
  const heldBy = () => ({ since: EDGE, because: 'a task works' })
  const said = `held: a task works, since ${EDGE}. It sleeps once that is over`
  const moving = { to: 'asleep', since: EDGE, why: '', tries: 1 } as const

  test.each<[string, Partial<Seen>, Partial<Sleeper>, number, string[]]>([
    ['is told after an hour', {}, {}, 60, [said]],
    ['not before', {}, {}, 59, []],
    ['what AWS changes about a database: after two', { waits: 'modifying' }, {}, 119, []],
    ['and then', { waits: 'modifying' }, {}, 120, [said]],
    ['tasks that end what they are at', { phase: 'falling' }, { moving }, 60, [said]],
    ['are no failure before', { phase: 'falling' }, { moving }, 59, []],
  ])('%s', (_, seen, kept, minutes, told) => {
    expect(facts(known(seen, kept), minutes, { heldBy })).toEqual(told)
  })
})

describe('a size that is another after the wake', () => {
  const bounds = (min: number, max: number): Bounds => ({ min, max, suspended: false })
  const wake = (captured: Size, now: Bounds | undefined) =>
    facts(
      known(
        { phase: 'down', size: { desired: 0, bounds: now } },
        { rest: 'asleep', captured, moving: { to: 'awake', since: EDGE, why: '', tries: 1 } },
      ),
      0,
    )
  const held = (max: number): Bounds => ({ min: 0, max, suspended: true })

  test.each<[string, Size, Bounds | undefined, string[]]>([
    ['is none', { desired: 2, bounds: bounds(1, 3) }, held(3), []],
    ['nothing scales it', { desired: 5 }, undefined, []],
    [
      'a person had set more than its scaling allows',
      { desired: 5, bounds: bounds(1, 3) },
      held(3),
      ['resized: It had 5 tasks before and has 3 tasks now: its scaling allows no more than 3'],
    ],
    [
      'somebody has changed its bounds',
      { desired: 1, bounds: bounds(1, 3) },
      bounds(2, 6),
      [
        'resized: Its bounds were changed from 1–3 to 2–6 while it slept, and that is kept. It had 1 task before and has 2 tasks now',
      ],
    ],
  ])('%s', (_, captured, now, told) => {
    expect(wake(captured, now)).toEqual(told)
  })
})

/** 07:00 to 20:00 in Berlin's winter, Monday to Friday. */
const runsAt = (at: Date) =>
  at.getUTCHours() >= 6 && at.getUTCHours() < 19 && ![0, 6].includes(at.getUTCDay())

describe('the time at which AWS looks after a database', () => {
  const now = after(0)

  test.each([
    ['03:00-03:30', '18:00-18:30', { backup: '03:00-03:30' }],
    ['12:00-12:30', 'sun:03:00-sun:03:30', { maintenance: 'sun:03:00-sun:03:30' }],
    // On Friday it runs.
    ['12:00-12:30', 'fri:12:00-fri:12:30', {}],
    [undefined, 'sun:03:00-sun:03:30', { maintenance: 'sun:03:00-sun:03:30' }],
    ['whenever', undefined, {}],
  ])('backups %s, maintenance %s', (backup, maintenance, missed) => {
    expect(missedWindows({ windows: { backup, maintenance } }, runsAt, now)).toEqual(missed)
  })

  it('comes once a week or once a day', () => {
    expect(openings('sun:03:00-sun:03:30', now).map((at) => at.toISOString())).toEqual([
      '2026-03-08T03:00:00.000Z',
      '2026-03-15T03:00:00.000Z',
    ])
    expect(openings('19:30-20:00', now)[0]?.toISOString()).toBe('2026-03-02T19:30:00.000Z')
  })

  it('could be another, in the middle of its hours', () => {
    expect(fittingWindow(runsAt, now)).toBe('12:30-13:00')
    expect(fittingWindow(() => false, now)).toBeUndefined()
    expect(fittingWindow(() => true, now)).toBe('11:30-12:00')
  })

  it('is told when it is put to sleep, with another that fits', () => {
    const moving = { to: 'asleep', since: EDGE, why: '', tries: 1 } as const
    const windows = { backup: '03:00-03:30', maintenance: 'sun:03:00-sun:03:30' }
    const database = { kind: 'database', windows } as const
    expect(facts(known(database, { moving }), 0, { runsAt: (_, at) => runsAt(at) })).toEqual([
      'no-backup: its time for backups (03:00-03:30 UTC) and for maintenance (sun:03:00-sun:03:30 UTC) is one at which it sleeps: AWS does that after it has started, or not at all. 12:30-13:00 UTC is within its hours',
    ])
    expect(facts(known(database, {}), 0, { runsAt: (_, at) => runsAt(at) })).toEqual([])
  })
})
