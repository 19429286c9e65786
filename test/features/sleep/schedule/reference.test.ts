import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { edges, type Input, scheduled } from '../../../../domain/schedule/scheduled.ts'
import { referenceStates, type Window } from '../../../kits/schedule-reference.ts'

const MINUTE = 60_000
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const HOLIDAYS = {
  '2026-03-29': 'a Sunday',
  '2026-04-03': 'Good Friday',
  '2026-11-01': 'All Saints',
}

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** The same windows as the catalog writes them; some with holidays. */
function inputOf(windows: readonly Window[], withHolidays: boolean): Input {
  return {
    schedule: {
      running: windows.map(({ weekdays, from, to, timeZone }) => ({
        days: weekdays.map((day) => WEEKDAYS[day] ?? ''),
        from: clock(from),
        to: clock(to),
        timeZone,
      })),
      ...(withHolidays && { calendar: 'here' }),
    },
    calendars: { here: HOLIDAYS },
    overrides: [],
    timeZone: 'UTC',
  }
}

/** Every minute of a time: what the edges make of it, and what the reference says. */
function differences(
  windows: readonly Window[],
  withHolidays: boolean,
  [begin, end]: readonly [string, string],
): string[] {
  const [from, until] = [Date.parse(begin), Date.parse(end)]
  const minutes = (until - from) / MINUTE
  // A day before, so that the reference knows what its clocks have shown.
  const reference = referenceStates(windows, {
    from: from - 1440 * MINUTE,
    minutes: minutes + 1440,
    isHoliday: (date) => withHolidays && date in HOLIDAYS,
  }).subarray(1440)
  const input = inputOf(windows, withHolidays)
  const states = new Uint8Array(minutes)
  const first = scheduled(input, new Date(from))
  let [state, at] = [first.state, 0]
  for (const edge of edges(input, new Date(from + 1), new Date(until))) {
    const next = (Date.parse(edge.at) - from) / MINUTE
    if (state === 'running') states.fill(1, at, next)
    if (edge.state === state || next % 1 !== 0) return [`no edge: ${edge.at}`]
    ;[state, at] = [edge.state, next]
  }
  if (state === 'running') states.fill(1, at)
  const found = Array.from(reference.keys()).filter((minute) => {
    if (reference[minute] !== states[minute]) return true
    // What the function itself says, now and then: the edges come from it.
    if (minute % 997 !== 0) return false
    const said = scheduled(input, new Date(from + minute * MINUTE)).state
    return (said === 'running') !== (reference[minute] === 1)
  })
  return found.slice(0, 5).map((minute) => new Date(from + minute * MINUTE).toISOString())
}

const week = [1, 2, 3, 4, 5]
const everyDay = [0, 1, 2, 3, 4, 5, 6]
const at = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
/** Windows whose edges are in and around the hours that are left out and repeated. */
const SCHEDULES: Record<string, Omit<Window, 'timeZone'>[]> = {
  'office hours': [{ weekdays: week, from: at('07:00'), to: at('20:00') }],
  'over midnight': [{ weekdays: week, from: at('22:00'), to: at('06:00') }],
  'to half past two': [{ weekdays: everyDay, from: at('22:00'), to: at('02:30') }],
  'from half past two': [{ weekdays: everyDay, from: at('02:30'), to: at('05:00') }],
  'in the hour': [{ weekdays: everyDay, from: at('02:10'), to: at('02:50') }],
  'around one': [{ weekdays: everyDay, from: at('00:45'), to: at('01:45') }],
  'at midnight': [{ weekdays: [6, 0], from: at('23:30'), to: at('00:30') }],
  'a day and a night': [
    { weekdays: everyDay, from: at('02:15'), to: at('14:00') },
    { weekdays: everyDay, from: at('14:00'), to: at('02:15') },
  ],
  overlapping: [
    { weekdays: [6], from: at('20:00'), to: at('04:00') },
    { weekdays: [0], from: at('01:30'), to: at('02:59') },
  ],
}

const ALWAYS = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata']
/** Two weeks around each change of clocks of 2026 in these zones. */
const CHANGES = [
  ['2026-03-01T00:00Z', '2026-04-12T00:00Z'],
  ['2026-09-27T00:00Z', '2026-11-08T00:00Z'],
] as const

describe.each(ALWAYS)('around the changes of clocks in %s', (timeZone) => {
  test.each(Object.entries(SCHEDULES))('%s is as the reference says', (_, windows) => {
    const inZone = windows.map((window) => ({ ...window, timeZone }))
    for (const time of CHANGES) {
      expect(differences(inZone, false, time)).toEqual([])
      expect(differences(inZone, true, time)).toEqual([])
    }
  })
})

const YEAR = ['2026-01-01T00:00Z', '2027-01-01T00:00Z'] as const
const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'],
  ...['America/Santiago', 'Pacific/Auckland', 'Africa/Casablanca'],
]

describe('every minute of a year', () => {
  test.each(ZONES)('in %s, of each of the schedules', (timeZone) => {
    for (const windows of Object.values(SCHEDULES)) {
      const inZone = windows.map((window) => ({ ...window, timeZone }))
      expect(differences(inZone, true, YEAR)).toEqual([])
    }
  })

  it('with a zone per period', () => {
    const windows: Window[] = [
      { weekdays: week, from: at('08:00'), to: at('18:00'), timeZone: 'Europe/Berlin' },
      { weekdays: week, from: at('09:00'), to: at('17:00'), timeZone: 'America/New_York' },
      { weekdays: everyDay, from: at('01:45'), to: at('02:15'), timeZone: 'Australia/Lord_Howe' },
    ]
    expect(differences(windows, false, YEAR)).toEqual([])
  })
})

describe('whatever the windows', () => {
  const window = fc.record({
    weekdays: fc.subarray(everyDay, { minLength: 1 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 0, max: 1439 }),
    timeZone: fc.constantFrom(...ALWAYS, ...ZONES),
  })
  it('up to three of them, in a fortnight with a change of clocks, are as the reference says', () => {
    const fortnights = ['03-01', '03-22', '04-01', '09-01', '09-27', '10-20'].map((day) => {
      const begin = Date.parse(`2026-${day}T00:00Z`)
      return [new Date(begin).toISOString(), new Date(begin + 14 * 1440 * MINUTE).toISOString()]
    }) as [string, string][]
    fc.assert(
      fc.property(
        fc.array(window, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.constantFrom(...fortnights),
        (windows, withHolidays, time) => {
          expect(differences(windows, withHolidays, time)).toEqual([])
        },
      ),
      { numRuns: 100 },
    )
  })
})
