import { relative } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { compileCatalog } from '../../catalog/compile.ts'
import { CatalogError } from '../../catalog/problem.ts'
import { readCatalog } from '../../catalog/read.ts'
import { compiledCatalog } from '../../domain/compiled-catalog.ts'
import { scheduled } from '../../domain/schedule/scheduled.ts'
import { scheduleNamed } from '../../domain/schedule/written.ts'
import { catalogOf, type Files } from '../kits/catalog.ts'

const BEGIN =
  "name: dev\nregion: eu-central-1\nowner: platform\nteams:\n  platform:\n    owner: platform@example.com\n    channel: '#platform'\n"

const environment = (rest: string): Files => ({ 'environment.yaml': `${BEGIN}${rest}` })
/** One schedule, `mine`, of one period. */
const period = (text: string, rest = '') =>
  environment(`schedules:\n  mine:\n    running: [{ ${text} }]\n${rest}`)

const read = (files: Files) => readCatalog(catalogOf(files)).environment

/** What is said of a catalog, with paths from its directory. */
function refusal(files: Files): string {
  const catalog = catalogOf(files)
  try {
    readCatalog(catalog)
    return 'nothing'
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error
    return error.message.replaceAll(`${relative(process.cwd(), catalog)}/`, '')
  }
}

describe('a schedule may be written', () => {
  test.each([
    'days: mon-fri, from: 07:00, to: 20:00',
    'days: [mon, wed], from: 7:00',
    'days: 1-5, to: 20:00',
    'days: 7',
    'days: "mon#1, friL"',
    'monthDays: 1',
    'monthDays: [1, 10-12, 15W, L]',
    'months: [jan, 3]',
    'months: nov-feb, days: fri-mon',
    'ready: 08:00, to: 24:00',
    'from: 22:00, to: 06:00, timeZone: America/New_York',
  ])('%s', (text) => {
    expect(read(period(text)).schedules.mine?.running).toHaveLength(1)
  })
})

describe('a schedule that cannot be used says where and what is allowed', () => {
  const PERIOD =
    'one of days, monthDays, months, from, ready and to at least, and not both from and ready'
  const MONTH_DAYS =
    'days of the month and ranges of them, such as 1-5, 20-L (to the last), 15W (the weekday nearest to the 15th) or LW (the last weekday)'
  test.each([
    [
      'days: mox',
      '.days: found "mox", allowed: days and ranges of days, such as mon-fri or mon, wed, sat-sun',
    ],
    [
      'days: [mon, 9]',
      '.days: found ["mon",9], allowed: days and ranges of days, such as mon-fri or mon, wed, sat-sun',
    ],
    [
      'days: { mon: 1 }',
      '.days: found {"mon":1}, allowed: days and ranges of days, such as mon-fri or mon, wed, sat-sun',
    ],
    ['monthDays: L-3', `.monthDays: found "L-3", allowed: ${MONTH_DAYS}`],
    ['monthDays: 25-5', `.monthDays: found "25-5", allowed: ${MONTH_DAYS}`],
    [
      'months: 13',
      '.months: found 13, allowed: months and ranges of them, such as jan, 3 or nov-feb',
    ],
    ['from: 24:00', '.from: found "24:00", allowed: a local time, such as 08:00'],
    [
      'to: 20',
      '.to: found 20, allowed: a local time, such as 20:00; at or before `from` it is the next day’s',
    ],
    [
      'to: 20:00, timeZone: Berlin',
      '.timeZone: found "Berlin", allowed: an IANA time zone, such as Europe/Berlin or UTC',
    ],
    ['timeZone: UTC', `: found {"timeZone":"UTC"}, allowed: ${PERIOD}`],
    ['from: 08:00, ready: 09:00', `: found {"from":"08:00","ready":"09:00"}, allowed: ${PERIOD}`],
  ])('%s', (text, expected) => {
    expect(refusal(period(text))).toBe(
      `environment.yaml:10 schedules.mine.running.0${expected}; change it`,
    )
  })

  test.each([
    [
      period('days: mon', '    holidays: skip\n'),
      'environment.yaml:11 schedules.mine.holidays: found "skip", allowed: sleep or ignore: what it does on the days of its calendar (sleep when absent); change it',
    ],
    [
      period('until: 20:00'),
      'environment.yaml:10 schedules.mine.running.0.until: found an unknown field, allowed: days, monthDays, months, from, ready, to, timeZone; correct its spelling or remove it',
    ],
    [
      period('days: mon', '    calendar: here\n'),
      'environment.yaml:11 schedules.mine.calendar: found "here", allowed: nothing: there is no calendar; change it, or add the calendar',
    ],
  ])('%j', (files, expected) => {
    expect(refusal(files)).toBe(expected)
  })
})

