import { describe, expect, it, test } from 'vitest'
import {
  type Calendar,
  edges,
  type Input,
  nextRun,
  type Schedule,
  scheduled,
} from '../../../../domain/schedule/scheduled.ts'
import type { Period } from '../../../../domain/schedule/written.ts'

const BERLIN = 'Europe/Berlin'
const GERMANY: Calendar = {
  '2026-12-25': 'Christmas Day',
  '2026-12-26': "St Stephen's Day",
  '2027-01-01': "New Year's Day",
}

const of = (
  running: Period | Period[],
  rest: Partial<Schedule> = {},
  more: Partial<Input> = {},
): Input => ({
  schedule: { running: [running].flat(), ...rest },
  calendars: { germany: GERMANY },
  overrides: [],
  timeZone: BERLIN,
  ...more,
})

/** `running 19:00Z stopped`: what holds, and what changes when; minutes of UTC. */
function said(input: Input, at: string): string {
  const { state, next } = scheduled(input, new Date(at))
  if (next === undefined) return state
  const day = next.at.slice(0, 10) === at.slice(0, 10) ? '' : `${next.at.slice(5, 10)} `
  return `${state} ${day}${next.at.slice(11, 16)}Z ${next.state}`
}

/** The edges of a time: `03-29 01:00Z running`. */
const edgesIn = (input: Input, from: string, to: string) =>
  edges(input, new Date(from), new Date(to)).map(
    ({ at, state }) => `${at.slice(5, 10)} ${at.slice(11, 16)}Z ${state}`,
  )

const OFFICE: Period = { days: 'mon-fri', from: '07:00', to: '20:00' }
const NIGHT: Period = { days: 'mon-fri', from: '22:00', to: '06:00' }

describe('a window of a working day, Berlin in winter', () => {
  test.each([
    ['2026-12-01T05:59:59.999Z', 'stopped 06:00Z running'],
    ['2026-12-01T06:00Z', 'running 19:00Z stopped'],
    ['2026-12-01T12:00Z', 'running 19:00Z stopped'],
    ['2026-12-01T18:59:59.999Z', 'running 19:00Z stopped'],
    ['2026-12-01T19:00Z', 'stopped 12-02 06:00Z running'],
    ['2026-12-04T19:00Z', 'stopped 12-07 06:00Z running'],
    ['2026-12-05T12:00Z', 'stopped 12-07 06:00Z running'],
    ['2026-12-06T23:30Z', 'stopped 12-07 06:00Z running'],
    ['2026-12-31T19:00Z', 'stopped 01-01 06:00Z running'],
  ])('%s: %s', (at, expected) => {
    expect(said(of(OFFICE), at)).toBe(expected)
  })

  test.each([
    [{ days: 'mon-fri', from: '7:00', to: '20:00' }, '2026-12-01T06:00Z', 'running 19:00Z stopped'],
    [{ from: '00:00', to: '24:00' }, '2026-12-01T06:00Z', 'running'],
    [{ days: 'tue', from: '23:00', to: '24:00' }, '2026-12-01T22:00Z', 'running 23:00Z stopped'],
    [{ days: 'tue', from: '23:00', to: '00:00' }, '2026-12-01T22:00Z', 'running 23:00Z stopped'],
    [
      { days: 'tue', from: '00:00', to: '06:00' },
      '2026-11-30T23:00Z',
      'running 12-01 05:00Z stopped',
    ],
    [{ days: 'tue', from: '08:00', to: '08:00' }, '2026-12-02T06:59Z', 'running 07:00Z stopped'],
    [{ from: '08:00', to: '08:00' }, '2026-12-02T06:59Z', 'running'],
    [{ days: 'tue' }, '2026-12-01T12:00Z', 'running 23:00Z stopped'],
    [{ days: 'tue-thu' }, '2026-12-01T12:00Z', 'running 12-03 23:00Z stopped'],
    [{ days: 'mon-sun' }, '2026-12-01T12:00Z', 'running'],
    [{ months: 'dec' }, '2026-12-01T12:00Z', 'running 12-31 23:00Z stopped'],
    [{ months: 'jan' }, '2026-12-01T12:00Z', 'stopped 12-31 23:00Z running'],
    [{ monthDays: '30', months: 'feb' }, '2026-12-01T12:00Z', 'stopped'],
    [{ monthDays: '29', months: 'feb' }, '2026-12-01T12:00Z', 'stopped 02-28 23:00Z running'],
    [
      { monthDays: 'L', from: '18:00', to: '23:00' },
      '2026-12-01T12:00Z',
      'stopped 12-31 17:00Z running',
    ],
    [
      { monthDays: 'L', from: '18:00', to: '02:00' },
      '2026-12-31T23:30Z',
      'running 01-01 01:00Z stopped',
    ],
    [{ days: 'mon#1', from: '08:00', to: '12:00' }, '2026-12-07T06:59Z', 'stopped 07:00Z running'],
    [
      { days: 'friL', from: '08:00', to: '12:00' },
      '2026-12-07T06:59Z',
      'stopped 12-25 07:00Z running',
    ],
  ] satisfies [Period, string, string][])('%j at %s: %s', (period, at, expected) => {
    expect(said(of(period), at)).toBe(expected)
  })

  it('waits for as long as it takes: a Monday that is 29 February is in 2044', () => {
    const { next } = scheduled(
      of({ days: 'mon', monthDays: 29, months: 'feb' }),
      new Date('2026-12-01T12:00Z'),
    )
    expect(next).toMatchObject({ at: '2044-02-28T23:00:00.000Z', state: 'running' })
  })
})

