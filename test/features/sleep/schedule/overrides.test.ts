import { describe, expect, it, test } from 'vitest'
import {
  edges,
  type Input,
  nextRun,
  type Override,
  type Schedule,
  scheduled,
} from '../../../../domain/schedule/scheduled.ts'

const OFFICE: Schedule = {
  name: 'office',
  running: [{ days: 'mon-fri', from: '07:00', to: '20:00' }],
}

const of = (...overrides: Override[]): Input => ({
  schedule: OFFICE,
  calendars: {},
  overrides,
  timeZone: 'Europe/Berlin',
})

/** A time of Tuesday 3 March 2026, Berlin (an hour ahead of UTC); `+07:00` is Wednesday's. */
function at(time: string): string {
  const hour = Number(time.slice(-5, -3)) + (time.startsWith('+') ? 24 : 0) - 1
  return new Date(Date.UTC(2026, 2, 3, hour, Number(time.slice(-2)))).toISOString()
}

/** `awake 20:00 22:00 ann` */
function override(text: string): Override {
  const [kind = '', from = '', until = '', by, ...why] = text.split(' ')
  return {
    kind: kind as Override['kind'],
    from: at(from),
    until: at(until),
    ...(by !== undefined && { by }),
    ...(why.length > 0 && { why: why.join(' ') }),
    ...(kind === 'replace' && { schedule: REPLACED }),
  }
}

const REPLACED: Schedule = { name: 'late', running: [{ from: '12:00', to: '23:00' }] }

