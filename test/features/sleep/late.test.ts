import { describe, expect, it, test } from 'vitest'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { wantedOf } from '../../../domain/sleep/wanted.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'

const START = '2026-03-03T06:00:00.000Z'
/** So many minutes before the next start. */
const before = (minutes: number) => new Date(Date.parse(START) - minutes * 60_000)

const SAID = {
  'office-hours': {
    state: 'stopped',
    reason: 'night',
    next: { at: START, state: 'running', reason: 'day' },
  },
  'when-needed': { state: 'stopped', reason: 'nothing needs it' },
} as const

const awake = (name: string, more: Partial<Seen> = {}): Seen => ({
  ...{ id: `service/dev/${name}`, kind: 'service', name, owner: 'ordering' },
  ...{ schedule: 'office-hours', order: 1, phase: 'up' },
  ...more,
})
const sleeper = (more: Partial<Sleeper>): Sleeper => ({
  ...{ version: 2, revision: 1, rest: 'awake', since: before(600).toISOString(), why: 'day' },
  ...more,
})
const moving = (minutes: number): Partial<Sleeper> => ({
  moving: { to: 'asleep', since: before(minutes).toISOString(), why: 'night', tries: 1 },
})
const asleep = (minutes: number, more: Partial<Sleeper> = {}): Partial<Sleeper> => ({
  ...{ rest: 'asleep', since: before(minutes).toISOString(), why: 'night' },
  ...more,
})

/** What `payments` and its database are to be, when `orders` is so and that many minutes are left. */
function wants(minutes: number, orders: Partial<Sleeper>) {
  const phase = orders.rest === 'asleep' ? 'down' : 'up'
  const database: Partial<Seen> = { kind: 'database', schedule: 'when-needed' }
  const subjects = [
    { seen: awake('orders', { phase }), kept: sleeper(orders) },
    { seen: awake('payments'), kept: sleeper({}) },
    { seen: awake('database', database), kept: sleeper({}) },
  ]
  const needs = new Map([
    ['service/dev/payments', new Set(['service/dev/database'])],
    ['service/dev/orders', new Set<string>()],
    ['service/dev/database', new Set<string>()],
  ])
  const says = (schedule: string) => SAID[schedule as keyof typeof SAID]
  const whole = wantedOf({ subjects, overrides: [], needs, says, now: before(minutes) })
  return ['payments', 'database'].map((name) => whole.get(`service/dev/${name}`)?.to)
}

describe('a sleep that the next start is near to', () => {
  test.each<[string, number, Partial<Sleeper>, 'asleep' | 'as-it-is']>([
    ['begins half an hour before it', 30, {}, 'asleep'],
    ['does not begin later', 29, {}, 'as-it-is'],
    ['is finished where it has begun', 29, moving(31), 'asleep'],
    ['also between one that came to rest and the next', 28, asleep(29), 'asleep'],
    ['but not when it would be over at once', 9, moving(31), 'as-it-is'],
    ['is not the one that others have begun long ago', 29, asleep(500), 'as-it-is'],
    [
      'nor what a person has stopped a moment ago',
      29,
      asleep(30, { hand: { to: 'asleep', at: before(30).toISOString() } }),
      'as-it-is',
    ],
  ])('%s', (_, minutes, orders, to) => {
    // What only others need comes with them.
    expect(wants(minutes, orders)).toEqual([to, to])
  })

  it('is not begun by a database of which all users sleep', () => {
    const user = { seen: awake('payments', { phase: 'down' }), kept: sleeper(asleep(500)) }
    const database = awake('database', { kind: 'database', schedule: 'when-needed' })
    const needs = new Map([
      [user.seen.id, new Set([database.id])],
      [database.id, new Set<string>()],
    ])
    const says = (schedule: string) => SAID[schedule as keyof typeof SAID]
    const subjects = [user, { seen: database, kept: sleeper({}) }]
    const to = (minutes: number) =>
      wantedOf({ subjects, overrides: [], needs, says, now: before(minutes) }).get(database.id)?.to
    expect([to(30), to(29)]).toEqual(['asleep', 'as-it-is'])
  })
})