describe('a window over midnight belongs to the day it starts', () => {
  test.each([
    ['2026-12-01T04:59Z', 'running 05:00Z stopped'],
    ['2026-12-01T05:00Z', 'stopped 21:00Z running'],
    ['2026-12-01T21:00Z', 'running 12-02 05:00Z stopped'],
    ['2026-12-01T23:30Z', 'running 12-02 05:00Z stopped'],
    ['2026-12-05T04:00Z', 'running 05:00Z stopped'],
    ['2026-12-05T05:00Z', 'stopped 12-07 21:00Z running'],
    ['2026-12-05T21:30Z', 'stopped 12-07 21:00Z running'],
    ['2026-12-07T02:00Z', 'stopped 21:00Z running'],
  ])('%s: %s', (at, expected) => {
    expect(said(of(NIGHT), at)).toBe(expected)
  })

  const christmas = of(NIGHT, { name: 'nights', calendar: 'germany' })
  test.each([
    // Thursday's runs whole into the holiday; Friday's does not start, nor its part on Saturday.
    ['2026-12-24T22:00Z', 'running 12-25 05:00Z stopped'],
    ['2026-12-25T04:30Z', 'running 05:00Z stopped'],
    ['2026-12-25T05:00Z', 'stopped 12-28 21:00Z running'],
    ['2026-12-25T21:30Z', 'stopped 12-28 21:00Z running'],
    ['2026-12-26T03:00Z', 'stopped 12-28 21:00Z running'],
  ])('with Friday in the calendar, %s: %s', (at, expected) => {
    expect(said(christmas, at)).toBe(expected)
  })

  it('says when it next runs and why', () => {
    const { next } = scheduled(christmas, new Date('2026-12-25T04:30Z'))
    expect(next?.reason).toBe('Christmas Day is in the calendar germany')
    expect(nextRun(christmas, new Date('2026-12-25T04:30Z'))).toEqual({
      at: '2026-12-28T21:00:00.000Z',
      state: 'running',
      reason: 'nights: Mon-Fri 22:00-06:00 (Europe/Berlin)',
      because: [{ date: '2026-12-25', what: 'Christmas Day' }],
    })
  })
})

