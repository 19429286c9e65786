import { describe, expect, it } from 'vitest'
import { edges, type Input, nextRun, scheduled } from '../../../../domain/schedule/scheduled.ts'
import type { Period } from '../../../../domain/schedule/written.ts'

/** Situations behind reports about other schedulers. */

const of = (running: Period[], calendar?: Record<string, string>): Input => ({
  schedule: { running, ...(calendar && { calendar: 'here' }) },
  calendars: calendar === undefined ? {} : { here: calendar },
  overrides: [],
  timeZone: 'Europe/Berlin',
})
const state = (input: Input, at: string) => scheduled(input, new Date(at)).state
const next = (input: Input, at: string) => scheduled(input, new Date(at)).next?.at
const edgesIn = (input: Input, from: string, to: string) =>
  edges(input, new Date(from), new Date(to)).map(({ at, state }) => `${at.slice(0, 16)}Z ${state}`)

describe('a seam is not an edge (instance-scheduler-on-aws#268, #39)', () => {
  const input = of([
    { from: '08:00', to: '14:00' },
    { from: '14:00', to: '20:00' },
  ])

  it('what a person stopped at 13:30 stays: there is no edge at 14:00', () => {
    // Tuesday 3 March; an hour ahead of UTC.
    expect(next(input, '2026-03-03T12:30Z')).toBe('2026-03-03T19:00:00.000Z')
    for (const at of ['13:00', '13:01', '15:00', '18:59']) {
      expect(next(input, `2026-03-03T${at}Z`)).toBe('2026-03-03T19:00:00.000Z')
    }
    expect(next(input, '2026-03-03T19:00Z')).toBe('2026-03-04T07:00:00.000Z')
  })

  it('the preview shows two edges a day, not four', () => {
    expect(edgesIn(input, '2026-03-02T23:00Z', '2026-03-03T23:00Z')).toEqual([
      '2026-03-03T07:00Z running',
      '2026-03-03T19:00Z stopped',
    ])
  })
})

describe('the repeated hour (kubernetes/kubernetes#121594)', () => {
  const input = of([{ days: 'sat', from: '22:00', to: '02:30' }])

  it('one stop, at the first 02:30; when clocks show 02:00 again it stays stopped', () => {
    expect(edgesIn(input, '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-24T20:00Z running',
      '2026-10-25T00:30Z stopped',
    ])
    for (let minute = 0; minute < 30; minute++) {
      expect(state(input, `2026-10-25T01:${String(minute).padStart(2, '0')}Z`)).toBe('stopped')
    }
  })

  it('the night is an hour longer', () => {
    const night = (date: string) => {
      const stop = new Date(`${date}T00:30Z`)
      expect(state(input, stop.toISOString())).toBe('stopped')
      return (Date.parse(next(input, stop.toISOString()) ?? '') - stop.getTime()) / 3_600_000
    }
    // From Sunday 02:30 to Saturday 22:00: 163.5 hours, and one more.
    expect(night('2026-10-18')).toBe(163.5)
    expect(night('2026-10-25')).toBe(164.5)
  })
})

it('two zones, two changes of clocks: one stop a day, never a gap between (people-os/support-shift-scheduler#224)', () => {
  const input = of([
    { days: 'mon-fri', from: '08:00', to: '18:00' },
    { days: 'mon-fri', from: '09:00', to: '17:00', timeZone: 'America/New_York' },
  ])
  const day = (date: string) => edgesIn(input, `${date}T00:00Z`, `${date}T23:59Z`)
  expect(day('2026-03-05')).toEqual(['2026-03-05T07:00Z running', '2026-03-05T22:00Z stopped'])
  expect(day('2026-03-12')).toEqual(['2026-03-12T07:00Z running', '2026-03-12T21:00Z stopped'])
  expect(day('2026-03-30')).toEqual(['2026-03-30T06:00Z running', '2026-03-30T21:00Z stopped'])
})

it('a window belongs to the day it starts (instance-scheduler-on-aws#515, kube-green#343)', () => {
  const input = of([{ days: 'mon-fri', from: '22:00', to: '06:00' }], {
    '2026-12-25': 'Christmas Day',
  })
  // Thursday 22:00 to Friday 06:00 runs whole; Friday's does not start, nor its part on Saturday.
  expect(edgesIn(input, '2026-12-24T12:00Z', '2026-12-29T12:00Z')).toEqual([
    '2026-12-24T21:00Z running',
    '2026-12-25T05:00Z stopped',
    '2026-12-28T21:00Z running',
    '2026-12-29T05:00Z stopped',
  ])
  // The notice before Friday 06:00: next it runs on Monday at 22:00, because of Christmas Day.
  expect(nextRun(input, new Date('2026-12-25T04:30Z'))).toMatchObject({
    at: '2026-12-28T21:00:00.000Z',
    because: [{ date: '2026-12-25', what: 'Christmas Day' }],
  })
})

it('an override that ends while it should run is no edge (coder/coder#2028, #12864)', () => {
  const office = of([{ days: 'mon-fri', from: '07:00', to: '20:00' }])
  const input: Input = {
    ...office,
    overrides: [{ kind: 'awake', from: '2026-03-03T01:00:00Z', until: '2026-03-03T07:00:00Z' }],
  }
  expect(edgesIn(input, '2026-03-03T01:00Z', '2026-03-03T23:00Z')).toEqual([
    '2026-03-03T01:00Z running',
    '2026-03-03T19:00Z stopped',
  ])
})

it('seven days: stopped Wednesday 23 December 20:00, next start Monday 4 January 07:00', () => {
  const input = of([{ days: 'mon-fri', from: '07:00', to: '20:00' }], {
    ...{ '2026-12-24': 'closed', '2026-12-25': 'closed', '2026-12-28': 'closed' },
    ...{ '2026-12-29': 'closed', '2026-12-30': 'closed', '2026-12-31': 'closed' },
    '2027-01-01': 'closed',
  })
  expect(next(input, '2026-12-23T19:00Z')).toBe('2027-01-04T06:00:00.000Z')
})