function said(overrides: string[], time: string): string {
  const { state, next } = scheduled(of(...overrides.map(override)), new Date(at(time)))
  if (next === undefined) return state
  const minutes = (Date.parse(next.at) - Date.parse(at('00:00'))) / 60_000
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`
  return `${state} ${minutes >= 24 * 60 ? '+' : ''}${clock} ${next.state}`
}

describe('on Tuesday, by office hours 07:00-20:00', () => {
  test.each<[string, string[], string]>([
    // Kept awake.
    ['19:00', ['awake 19:00 22:00'], 'running 22:00 stopped'],
    ['21:59', ['awake 19:00 22:00'], 'running 22:00 stopped'],
    ['22:00', ['awake 19:00 22:00'], 'stopped +07:00 running'],
    ['18:59', ['awake 19:00 22:00'], 'running 22:00 stopped'],
    ['21:00', ['awake 22:00 23:00'], 'stopped 22:00 running'],
    ['20:30', ['awake 20:10 22:00'], 'running 22:00 stopped'],
    ['20:00', ['awake 20:10 22:00'], 'stopped 20:10 running'],
    // It ends while it would be running anyway: its end is no edge, the schedule's own is.
    ['03:00', ['awake 02:00 08:00'], 'running 20:00 stopped'],
    ['07:30', ['awake 02:00 08:00'], 'running 20:00 stopped'],
    ['08:00', ['awake 02:00 08:00'], 'running 20:00 stopped'],
    ['01:00', ['awake 02:00 08:00'], 'stopped 02:00 running'],
    ['12:00', ['awake 12:00 13:00'], 'running 20:00 stopped'],
    ['21:00', ['awake 20:00 +07:00'], 'running +20:00 stopped'],
    ['21:00', ['awake 20:00 +06:59'], 'running +06:59 stopped'],
    // Of several, the latest end of all that still hold; an ended one hides nothing.
    ['20:00', ['awake 19:40 21:00', 'awake 19:50 23:00'], 'running 23:00 stopped'],
    ['21:00', ['awake 19:40 21:00', 'awake 19:50 23:00'], 'running 23:00 stopped'],
    ['21:30', ['awake 19:50 23:00', 'awake 19:40 21:00'], 'running 23:00 stopped'],
    ['20:00', ['awake 19:40 21:00', 'awake 21:00 23:00'], 'running 23:00 stopped'],
    ['20:00', ['awake 19:40 21:00', 'awake 21:30 23:00'], 'running 21:00 stopped'],
    ['23:00', ['awake 19:40 21:00', 'awake 19:50 23:00'], 'stopped +07:00 running'],
    // Put to sleep.
    ['14:00', ['asleep 14:00 16:00'], 'stopped 16:00 running'],
    ['13:00', ['asleep 14:00 16:00'], 'running 14:00 stopped'],
    ['16:00', ['asleep 14:00 16:00'], 'running 20:00 stopped'],
    ['19:00', ['asleep 19:00 21:00'], 'stopped +07:00 running'],
    ['19:00', ['asleep 19:00 +09:00'], 'stopped +09:00 running'],
    ['06:30', ['asleep 06:00 07:00'], 'stopped 07:00 running'],
    ['14:00', ['asleep 14:00 15:00', 'asleep 14:30 16:00'], 'stopped 16:00 running'],
    // Keeping awake beats sleep, whoever came first and whatever is narrower.
    ['20:15', ['awake 19:00 22:00', 'asleep 20:15 +07:00'], 'running 22:00 stopped'],
    ['20:15', ['asleep 20:15 +07:00', 'awake 19:00 22:00'], 'running 22:00 stopped'],
    ['22:00', ['awake 19:00 22:00', 'asleep 20:15 +07:00'], 'stopped +07:00 running'],
    ['14:00', ['asleep 14:00 18:00', 'awake 15:00 16:00'], 'stopped 15:00 running'],
    ['15:00', ['asleep 14:00 18:00', 'awake 15:00 16:00'], 'running 16:00 stopped'],
    ['16:00', ['asleep 14:00 18:00', 'awake 15:00 16:00'], 'stopped 18:00 running'],
    // Another schedule for a while (12:00-23:00): below what persons ask for now.
    ['10:00', ['replace 00:00 +00:00'], 'stopped 12:00 running'],
    ['12:00', ['replace 00:00 +00:00'], 'running 23:00 stopped'],
    ['23:30', ['replace 00:00 +00:00'], 'stopped +07:00 running'],
    ['10:00', ['replace 10:00 13:00'], 'stopped 12:00 running'],
    ['12:30', ['replace 10:00 13:00'], 'running 20:00 stopped'],
    ['21:00', ['replace 10:00 21:30'], 'running 21:30 stopped'],
    ['09:00', ['replace 10:00 13:00'], 'running 10:00 stopped'],
    ['10:00', ['replace 00:00 +00:00', 'awake 10:00 11:00'], 'running 11:00 stopped'],
    ['11:00', ['replace 00:00 +00:00', 'awake 10:00 12:00'], 'running 23:00 stopped'],
    ['13:00', ['replace 00:00 +00:00', 'asleep 13:00 14:00'], 'stopped 14:00 running'],
    ['22:30', ['replace 00:00 +00:00', 'asleep 22:00 23:30'], 'stopped +07:00 running'],
    // What ends before it begins, and what has ended, is absent.
    ['12:00', ['awake 22:00 19:00'], 'running 20:00 stopped'],
    ['12:00', ['asleep 12:00 12:00'], 'running 20:00 stopped'],
    ['12:00', ['asleep 08:00 09:00', 'replace 08:00 10:00'], 'running 20:00 stopped'],
  ])('%s, %j: %s', (time, overrides, expected) => {
    expect(said(overrides, time)).toBe(expected)
  })

  it('of several schedules in its place, the one set last', () => {
    const day = { kind: 'replace', from: at('00:00'), until: at('+00:00') } as const
    const always: Override = { ...day, schedule: 'always-on' }
    const late: Override = { ...day, from: at('08:00'), schedule: REPLACED }
    const state = (...overrides: Override[]) =>
      scheduled(of(...overrides), new Date(at('10:00'))).state
    expect([state(always, late), state(late, always)]).toEqual(['stopped', 'stopped'])
    expect(state(late, { ...always, from: late.from })).toBe('running')
  })
})

describe('the reason names the person, until when and why', () => {
  test.each<[string, string[], string]>([
    ['20:30', ['awake 19:00 22:00 ann'], 'kept awake by ann until Tue 3 Mar 22:00 Europe/Berlin'],
    ['20:30', ['awake 19:00 22:00'], 'kept awake until Tue 3 Mar 22:00 Europe/Berlin'],
    [
      '20:30',
      ['awake 19:00 22:00 ann a demo'],
      'kept awake by ann until Tue 3 Mar 22:00 Europe/Berlin (a demo)',
    ],
    // The longer of two; already before the schedule ends, since it is why there is no stop.
    [
      '19:55',
      ['awake 19:00 22:00 ann', 'awake 19:50 23:00 bob'],
      'kept awake by bob until Tue 3 Mar 23:00 Europe/Berlin',
    ],
    // Where the schedule says the same for as long, the schedule is the reason.
    ['12:00', ['awake 11:00 13:00 ann'], 'office: Mon-Fri 07:00-20:00 (Europe/Berlin)'],
    ['12:00', ['awake 11:00 20:00 ann'], 'office: Mon-Fri 07:00-20:00 (Europe/Berlin)'],
    ['21:00', ['asleep 20:30 22:00 bob'], 'office: outside Mon-Fri 07:00-20:00 (Europe/Berlin)'],
    [
      '14:00',
      ['asleep 14:00 16:00 bob'],
      'put to sleep by bob until Tue 3 Mar 16:00 Europe/Berlin',
    ],
    [
      '10:00',
      ['replace 00:00 +00:00 bob sale'],
      'another schedule, set by bob until Wed 4 Mar 00:00 Europe/Berlin (sale): late: outside 12:00-23:00 (Europe/Berlin)',
    ],
  ])('%s, %j: %s', (time, overrides, expected) => {
    expect(scheduled(of(...overrides.map(override)), new Date(at(time))).reason).toBe(expected)
  })

  it('and what comes from outside is cut', () => {
    const long = { ...override('awake 19:00 22:00'), by: 'b'.repeat(1e5), why: 'w'.repeat(1e5) }
    expect(scheduled(of(long), new Date(at('21:00'))).reason.length).toBeLessThan(400)
  })
})

it('the preview shows what the overrides make of the schedule', () => {
  const input = of(override('awake 19:00 22:00'), override('asleep +09:00 +10:00'))
  expect(
    edges(input, new Date(at('12:00')), new Date(at('+23:00'))).map(({ at, state }) => [at, state]),
  ).toEqual([
    [at('22:00'), 'stopped'],
    [at('+07:00'), 'running'],
    [at('+09:00'), 'stopped'],
    [at('+10:00'), 'running'],
    [at('+20:00'), 'stopped'],
  ])
})

it('the next run is the one after the sleep', () => {
  const next = (time: string, ...overrides: Override[]) =>
    nextRun(of(...overrides), new Date(at(time)))?.at
  expect(next('12:00')).toBe(at('+07:00'))
  expect(next('21:00')).toBe(at('+07:00'))
  expect(next('12:00', override('asleep 14:00 16:00'))).toBe(at('16:00'))
  expect(next('12:00', override('awake 12:00 +07:00'))).toBe('2026-03-05T06:00:00.000Z')
})

describe('an override that cannot be read starts and stops nothing', () => {
  const good = override('awake 19:00 22:00')
  test.each<[string, unknown, string]>([
    ['another kind', { ...good, kind: 'keep' }, 'what somebody has asked for cannot be read'],
    ['no end', { ...good, until: undefined }, 'what somebody has asked for cannot be read'],
    [
      'an end that is none',
      { ...good, until: 'later' },
      'what somebody has asked for cannot be read',
    ],
    [
      'a time without a zone',
      { ...good, until: '2026-03-03T22:00' },
      'what somebody has asked for cannot be read',
    ],
    ['a date', { ...good, until: '2026-03-03' }, 'what somebody has asked for cannot be read'],
    [
      'a schedule that is missing',
      { ...good, kind: 'replace' },
      'what somebody has asked for cannot be read',
    ],
    [
      'a schedule that is broken',
      { ...good, schedule: { running: [] } },
      'what somebody has asked for cannot be read',
    ],
    [
      'a calendar that is not there',
      { ...good, schedule: { ...REPLACED, calendar: 'mars' } },
      'late: its calendar mars cannot be read',
    ],
    ['nothing', null, 'what somebody has asked for cannot be read'],
  ])('%s', (_, broken, reason) => {
    for (const overrides of [[broken], [good, broken]]) {
      const input = of(...(overrides as Override[]))
      expect(scheduled(input, new Date(at('21:00')))).toEqual({ state: 'any', reason })
    }
  })
})