describe('holidays', () => {
  const office = of(OFFICE, { name: 'office', calendar: 'germany' })
  test.each([
    ['2026-12-24T12:00Z', 'running 19:00Z stopped', 'office: Mon-Fri 07:00-20:00 (Europe/Berlin)'],
    [
      '2026-12-24T20:00Z',
      'stopped 12-28 06:00Z running',
      'office: outside Mon-Fri 07:00-20:00 (Europe/Berlin)',
    ],
    [
      '2026-12-25T12:00Z',
      'stopped 12-28 06:00Z running',
      'Christmas Day is in the calendar germany',
    ],
    // A Saturday: it would sleep anyway.
    [
      '2026-12-26T12:00Z',
      'stopped 12-28 06:00Z running',
      'office: outside Mon-Fri 07:00-20:00 (Europe/Berlin)',
    ],
    [
      '2026-12-31T20:00Z',
      'stopped 01-04 06:00Z running',
      'office: outside Mon-Fri 07:00-20:00 (Europe/Berlin)',
    ],
    [
      '2027-01-01T06:00Z',
      'stopped 01-04 06:00Z running',
      "New Year's Day is in the calendar germany",
    ],
  ])('replace the day by sleep: %s, %s', (at, expected, reason) => {
    expect(said(office, at)).toBe(expected)
    expect(scheduled(office, new Date(at)).reason).toBe(reason)
  })

  test.each([
    ['sleep', '2026-12-25T12:00Z', 'stopped 12-28 06:00Z running'],
    ['ignore', '2026-12-25T12:00Z', 'running 19:00Z stopped'],
  ] as const)('holidays: %s, at %s: %s', (holidays, at, expected) => {
    expect(said(of(OFFICE, { calendar: 'germany', holidays }), at)).toBe(expected)
  })

  test.each<[Period, string, string]>([
    [{}, '2026-12-24T12:00Z', 'running 23:00Z stopped'],
    [{}, '2026-12-25T12:00Z', 'stopped 12-26 23:00Z running'],
    [{}, '2026-12-27T12:00Z', 'running 12-31 23:00Z stopped'],
    [{}, '2027-01-02T12:00Z', 'running'],
    [{ from: '08:00' }, '2026-12-24T23:30Z', 'stopped 12-26 23:00Z any'],
    [{ to: '20:00' }, '2026-12-24T19:30Z', 'stopped 12-26 23:00Z any'],
    [{ timeZone: 'America/New_York' }, '2026-12-25T04:30Z', 'running 05:00Z stopped'],
    [{ timeZone: 'America/New_York' }, '2026-12-25T05:00Z', 'stopped 12-27 05:00Z running'],
  ])('every day %j with a calendar, %s: %s', (period, at, expected) => {
    expect(said(of({ days: '*', ...period }, { calendar: 'germany' }), at)).toBe(expected)
  })
})

