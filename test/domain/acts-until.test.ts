import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUntil } from '../../domain/acts/until.ts'
import { localTime } from '../../domain/local-time.ts'
import { sayLength, sayLocal } from '../../domain/say-time.ts'

const BERLIN = 'Europe/Berlin'
/** Monday 2 March 2026, 21:30 in Berlin. */
const NOW = new Date('2026-03-02T20:30:00Z')

const read = (text: string, now = NOW, timeZone = BERLIN) =>
  readUntil(text.split(' '), { now, timeZone })
const until = (text: string, now = NOW, timeZone = BERLIN) => {
  const time = read(text, now, timeZone)
  return 'problem' in time ? time.problem : time.until.toISOString().slice(0, 16)
}

describe('a time as somebody types it, on Monday 21:30 in Berlin', () => {
  test.each([
    ['until 9:00', '2026-03-03T08:00'],
    ['until 22:00', '2026-03-02T21:00'],
    ['22.15', '2026-03-02T21:15'],
    ['until "9:00"', '2026-03-03T08:00'],
    ['until 9am', '2026-03-03T08:00'],
    ['until 11:30 pm', '2026-03-02T22:30'],
    ['until 12am', '2026-03-02T23:00'],
    ['until tomorrow 9:00', '2026-03-03T08:00'],
    ['until Tomorrow at 9:00', '2026-03-03T08:00'],
    ['until 9:00 tomorrow', '2026-03-03T08:00'],
    ['until today 23:00', '2026-03-02T22:00'],
    ['until friday 9:00', '2026-03-06T08:00'],
    ['until mon 9:00', '2026-03-09T08:00'],
    ['until monday 22:00', '2026-03-02T21:00'],
    ['until 2026-03-29 12:00', '2026-03-29T10:00'],
    ['until 2026-03-03T09:00', '2026-03-03T08:00'],
    ['until 2026-03-03T09:00Z', '2026-03-03T09:00'],
    ['until 2026-03-03T09:00-05:00', '2026-03-03T14:00'],
    ['for 2h', '2026-03-02T22:30'],
    ['for 90 min', '2026-03-02T22:00'],
    ['1h30m', '2026-03-02T22:00'],
    ['for 1 hour 30 minutes', '2026-03-02T22:00'],
    ['2d', '2026-03-04T20:30'],
  ])('%s is %s UTC', (text, expected) => {
    expect(until(text)).toBe(expected)
  })

  test.each([
    ['until', /until when/],
    ['until soon', /"soon" is no time I can read/],
    ['until today 9:00', /"today 9:00" is past: it is Mon 2 Mar 21:30 Europe\/Berlin now. Which/],
    ['until 2026-03-02 09:00', /is past/],
    ['until 2026-02-30 09:00', /is no date/],
    ['until 2026-99-99T09:00Z', /is no date/],
    ['until tomorrow', /at what time tomorrow/],
    ['until friday because', /at what time friday/],
    ['until 25:00', /no time I can read/],
    ['until 9:75', /no time I can read/],
    ['until 13pm', /no time I can read/],
    ['until 2027-03-02 09:00', /more than 92 days/],
    ['for 9999d', /more than 92 days/],
    ['for 0 min', /is past/],
  ])('%s is refused: %s', (text, problem) => {
    expect(until(text)).toMatch(problem)
  })

  test('what stands behind the time is left to whoever asked for it', () => {
    expect(read('until tomorrow 9:00 demo for the board')).toMatchObject({ used: 3 })
    expect(read('9:00 pm demo', new Date('2026-03-02T08:00:00Z'))).toMatchObject({ used: 2 })
  })
})

describe('the nights in which the clocks change', () => {
  const evening = new Date('2026-03-28T20:00:00Z')

  test('02:30 is left out on 29 March: the first minute after the gap', () => {
    expect(until('02:30', evening)).toBe('2026-03-29T01:00')
    expect(sayLocal(new Date('2026-03-29T01:00Z'), BERLIN, evening)).toBe(
      'Sun 29 Mar 03:00 Europe/Berlin',
    )
  })

  test('02:30 comes twice on 25 October: the first of the two', () => {
    expect(until('02:30', new Date('2026-10-24T20:00:00Z'))).toBe('2026-10-25T00:30')
  })

  test('between the two, the first is over: the next is the day after', () => {
    expect(until('02:30', new Date('2026-10-25T00:45:00Z'))).toBe('2026-10-26T01:30')
  })

  test('a day with a change is as long as it is', () => {
    expect(until('tomorrow 9:00', evening)).toBe('2026-03-29T07:00')
    expect(until('24h', evening)).toBe('2026-03-29T20:00')
  })
})

const zones = fc.constantFrom(
  BERLIN,
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
)
const instants = fc
  .integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') })
  .map((at) => new Date(at))

test('a time of day is to come within two days, and shows itself unless the clocks leave it out', () => {
  fc.assert(
    fc.property(
      instants,
      zones,
      fc.nat({ max: 23 }),
      fc.nat({ max: 59 }),
      (now, timeZone, hour, minute) => {
        const text = `${hour}:${String(minute).padStart(2, '0')}`
        const time = readUntil(['until', text], { now, timeZone })
        if ('problem' in time) throw new Error(time.problem)
        expect(time.until > now).toBe(true)
        expect(time.until.getTime() - now.getTime()).toBeLessThanOrEqual(50 * 3_600_000)
        const shown = localTime(time.until, timeZone).time.slice(0, 5)
        const asked = text.padStart(5, '0')
        if (shown !== asked) {
          // Left out: the minute before it does not follow on it.
          const before = localTime(new Date(time.until.getTime() - 60_000), timeZone).time
          expect(before.slice(0, 5) < asked && asked < shown).toBe(true)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('what is said never lies in the past, whatever is typed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string(), { maxLength: 4 }),
      instants,
      zones,
      (words, now, timeZone) => {
        const time = readUntil(words, { now, timeZone })
        if ('problem' in time) expect(time.problem).not.toBe('')
        else {
          expect(time.until > now).toBe(true)
          expect(time.used).toBeLessThanOrEqual(words.length)
        }
      },
    ),
  )
})

test.each([
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [11.5 * 3_600_000, '11 h 30 min'],
  [3_600_000, '1 h'],
  [6 * 24 * 3_600_000, '6 days'],
  [50 * 3_600_000, '2 days 2 h'],
])('%i ms are %s', (length, said) => {
  expect(sayLength(length)).toBe(said)
})
