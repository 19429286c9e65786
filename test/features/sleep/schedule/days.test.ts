import { describe, expect, test } from 'vitest'
import { scheduled } from '../../../../domain/schedule/scheduled.ts'
import type { Period } from '../../../../domain/schedule/written.ts'

/** The days of a month on which a period of whole days runs, asked at noon. */
function daysIn(month: string, period: Period): number[] {
  const schedule = { running: [period] }
  const input = { schedule, calendars: {}, overrides: [], timeZone: 'UTC' }
  const [year = 0, number = 0] = month.split('-').map(Number)
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length }, (_, index) => index + 1).filter((day) => {
    const { state } = scheduled(input, new Date(Date.UTC(year, number - 1, day, 12)))
    expect(['running', 'stopped']).toContain(state)
    return state === 'running'
  })
}

/** `1-3 8` */
const list = (text: string) =>
  text
    .split(' ')
    .filter(Boolean)
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })

describe('days of the week, in April 2024 (1 April is a Monday)', () => {
  test.each<[Period['days'], string]>([
    ['mon', '1 8 15 22 29'],
    ['Monday', '1 8 15 22 29'],
    ['MON', '1 8 15 22 29'],
    ['tues', '2 9 16 23 30'],
    ['wednesday', '3 10 17 24'],
    ['Thur', '4 11 18 25'],
    ['thurs', '4 11 18 25'],
    ['sunday', '7 14 21 28'],
    [1, '1 8 15 22 29'],
    ['1', '1 8 15 22 29'],
    [5, '5 12 19 26'],
    [7, '7 14 21 28'],
    [0, '7 14 21 28'],
    ['mon-fri', '1-5 8-12 15-19 22-26 29-30'],
    ['Monday-Friday', '1-5 8-12 15-19 22-26 29-30'],
    ['mon - fri', '1-5 8-12 15-19 22-26 29-30'],
    ['1-5', '1-5 8-12 15-19 22-26 29-30'],
    ['6-7', '6-7 13-14 20-21 27-28'],
    ['sat-sun', '6-7 13-14 20-21 27-28'],
    ['fri-mon', '1 5-8 12-15 19-22 26-29'],
    ['sun-mon', '1 7-8 14-15 21-22 28-29'],
    ['5-1', '1 5-8 12-15 19-22 26-29'],
    ['0-2', '1-2 7-9 14-16 21-23 28-30'],
    ['0-6', '1-30'],
    ['wed-tue', '1-30'],
    ['mon-sun', '1-30'],
    ['*', '1-30'],
    ['?', '1-30'],
    ['mon,wed', '1 3 8 10 15 17 22 24 29'],
    ['mon, wed', '1 3 8 10 15 17 22 24 29'],
    ['mon wed', '1 3 8 10 15 17 22 24 29'],
    ['Mon , Wed', '1 3 8 10 15 17 22 24 29'],
    ['1-2, Thu-Fri', '1-2 4-5 8-9 11-12 15-16 18-19 22-23 25-26 29-30'],
    [['mon', 'wed'], '1 3 8 10 15 17 22 24 29'],
    [['mon-tue', 6], '1-2 6 8-9 13 15-16 20 22-23 27 29-30'],
    [['2', 'Sat-Sun', 'Monday'], '1-2 6-9 13-16 20-23 27-30'],
    ['mon,mon', '1 8 15 22 29'],
    ['mon-fri/2', '1 3 5 8 10 12 15 17 19 22 24 26 29'],
    ['mon/2', '1 3 5 7 8 10 12 14 15 17 19 21 22 24 26 28 29'],
    ['3/3', '3 6 10 13 17 20 24 27'],
    ['*/3', '1 4 7 8 11 14 15 18 21 22 25 28 29'],
    ['fri-thu/2', '2 4-5 7 9 11-12 14 16 18-19 21 23 25-26 28 30'],
    ['L', '7 14 21 28'],
    ['mon#1', '1'],
    ['tue#1', '2'],
    ['wed#1', '3'],
    ['thu#1', '4'],
    ['fri#1', '5'],
    ['sat#1', '6'],
    ['sun#1', '7'],
    ['mon#2', '8'],
    ['Monday#3', '15'],
    ['1#4', '22'],
    ['mon#5', '29'],
    ['TUE#3', '16'],
    ['Tue#5', '30'],
    ['thu#5', ''],
    ['mon#1, mon#3', '1 15'],
    ['mon#1, fri', '1 5 12 19 26'],
    ['monL', '29'],
    ['tuesdayL', '30'],
    ['WedL', '24'],
    ['4L', '25'],
    ['FRIL', '26'],
    ['7L', '28'],
    ['sat#2, sunl', '13 28'],
  ])('%j: %s', (days, expected) => {
    expect(daysIn('2024-04', { days })).toEqual(list(expected))
  })

  test('in September 2024, which begins on a Sunday', () => {
    expect(daysIn('2024-09', { days: 'mon#1, sun#1, fri#3, sat#4' })).toEqual([1, 2, 20, 28])
  })
})