describe('several periods are joined, and a seam between two is no edge', () => {
  const halves = of([
    { days: 'mon-fri', from: '08:00', to: '14:00' },
    { days: 'mon-fri', from: '14:00', to: '20:00' },
  ])
  it('has two edges a day, not four', () => {
    expect(edgesIn(halves, '2026-12-01T00:00Z', '2026-12-03T00:00Z')).toEqual([
      '12-01 07:00Z running',
      '12-01 19:00Z stopped',
      '12-02 07:00Z running',
      '12-02 19:00Z stopped',
    ])
    expect(said(halves, '2026-12-01T12:59Z')).toBe('running 19:00Z stopped')
    expect(said(halves, '2026-12-01T13:00Z')).toBe('running 19:00Z stopped')
  })

  test.each<[string, Period[], string[]]>([
    [
      'one inside the other',
      [
        { from: '08:00', to: '20:00' },
        { from: '10:00', to: '12:00' },
      ],
      ['07:00Z running', '19:00Z stopped'],
    ],
    [
      'overlapping',
      [
        { from: '08:00', to: '12:00' },
        { from: '10:00', to: '20:00' },
      ],
      ['07:00Z running', '19:00Z stopped'],
    ],
    [
      'apart',
      [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '20:00' },
      ],
      ['07:00Z running', '11:00Z stopped', '12:00Z running', '19:00Z stopped'],
    ],
    [
      'a minute apart',
      [
        { from: '08:00', to: '11:59' },
        { from: '12:00', to: '20:00' },
      ],
      ['07:00Z running', '10:59Z stopped', '11:00Z running', '19:00Z stopped'],
    ],
    [
      'at midnight',
      [
        { from: '18:00', to: '24:00' },
        { from: '00:00', to: '06:00' },
      ],
      ['05:00Z stopped', '17:00Z running'],
    ],
    [
      'day and night',
      [
        { from: '06:00', to: '22:00' },
        { from: '22:00', to: '06:00' },
      ],
      [],
    ],
    [
      'whole days and hours',
      [{ days: 'wed' }, { days: 'tue', from: '08:00', to: '24:00' }],
      ['07:00Z running'],
    ],
  ])('%s', (_, periods, expected) => {
    const found = edgesIn(of(periods), '2026-12-01T00:00Z', '2026-12-02T00:00Z')
    expect(found).toEqual(expected.map((edge) => `12-01 ${edge}`))
  })

  it('gives the rule that holds, of several the first', () => {
    const input = of([OFFICE, { days: 'tue', from: '06:00', to: '22:00' }, { days: 'sat' }], {
      name: 'mine',
    })
    const reason = (at: string) => scheduled(input, new Date(at)).reason
    expect(reason('2026-12-01T05:30Z')).toBe('mine: Tue 06:00-22:00 (Europe/Berlin)')
    expect(reason('2026-12-01T06:30Z')).toBe('mine: Mon-Fri 07:00-20:00 (Europe/Berlin)')
    expect(reason('2026-12-05T06:30Z')).toBe('mine: Sat (Europe/Berlin)')
    expect(reason('2026-12-06T06:30Z')).toBe(
      'mine: outside Mon-Fri 07:00-20:00 (Europe/Berlin) and Tue 06:00-22:00 (Europe/Berlin) and 1 more',
    )
  })
})

describe('a one-sided period has no opinion before its time', () => {
  test.each<[Period, string, string]>([
    [{ from: '10:00' }, '2026-12-01T08:59Z', 'any 09:00Z running'],
    [{ from: '10:00' }, '2026-12-01T09:00Z', 'running 23:00Z any'],
    [{ from: '10:00' }, '2026-12-01T23:00Z', 'any 12-02 09:00Z running'],
    [{ to: '20:00' }, '2026-12-01T12:00Z', 'any 19:00Z stopped'],
    [{ to: '20:00' }, '2026-12-01T19:00Z', 'stopped 23:00Z any'],
    [{ to: '24:00' }, '2026-12-01T19:00Z', 'any'],
    [{ days: 'mon-fri', from: '09:00' }, '2026-12-03T23:30Z', 'any 12-04 08:00Z running'],
    // Friday's ends with its day; Saturday is none of its days.
    [{ days: 'mon-fri', from: '09:00' }, '2026-12-04T12:00Z', 'running 23:00Z stopped'],
    [{ days: 'mon-fri', from: '09:00' }, '2026-12-05T12:00Z', 'stopped 12-06 23:00Z any'],
    [{ days: 'mon-fri', to: '18:00' }, '2026-12-04T17:00Z', 'stopped 12-06 23:00Z any'],
  ])('%j at %s: %s', (period, at, expected) => {
    expect(said(of(period), at)).toBe(expected)
  })

  test.each([
    // Running beats "any", and "any" beats stopped.
    ['2026-12-01T06:00Z', 'any 07:00Z running'],
    ['2026-12-01T07:00Z', 'running 11:00Z any'],
    ['2026-12-01T11:00Z', 'any 19:00Z stopped'],
    ['2026-12-01T19:00Z', 'stopped 23:00Z any'],
  ])('beside another, at %s: %s', (at, expected) => {
    expect(said(of([{ to: '20:00' }, { from: '08:00', to: '12:00' }]), at)).toBe(expected)
  })

  it('says that it leaves what it finds', () => {
    expect(scheduled(of({ from: '10:00' }), new Date('2026-12-01T08:00Z')).reason).toBe(
      'from 10:00 (Europe/Berlin), until then as it is',
    )
  })
})

