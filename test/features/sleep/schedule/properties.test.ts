import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMonthDays, readMonths, readWeekdays } from '../../../../domain/schedule/days.ts'
import {
  edges,
  type Input,
  nextRun,
  type Override,
  scheduled,
} from '../../../../domain/schedule/scheduled.ts'
import { isPeriod, type Period } from '../../../../domain/schedule/written.ts'

const MINUTE = 60_000
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC']

const clock = fc
  .integer({ min: 0, max: 95 })
  .map((quarter) => `${Math.floor(quarter / 4)}:${String((quarter % 4) * 15).padStart(2, '0')}`)

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

const period = fc
  .record({
    days: optional(fc.constantFrom('mon-fri', 'fri-mon', 'sat#1', 'friL, mon', '*', 'tue')),
    monthDays: optional(fc.constantFrom('1-15', 'L', '15W', '20-L', 31)),
    months: optional(fc.constantFrom('mar-oct', 'nov-feb', 'jan-dec')),
    from: optional(clock),
    to: optional(clock),
    timeZone: optional(fc.constantFrom(...ZONES)),
  })
  .filter(isPeriod) as fc.Arbitrary<Period>

/** In 2026, on the minute. */
const instant = fc
  .integer({ min: 0, max: 365 * 1440 - 1 })
  .map((minute) => new Date(Date.UTC(2026, 0, 1) + minute * MINUTE))

const schedule = fc.record({
  running: fc.array(period, { minLength: 1, maxLength: 3 }),
  calendar: fc.constantFrom('some', 'none'),
})

const override: fc.Arbitrary<Override> = fc
  .tuple(
    fc.constantFrom('awake' as const, 'asleep' as const, 'replace' as const),
    instant,
    fc.integer({ min: -60, max: 7 * 1440 }),
    schedule,
  )
  .map(([kind, from, minutes, instead]) => ({
    kind,
    from: from.toISOString(),
    until: new Date(from.getTime() + minutes * MINUTE).toISOString(),
    ...(kind === 'replace' && { schedule: instead }),
  }))

const input: fc.Arbitrary<Input> = fc.record({
  schedule,
  calendars: fc.constant({
    some: { '2026-04-03': 'Good Friday', '2026-12-25': 'Christmas Day' },
    none: {},
  }),
  overrides: fc.array(override, { maxLength: 4 }),
  timeZone: fc.constantFrom(...ZONES),
  wakeSeconds: fc.constantFrom(0, 420),
})