describe('days of the month', () => {
  test.each<[string, Period['monthDays'], string]>([
    ['2023-04', 1, '1'],
    ['2023-04', '15', '15'],
    ['2023-04', '1,15', '1 15'],
    ['2023-04', [1, '10-12'], '1 10-12'],
    ['2023-04', '2, 8, 10, 20, 22', '2 8 10 20 22'],
    ['2023-04', '5-20', '5-20'],
    ['2023-04', '*', '1-30'],
    ['2023-04', '1/7', '1 8 15 22 29'],
    ['2023-04', '15-30/3', '15 18 21 24 27 30'],
    ['2023-04', '26-31', '26-30'],
    ['2023-04', 31, ''],
    ['2023-04', 'L', '30'],
    ['2024-02', 'L', '29'],
    ['2023-02', 'l', '28'],
    ['2023-04', '20-L', '20-30'],
    ['2023-04', '3-L/9', '3 12 21 30'],
    ['2023-02', '30-L', ''],
    ['2023-02', '26-30', '26-28'],
    ['2023-01', '30-L', '30-31'],
    // In April 2023 the 1st is a Saturday and the 30th a Sunday.
    ['2023-04', '1W', '3'],
    ['2023-04', '2W', '3'],
    ['2023-04', '3W', '3'],
    ['2023-04', '15W', '14'],
    ['2023-04', '16w', '17'],
    ['2023-04', '29W', '28'],
    ['2023-04', '30W', '28'],
    ['2023-04', '31W', ''],
    ['2023-04', 'LW', '28'],
    ['2023-05', 'LW', '31'],
    ['2023-09', 'lw', '29'],
    ['2023-04', '1W,15W,LW', '3 14 28'],
  ])('%s %j: %s', (month, monthDays, expected) => {
    expect(daysIn(month, { monthDays })).toEqual(list(expected))
  })
})

describe('months', () => {
  test.each<[Period['months'], string]>([
    ['jan', '1'],
    ['January', '1'],
    ['SEPT', '9'],
    [3, '3'],
    ['8', '8'],
    ['jan-mar', '1-3'],
    ['October-December', '10-12'],
    ['nov-feb', '1-2 11-12'],
    ['11-2', '1-2 11-12'],
    ['jan,mar,jul', '1 3 7'],
    ['Oct, Feb, Dec, Nov, Jun', '2 6 10-12'],
    [['3', '4-6'], '3-6'],
    ['4/2', '4 6 8 10 12'],
    ['Jan/3', '1 4 7 10'],
    ['3-9/2', '3 5 7 9'],
    ['feb-sep/6', '2 8'],
    ['nov-feb/2', '1 11'],
    ['*', '1-12'],
  ])('%j: %s', (months, expected) => {
    const found = Array.from({ length: 12 }, (_, index) => index + 1).filter((month) => {
      const days = daysIn(`2026-${String(month).padStart(2, '0')}`, { months })
      expect([0, new Date(Date.UTC(2026, month, 0)).getUTCDate()]).toContain(days.length)
      return days.length > 0
    })
    expect(found).toEqual(list(expected))
  })
})

describe('days, days of the month and months together: all must hold', () => {
  test.each<[Period, string]>([
    [{ days: 'mon', monthDays: '1-7', months: 'apr' }, '1'],
    [{ days: 'mon-fri', monthDays: '13-15', months: 4 }, '15'],
    [{ days: 'mon#1', months: 'may' }, ''],
    [{ monthDays: '29', months: 'mar-may' }, '29'],
  ])('%j in April 2024: %s', (period, expected) => {
    expect(daysIn('2024-04', period)).toEqual(list(expected))
  })
})

describe('what cannot be read', () => {
  test.each<[keyof Period, unknown[]]>([
    [
      'days',
      [
        ['', ' ', 'mox', 'wensday', 'fro', '8', -1, '-1', '-', 'mon-', '-fri', 'mon-fri-sun'],
        ['mon#0', 'mon#6', '0#-1', '#1', '1-L', 'L-2', '^-6', 'mon/0', 'mon/x', 'mon,,tue'],
        ['monday friday,', 'mon;tue', 'monL#1', 'mon-fri#1', [], [''], ['mon', 'x'], '0-7', 1.5],
        ['15W', 'mo', 'm', 'mon‑fri', Array.from({ length: 200 }, () => 'mon')],
      ].flat(),
    ],
    [
      'monthDays',
      [
        ['', '0', 0, '32', 36, 'W', '0W', '32W', '2W-15', 'L-13', 'L-3', '20-15', '25-5', 'WL'],
        ['mon', 'x', '1-', '-1', '1/0', '1-5-9', [], '1.5', 'L/2', '1-LW', 'LL', '0-L', '32-L'],
      ].flat(),
    ],
    [
      'months',
      ['', '0', '13', 'befruary', 'sup', 'L', '3-L', '^-6', 'L-2', 'W', 'not-a-month', [], 'j'],
    ],
  ])('%s', (field, values) => {
    for (const value of values) {
      const schedule = { name: 'mine', running: [{ [field]: value }] } as never
      const input = { schedule, calendars: {}, overrides: [], timeZone: 'UTC' }
      expect(scheduled(input, new Date(0)), JSON.stringify(value)).toEqual({
        state: 'any',
        reason: 'mine cannot be read',
      })
    }
  })
})