describe('ready by a time: it starts as much earlier as a wake takes', () => {
  const ready: Period = { days: 'mon-fri', ready: '08:00', to: '20:00' }
  test.each<[number | undefined, string, string]>([
    [undefined, '2026-12-01T06:30Z', 'stopped 07:00Z running'],
    [0, '2026-12-01T06:30Z', 'stopped 07:00Z running'],
    [360, '2026-12-01T06:30Z', 'stopped 06:54Z running'],
    [360, '2026-12-01T06:54Z', 'running 19:00Z stopped'],
    [360.4, '2026-12-01T06:53:59.599Z', 'stopped 06:53Z running'],
    // Before midnight, on a day that is none of its own.
    [10 * 3600, '2026-12-06T21:00Z', 'running 12-07 19:00Z stopped'],
    [-5, '2026-12-01T06:30Z', 'stopped 07:00Z running'],
    [Number.NaN, '2026-12-01T06:30Z', 'stopped 07:00Z running'],
    // Never more than a day.
    [1e9, '2026-12-06T06:59Z', 'stopped 07:00Z running'],
  ])('a wake of %s s, at %s: %s', (wakeSeconds, at, expected) => {
    expect(said(of(ready, {}, { wakeSeconds }), at)).toBe(expected)
  })

  it('does not move what only has a begin', () => {
    const input = of([ready, { days: 'sat', from: '10:00', to: '12:00' }], {}, { wakeSeconds: 600 })
    expect(edgesIn(input, '2026-12-04T23:00Z', '2026-12-07T12:00Z')).toEqual([
      '12-05 09:00Z running',
      '12-05 11:00Z stopped',
      '12-07 06:50Z running',
    ])
  })

  it('joins what begins early with what ends then', () => {
    const input = of([ready, { from: '00:00', to: '07:55' }], {}, { wakeSeconds: 600 })
    expect(edgesIn(input, '2026-12-01T00:00Z', '2026-12-02T00:00Z')).toEqual([
      '12-01 19:00Z stopped',
      '12-01 23:00Z running',
    ])
  })

  it('says by when', () => {
    expect(scheduled(of(ready), new Date('2026-12-01T12:00Z')).reason).toBe(
      'Mon-Fri ready 08:00 to 20:00 (Europe/Berlin)',
    )
  })
})