describe('whatever the schedule, the overrides and the instant', () => {
  it('the state holds up to `next`, and is another from then on', () => {
    fc.assert(
      fc.property(input, instant, fc.double({ min: 0, max: 1, noNaN: true }), (one, at, share) => {
        const { state, next } = scheduled(one, at)
        const end = next === undefined ? at.getTime() + 400 * 1440 * MINUTE : Date.parse(next.at)
        const between = at.getTime() + Math.floor((end - at.getTime()) * share)
        expect(end).toBeGreaterThan(at.getTime())
        for (const time of [Math.min(between, end - 1), end - 1]) {
          expect(scheduled(one, new Date(time)).state).toBe(state)
        }
        if (next === undefined) return
        const then = scheduled(one, new Date(next.at))
        expect(then.state).not.toBe(state)
        expect({ state: then.state, reason: then.reason }).toEqual({
          state: next.state,
          reason: next.reason,
        })
      }),
      { numRuns: 400 },
    )
  })

  it('the preview is what `next` says, one after the other: no state twice in a row', () => {
    fc.assert(
      fc.property(input, instant, (one, from) => {
        const to = new Date(from.getTime() + 20 * 1440 * MINUTE)
        let { state, next } = scheduled(one, from)
        for (const edge of edges(one, new Date(from.getTime() + 1), to)) {
          expect(edge).toEqual(next)
          expect(edge.state).not.toBe(state)
          ;({ state, next } = scheduled(one, new Date(edge.at)))
        }
        expect(next === undefined || next.at >= to.toISOString()).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('the next run is a begin that comes after a sleep', () => {
    fc.assert(
      fc.property(input, instant, (one, at) => {
        const run = nextRun(one, at)
        if (run === undefined) return
        expect(scheduled(one, new Date(run.at)).state).toBe('running')
        expect(scheduled(one, new Date(Date.parse(run.at) - 1)).state).not.toBe('running')
      }),
      { numRuns: 200 },
    )
  })

  it('being kept awake runs, and asleep otherwise sleeps', () => {
    fc.assert(
      fc.property(input, instant, (one, at) => {
        const holds = (kind: Override['kind']) =>
          one.overrides.some(
            (order) =>
              order.kind === kind &&
              order.from <= at.toISOString() &&
              at.toISOString() < order.until,
          )
        const { state } = scheduled(one, at)
        if (holds('awake')) expect(state).toBe('running')
        else if (holds('asleep')) expect(state).toBe('stopped')
      }),
      { numRuns: 300 },
    )
  })

  it('a period cut in two where nobody sees it changes nothing', () => {
    const cut = fc.tuple(instant, fc.integer({ min: 1, max: 22 }), fc.integer({ min: 1, max: 59 }))
    fc.assert(
      fc.property(cut, fc.constantFrom(...ZONES), ([at, hour, minute], timeZone) => {
        const middle = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
        const of = (running: Period[]): Input => ({
          ...{ schedule: { running }, calendars: {}, overrides: [], timeZone },
        })
        const whole = of([{ days: 'mon-sat', from: '00:15', to: '23:45' }])
        const halves = of([
          { days: 'mon-sat', from: '00:15', to: middle },
          { days: 'mon-sat', from: middle, to: '23:45' },
        ])
        const { state, next } = scheduled(halves, at)
        const expected = scheduled(whole, at)
        expect([state, next?.at]).toEqual([expected.state, expected.next?.at])
      }),
      { numRuns: 300 },
    )
  })
})

describe('total', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withSparseArray: true })
  const almost = fc.record(
    {
      running: fc.oneof(
        fc.array(
          fc.record(
            {
              days: fc.oneof(fc.constantFrom('mon-fri', 'mon#1'), anything),
              monthDays: fc.oneof(fc.constantFrom('L', 31), anything),
              months: anything,
              from: fc.oneof(clock, anything),
              ready: anything,
              to: fc.oneof(clock, anything),
              timeZone: anything,
            },
            { requiredKeys: [] },
          ),
        ),
        anything,
      ),
      calendar: fc.oneof(fc.string(), anything),
      holidays: anything,
      timeZone: fc.oneof(fc.constantFrom(...ZONES), anything),
    },
    { requiredKeys: ['running'] },
  )
  const anyOverride = fc.record(
    {
      kind: fc.oneof(fc.constantFrom('awake', 'asleep', 'replace'), anything),
      from: fc.oneof(fc.constant('2026-03-03T12:00Z'), anything),
      until: fc.oneof(fc.constant('2026-03-03T14:00Z'), anything),
      schedule: fc.oneof(almost, anything),
      by: anything,
    },
    { requiredKeys: ['kind'] },
  )

  it('any schedule, calendar, override, zone and instant has an answer', () => {
    fc.assert(
      fc.property(
        fc.oneof(almost, anything),
        fc.dictionary(fc.string(), anything),
        fc.array(fc.oneof(anyOverride, anything), { maxLength: 3 }),
        fc.oneof(fc.constantFrom(...ZONES), fc.string()),
        fc.oneof(fc.date({ noInvalidDate: false }), instant),
        (anySchedule, calendars, overrides, timeZone, at) => {
          const one = { schedule: anySchedule, calendars, overrides, timeZone } as Input
          const said = scheduled(one, at)
          expect(['running', 'any', 'stopped']).toContain(said.state)
          expect(said.reason).not.toBe('')
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('any text for days is read or not, and never takes long', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'monfri-,#/L W159* '), maxLength: 40 }),
    )
    fc.assert(
      fc.property(text, (words) => {
        for (const read of [readWeekdays, readMonthDays]) {
          const days = read(words)?.means({ length: 30, first: 3 }) ?? 0
          expect(days >>> 0).toBeLessThan(2 ** 30)
        }
        expect(readMonths(words)?.means ?? 0).toBeLessThan(2 ** 12)
      }),
      { numRuns: 3000 },
    )
  })
})