const CALENDAR = 'calendars:\n  here: { ics: calendars/here.ics }\n'

/** An iCalendar file of events. */
const ics = (...events: string[][]) =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//EN'],
    ...events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']),
    ...['END:VCALENDAR', ''],
  ].join('\r\n')

const calendar = (text: string): Files => ({
  ...environment(CALENDAR),
  'calendars/here.ics': text,
})

describe('a calendar in an iCalendar file', () => {
  it('is the dates of its events', () => {
    const text = ics(
      ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas'],
      ['DTSTART;VALUE=DATE:20260501', 'SUMMARY:Labour Day\\, a', '  holiday', 'TRANSP:TRANSPARENT'],
      ['DTSTART;VALUE=DATE:20261003', 'SUMMARY:cancelled', 'STATUS:CANCELLED'],
      ['DTSTART;VALUE=DATE:20261226', 'SUMMARY:not the first of its day'],
      ['DTSTART;VALUE=DATE:20260101'],
      ['DTSTART;VALUE=DATE:20260803', 'DURATION:P3D', 'SUMMARY:Closed'],
    )
    expect(read(calendar(text)).calendars.here).toEqual({
      '2026-01-01': 'a holiday',
      '2026-05-01': 'Labour Day, a holiday',
      '2026-08-03': 'Closed',
      '2026-08-04': 'Closed',
      '2026-08-05': 'Closed',
      '2026-12-25': 'Christmas',
      '2026-12-26': 'Christmas',
    })
  })

  test.each([
    ['RRULE:FREQ=YEARLY;COUNT=3', ['2026-05-01', '2027-05-01', '2028-05-01']],
    ['RRULE:FREQ=YEARLY;UNTIL=20270601', ['2026-05-01', '2027-05-01']],
    ['RRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20270501', ['2026-05-01', '2028-05-01']],
    ['RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2', ['2026-05-25', '2027-05-31']],
  ])('with a rule that ends: %s', (rule, dates) => {
    const text = ics(['DTSTART;VALUE=DATE:20260501', 'SUMMARY:Day', rule])
    expect(Object.keys(read(calendar(text)).calendars.here ?? {})).toEqual(dates)
  })

  test.each([
    [
      ['DTSTART:20261225T090000Z', 'SUMMARY:Party'],
      'Party: found DTSTART 2026-12-25T09:00:00Z, allowed: events of whole days (DTSTART;VALUE=DATE:20261225); make it one, or remove it',
    ],
    [
      ['SUMMARY:Never'],
      'Never: found no DTSTART, allowed: events of whole days (DTSTART;VALUE=DATE:20261225); make it one, or remove it',
    ],
    [
      ['DTSTART;VALUE=DATE:20261225', 'RRULE:FREQ=YEARLY', 'SUMMARY:Ever'],
      'Ever: found a rule without an end, allowed: dates, and rules with COUNT or UNTIL; give it an end, or write each date',
    ],
    [
      ['DTSTART;VALUE=DATE:20261225', 'RDATE;VALUE=DATE:20261231', 'SUMMARY:More'],
      'More: found a list of further dates, allowed: dates, and rules with COUNT or UNTIL; give it an end, or write each date',
    ],
    [
      ['DTSTART;VALUE=DATE:20261225', 'RECURRENCE-ID;VALUE=DATE:20261224', 'SUMMARY:Moved'],
      'Moved: found a change of one day of a rule, allowed: dates, and rules with COUNT or UNTIL; give it an end, or write each date',
    ],
    [
      ['DTSTART;VALUE=DATE:20261225', 'RRULE:FREQ=DAILY;COUNT=9999', 'SUMMARY:Long'],
      'Long: found more of them, allowed: at most 1000 days; give it an earlier end',
    ],
    [
      ['DTSTART;VALUE=DATE:20001225', 'DTEND;VALUE=DATE:20301225', 'SUMMARY:Long'],
      'Long: found more of them, allowed: at most 1000 days; give it an earlier end',
    ],
  ])('an event that is no holiday is named with its line: %j', (event, expected) => {
    const first = ['DTSTART;VALUE=DATE:20260101', "SUMMARY:New Year's Day"]
    expect(refusal(calendar(ics(first, event)))).toBe(`calendars/here.ics:8 ${expected}`)
  })

  test.each([
    ['', 'found something else, allowed: an iCalendar file, BEGIN:VCALENDAR to END:VCALENDAR'],
    [
      '2026-12-25',
      'found something else, allowed: an iCalendar file, BEGIN:VCALENDAR to END:VCALENDAR',
    ],
    [
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n',
      'found something else, allowed: an iCalendar file, BEGIN:VCALENDAR to END:VCALENDAR',
    ],
    [ics(), 'found no event of whole days, allowed: at least one'],
  ])('%j is refused', (text, expected) => {
    expect(refusal(calendar(text))).toBe(
      `calendars/here.ics:1 the file: ${expected}; export it again`,
    )
  })

  test.each([
    [
      '{ ics: calendars/there.ics }',
      'environment.yaml:9 calendars.here.ics: found "calendars/there.ics", allowed: a file of the catalog, from "calendars/" on; add the file, or write the dates',
    ],
    [
      '{ ics: ../secret.ics }',
      'environment.yaml:9 calendars.here: found {"ics":"../secret.ics"}, allowed: dates with what they are, such as 2026-12-25: Christmas Day; or only ics: calendars/<name>.ics; change it',
    ],
    [
      '{ ics: calendars/here.ics, 2026-12-25: Christmas Day }',
      'environment.yaml:9 calendars.here: found {"ics":"calendars/here.ics","2026-12-25":"Christmas Day"}, allowed: dates with what they are, such as 2026-12-25: Christmas Day; or only ics: calendars/<name>.ics; change it',
    ],
    [
      '{ 2026-13-25: no month }',
      'environment.yaml:9 calendars.here.2026-13-25: found "2026-13-25", allowed: a date, such as 2026-12-25; rename it',
    ],
  ])('%s is refused', (text, expected) => {
    expect(refusal(environment(`calendars:\n  here: ${text}\n`))).toBe(expected)
  })

  it('cannot bring in what other tools would put something else in the place of', () => {
    const text = ics(['DTSTART;VALUE=DATE:20261225', 'SUMMARY:{{resolve:ssm:/prod/key}}'])
    expect(refusal(calendar(text))).toMatch(
      /^environment.yaml:9 calendars.here.2026-12-25: found "{{resolve:ssm:\/prod\/key}}", allowed: text without {{resolve/,
    )
  })
})

it('functions get schedules with their names, calendars as dates, and what each service sleeps by', () => {
  const files = period('days: mon-fri, from: 07:00, to: 20:00', `    calendar: here\n${CALENDAR}`)
  const text = ics(['DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas Day'])
  const catalog = readCatalog(
    catalogOf({
      'environment.yaml': `${files['environment.yaml']}schedule: mine\n`,
      'calendars/here.ics': text,
      'services/alpha.yaml': 'team: platform\n',
      'services/beta.yaml': 'team: platform\nschedule: always-on\n',
    }),
  )
  const compiled = compiledCatalog.parse(JSON.parse(JSON.stringify(compileCatalog(catalog))))
  expect(compiled.calendars).toEqual({ here: { '2026-12-25': 'Christmas Day' } })
  expect(compiled.services.alpha?.schedule).toBe('mine')
  expect(compiled.services.beta?.schedule).toBe('always-on')
  const { calendars, timeZone, schedules } = compiled
  const schedule = scheduleNamed(schedules, 'mine')
  if (schedule === undefined) throw new Error('no schedule')
  expect(scheduleNamed(schedules, 'always-on')).toBe('always-on')
  expect(scheduleNamed(schedules, 'other')).toBeUndefined()
  const input = { schedule, calendars, timeZone, overrides: [] }
  expect(scheduled(input, new Date('2026-12-24T12:00Z')).reason).toBe(
    'mine: Mon-Fri 07:00-20:00 (UTC)',
  )
  expect(scheduled(input, new Date('2026-12-25T12:00Z')).reason).toBe(
    'Christmas Day is in the calendar here',
  )
})