describe('the days on which the clocks change', () => {
  test.each<[string, string, Period, string, string[]]>([
    // Berlin: 29 March 2026, 02:00 becomes 03:00; 25 October, 03:00 becomes 02:00.
    [
      'a begin in the gap is the first minute after it',
      BERLIN,
      { days: 'sun', from: '02:30', to: '05:00' },
      '2026-03-29',
      ['01:00Z running', '03:00Z stopped'],
    ],
    [
      'so is an end',
      BERLIN,
      { days: 'sun', from: '01:00', to: '02:30' },
      '2026-03-29',
      ['00:00Z running', '01:00Z stopped'],
    ],
    [
      'a window inside the gap is none',
      BERLIN,
      { days: 'sun', from: '02:10', to: '02:50' },
      '2026-03-29',
      [],
    ],
    ['the gap itself', BERLIN, { days: 'sun', from: '02:00', to: '03:00' }, '2026-03-29', []],
    [
      'over the gap, an hour is missing',
      BERLIN,
      { days: 'sun', from: '01:30', to: '03:30' },
      '2026-03-29',
      ['00:30Z running', '01:30Z stopped'],
    ],
    [
      'a repeated begin is the first',
      BERLIN,
      { days: 'sun', from: '02:30', to: '05:00' },
      '2026-10-25',
      ['00:30Z running', '04:00Z stopped'],
    ],
    [
      'a repeated end is the first',
      BERLIN,
      { days: 'sun', from: '01:00', to: '02:30' },
      '2026-10-25',
      ['23:00Z running', '00:30Z stopped'],
    ],
    [
      'both in the repeated hour',
      BERLIN,
      { days: 'sun', from: '02:10', to: '02:50' },
      '2026-10-25',
      ['00:10Z running', '00:50Z stopped'],
    ],
    [
      'the repeated hour itself is two hours',
      BERLIN,
      { days: 'sun', from: '02:00', to: '03:00' },
      '2026-10-25',
      ['00:00Z running', '02:00Z stopped'],
    ],
    [
      'a whole day of 23 hours',
      BERLIN,
      { days: 'sun' },
      '2026-03-29',
      ['23:00Z running', '22:00Z stopped'],
    ],
    [
      'a whole day of 25 hours',
      BERLIN,
      { days: 'sun' },
      '2026-10-25',
      ['22:00Z running', '23:00Z stopped'],
    ],
    // New York: 8 March and 1 November 2026.
    [
      'New York in spring',
      'America/New_York',
      { days: 'sun', from: '02:30', to: '05:00' },
      '2026-03-08',
      ['07:00Z running', '09:00Z stopped'],
    ],
    [
      'New York in autumn',
      'America/New_York',
      { days: 'sun', from: '00:30', to: '01:30' },
      '2026-11-01',
      ['04:30Z running', '05:30Z stopped'],
    ],
    // Lord Howe: by half an hour; 5 April (02:00 becomes 01:30) and 4 October 2026 (02:00, 02:30).
    [
      'half an hour back',
      'Australia/Lord_Howe',
      { days: 'sun', from: '01:45', to: '02:15' },
      '2026-04-05',
      ['14:45Z running', '15:45Z stopped'],
    ],
    [
      'half an hour forth',
      'Australia/Lord_Howe',
      { days: 'sun', from: '02:10', to: '03:00' },
      '2026-10-04',
      ['15:30Z running', '16:00Z stopped'],
    ],
    [
      'a zone that never changes',
      'Asia/Kolkata',
      { days: 'sun', from: '02:30', to: '05:00' },
      '2026-03-29',
      ['21:00Z running', '23:30Z stopped'],
    ],
    // Santiago: 6 September 2026 has no 00:00; 5 April 2026 repeats the hour before it.
    [
      'a day without a midnight',
      'America/Santiago',
      { days: 'sun' },
      '2026-09-06',
      ['04:00Z running', '03:00Z stopped'],
    ],
    [
      'an evening that is repeated',
      'America/Santiago',
      { days: 'sat', from: '22:00', to: '23:30' },
      '2026-04-04',
      ['01:00Z running', '02:30Z stopped'],
    ],
    [
      'a day after it',
      'America/Santiago',
      { days: 'sun' },
      '2026-04-05',
      ['04:00Z running', '04:00Z stopped'],
    ],
    // Apia had no 30 December 2011.
    ['a day that a zone leaves out', 'Pacific/Apia', { monthDays: 30 }, '2011-12-30', []],
  ])('%s: %s %j', (_, timeZone, period, date, expected) => {
    const around = (hours: number) => new Date(Date.parse(`${date}T12:00Z`) + hours * 3_600_000)
    const found = edges(of(period, { timeZone }), around(-26), around(26))
    expect(found.map(({ at, state }) => `${at.slice(11, 16)}Z ${state}`)).toEqual(expected)
  })
})

describe('a zone per period', () => {
  const both = of([
    { days: 'mon-fri', from: '08:00', to: '18:00' },
    { days: 'mon-fri', from: '09:00', to: '17:00', timeZone: 'America/New_York' },
  ])
  test.each([
    ['2026-03-05', ['07:00Z running', '22:00Z stopped']],
    ['2026-03-12', ['07:00Z running', '21:00Z stopped']],
    ['2026-03-30', ['06:00Z running', '21:00Z stopped']],
    ['2026-10-29', ['07:00Z running', '21:00Z stopped']],
    ['2026-11-05', ['07:00Z running', '22:00Z stopped']],
  ])('Berlin and New York on %s: %j', (date, expected) => {
    const found = edgesIn(both, `${date}T00:00Z`, `${date}T23:59Z`)
    expect(found).toEqual(expected.map((edge) => `${date.slice(5)} ${edge}`))
  })

  it('a schedule has one as well, and the environment for those that have none', () => {
    const at = '2026-12-01T12:00Z'
    const period: Period = { from: '09:00', to: '17:00' }
    expect(said(of(period), at)).toBe('running 16:00Z stopped')
    expect(said(of(period, { timeZone: 'Asia/Kolkata' }), at)).toBe('stopped 12-02 03:30Z running')
    expect(said(of({ ...period, timeZone: 'UTC' }, { timeZone: 'Asia/Kolkata' }), at)).toBe(
      'running 17:00Z stopped',
    )
  })
})

describe('what cannot be read starts and stops nothing', () => {
  const running = [OFFICE]
  test.each<[string, unknown, string]>([
    ['no schedule', undefined, 'the schedule cannot be read'],
    ['null', null, 'the schedule cannot be read'],
    ['a text', 'office-hours', 'the schedule cannot be read'],
    ['no periods', { running: [] }, 'the schedule cannot be read'],
    ['a period that says nothing', { running: [{}] }, 'the schedule cannot be read'],
    ['only a zone', { running: [{ timeZone: 'UTC' }] }, 'the schedule cannot be read'],
    [
      'both from and ready',
      { running: [{ from: '08:00', ready: '09:00' }] },
      'the schedule cannot be read',
    ],
    ['an hour that is none', { running: [{ from: '24:00' }] }, 'the schedule cannot be read'],
    ['a minute that is none', { running: [{ to: '12:60' }] }, 'the schedule cannot be read'],
    ['a field that is none', { running: [{ until: '12:00' }] }, 'the schedule cannot be read'],
    ['a zone that is none', { running, timeZone: 'Mars/Olympus' }, 'the schedule cannot be read'],
    [
      'a calendar that is not there',
      { running, calendar: 'mars' },
      'the schedule: its calendar mars cannot be read',
    ],
    [
      'a calendar of the prototype',
      { running, calendar: 'constructor' },
      'the schedule: its calendar constructor cannot be read',
    ],
    [
      'a calendar with another date',
      { running, calendar: 'broken' },
      'the schedule: its calendar broken cannot be read',
    ],
  ])('%s', (_, schedule, reason) => {
    const calendars = { broken: { '2026-02-30': 'no day' } }
    const input = { ...of(OFFICE), schedule: schedule as Schedule, calendars }
    expect(scheduled(input, new Date('2026-12-01T12:00Z'))).toEqual({ state: 'any', reason })
    expect(edges(input, new Date('2026-12-01T12:00Z'), new Date('2026-12-09T12:00Z'))).toEqual([])
    expect(nextRun(input, new Date('2026-12-01T12:00Z'))).toBeUndefined()
  })

  it('an instant that is none, and a zone of the environment', () => {
    expect(scheduled(of(OFFICE), new Date(Number.NaN)).reason).toBe('the instant cannot be read')
    expect(scheduled(of(OFFICE), new Date(8.64e15)).reason).toBe('the instant cannot be read')
    const nowhere = of(OFFICE, {}, { timeZone: 'Nowhere' })
    expect(scheduled(nowhere, new Date(0)).reason).toBe('the time zone Nowhere is not known')
  })
})

it('always-on runs, and nothing comes after that', () => {
  const input: Input = { ...of(OFFICE), schedule: 'always-on' }
  expect(scheduled(input, new Date(0))).toEqual({
    state: 'running',
    reason: 'always-on: it does not sleep',
  })
})
