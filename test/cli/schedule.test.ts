import { spawnSync } from 'node:child_process'
import { describe, expect, it, test } from 'vitest'
import { compileCatalog } from '../../catalog/compile.ts'
import { readCatalog } from '../../catalog/read.ts'
import { answerLine } from '../../cli/schedule/lines.ts'
import { previewJson, previewLines, previewOf } from '../../cli/schedule/preview.ts'
import type { Input } from '../../domain/schedule/scheduled.ts'
import { catalogOf } from '../kits/catalog.ts'

const ENVIRONMENT = `name: dev
region: eu-central-1
owner: platform
timeZone: Europe/Berlin
teams:
  platform: { owner: platform@example.com, channel: '#platform' }
schedules:
  office:
    running: [{ days: mon-fri, from: 07:00, to: 20:00 }]
    calendar: here
  nights:
    running: [{ days: sat, from: 22:00, to: 02:30 }]
  ready:
    running: [{ ready: 08:00, to: 20:00 }]
  east:
    timeZone: Asia/Kolkata
    running: [{ days: mon-fri, from: 09:00, to: 17:00 }]
calendars:
  here: { 2026-12-25: Christmas Day }
`
const directory = catalogOf({ 'environment.yaml': ENVIRONMENT })
const catalog = compileCatalog(readCatalog(directory))

const inputOf = (name: string): Input => {
  const schedule = catalog.schedules[name]
  if (schedule === undefined) throw new Error(`no ${name}`)
  return { schedule, calendars: catalog.calendars, overrides: [], timeZone: catalog.timeZone }
}

const preview = (name: string, from: string, to?: string, timeZone = 'Europe/Berlin') =>
  previewOf(name, inputOf(name), {
    from: new Date(from),
    to: to === undefined ? undefined : new Date(to),
    timeZone,
  })

describe('the preview', () => {
  it('shows each edge in local time and UTC, with its rule and the holidays it sleeps through', () => {
    expect(previewLines(preview('office', '2026-12-24T12:00Z', '2026-12-29T00:00Z'))).toEqual([
      'office at Thu 2026-12-24 13:00 Europe/Berlin: running, office: Mon-Fri 07:00-20:00 (Europe/Berlin)',
      '',
      'local time            UTC                from then on  rule',
      'Thu 2026-12-24 20:00  2026-12-24T19:00Z  stopped       office: outside Mon-Fri 07:00-20:00 (Europe/Berlin)',
      'Mon 2026-12-28 07:00  2026-12-28T06:00Z  running       office: Mon-Fri 07:00-20:00 (Europe/Berlin); not on 2026-12-25 (Christmas Day)',
      'Mon 2026-12-28 20:00  2026-12-28T19:00Z  stopped       office: outside Mon-Fri 07:00-20:00 (Europe/Berlin)',
    ])
  })

  it('marks the days on which the clocks are set', () => {
    expect(
      previewLines(preview('nights', '2026-10-24T12:00Z', '2026-10-26T00:00Z')).slice(3),
    ).toEqual([
      'Sat 2026-10-24 22:00  2026-10-24T20:00Z  running       nights: Sat 22:00-02:30 (Europe/Berlin)',
      'Sun 2026-10-25 02:30  2026-10-25T00:30Z  stopped       nights: outside Sat 22:00-02:30 (Europe/Berlin); this day clocks are set back by 60 min',
    ])
    expect(
      previewLines(preview('nights', '2026-03-28T12:00Z', '2026-03-30T00:00Z')).slice(4),
    ).toEqual([
      'Sun 2026-03-29 03:00  2026-03-29T01:00Z  stopped       nights: outside Sat 22:00-02:30 (Europe/Berlin); this day clocks are set forward by 60 min',
    ])
  })

  it('is ten edges, or those up to a time', () => {
    expect(preview('office', '2026-12-01T00:00Z').edges).toHaveLength(10)
    expect(preview('office', '2026-12-01T00:00Z', '2027-01-01T00:00Z').edges).toHaveLength(44)
    const none = preview('nights', '2026-12-01T00:00Z', '2026-12-02T00:00Z')
    expect(previewLines(none).at(-1)).toBe('Nothing changes in this time.')
  })

  it('is JSON as well', () => {
    expect(previewJson(preview('nights', '2026-10-25T00:00Z', '2026-10-26T00:00Z'))).toEqual({
      schedule: 'nights',
      timeZone: 'Europe/Berlin',
      at: '2026-10-25T00:00:00.000Z',
      state: 'running',
      reason: 'nights: Sat 22:00-02:30 (Europe/Berlin)',
      edges: [
        {
          at: '2026-10-25T00:30:00.000Z',
          local: 'Sun 2026-10-25 02:30',
          state: 'stopped',
          reason: 'nights: outside Sat 22:00-02:30 (Europe/Berlin)',
          sleptThrough: [],
          clocksForwardMinutes: -60,
        },
      ],
    })
  })
})

const answer = (line: unknown) =>
  JSON.parse(answerLine(typeof line === 'string' ? line : JSON.stringify(line), catalog)) as {
    state?: string
    reason?: string
    next?: { at: string } | null
    error?: string
  }

const OFFICE = { running: [{ days: 'mon-fri', from: '07:00', to: '20:00' }] }
const AT = '2026-12-24T12:00:00Z'

describe('a line of JSON', () => {
  it('is answered with state, reason and what is next', () => {
    const line = {
      schedule: OFFICE,
      calendars: {},
      overrides: [],
      timeZone: 'Europe/Berlin',
      at: AT,
    }
    expect(answer(line)).toEqual({
      state: 'running',
      reason: 'Mon-Fri 07:00-20:00 (Europe/Berlin)',
      next: {
        at: '2026-12-24T19:00:00.000Z',
        state: 'stopped',
        reason: 'outside Mon-Fri 07:00-20:00 (Europe/Berlin)',
      },
    })
  })

  test.each<[string, object, string, string | null]>([
    ['in UTC', { schedule: OFFICE, at: AT }, 'running', '2026-12-24T20:00:00.000Z'],
    [
      'null where there is nothing',
      {
        schedule: OFFICE,
        at: AT,
        calendars: null,
        overrides: null,
        timeZone: null,
        wakeSeconds: null,
      },
      'running',
      '2026-12-24T20:00:00.000Z',
    ],
    [
      'with fields of its own',
      { id: 7, schedule: OFFICE, at: AT },
      'running',
      '2026-12-24T20:00:00.000Z',
    ],
    ['always-on', { schedule: 'always-on', at: AT }, 'running', null],
    [
      'by name, with its calendar and zone',
      { schedule: 'office', at: '2026-12-25T12:00:00Z' },
      'stopped',
      '2026-12-28T06:00:00.000Z',
    ],
    [
      'by name, elsewhere',
      { schedule: 'office', calendars: { here: {} }, timeZone: 'UTC', at: '2026-12-25T12:00:00Z' },
      'running',
      '2026-12-25T20:00:00.000Z',
    ],
    [
      'a calendar',
      { schedule: { ...OFFICE, calendar: 'a' }, calendars: { a: { '2026-12-24': 'Eve' } }, at: AT },
      'stopped',
      '2026-12-25T07:00:00.000Z',
    ],
    [
      'a calendar that is ignored',
      {
        schedule: { ...OFFICE, calendar: 'a', holidays: 'ignore' },
        calendars: { a: { '2026-12-24': 'Eve' } },
        at: AT,
      },
      'running',
      '2026-12-24T20:00:00.000Z',
    ],
    [
      'a local instant',
      { schedule: OFFICE, timeZone: 'Europe/Berlin', at: '2026-12-24T19:59' },
      'running',
      '2026-12-24T19:00:00.000Z',
    ],
    [
      'an instant with its offset',
      { schedule: OFFICE, timeZone: 'Europe/Berlin', at: '2026-12-24T20:00:00+01:00' },
      'stopped',
      '2026-12-25T06:00:00.000Z',
    ],
    [
      'kept awake',
      {
        schedule: OFFICE,
        at: '2026-12-24T21:00:00Z',
        overrides: [
          {
            kind: 'awake',
            from: '2026-12-24T19:00:00Z',
            until: '2026-12-24T22:00:00Z',
            by: 'ann',
            id: 3,
          },
        ],
      },
      'running',
      '2026-12-24T22:00:00.000Z',
    ],
    [
      'asleep',
      {
        schedule: OFFICE,
        at: AT,
        overrides: [{ kind: 'asleep', from: '2026-12-24T12:00', until: '2026-12-24T14:00' }],
      },
      'stopped',
      '2026-12-24T14:00:00.000Z',
    ],
    [
      'replaced',
      {
        schedule: OFFICE,
        at: AT,
        overrides: [
          {
            kind: 'replace',
            from: '2026-12-24T00:00:00Z',
            until: '2026-12-25T00:00:00Z',
            schedule: { running: [{ to: '10:00' }] },
          },
        ],
      },
      'stopped',
      '2026-12-25T07:00:00.000Z',
    ],
    [
      'replaced by name',
      {
        schedule: OFFICE,
        at: AT,
        overrides: [
          {
            kind: 'replace',
            from: '2026-12-24T00:00:00Z',
            until: '2026-12-25T00:00:00Z',
            schedule: 'always-on',
          },
        ],
      },
      'running',
      '2026-12-25T00:00:00.000Z',
    ],
    [
      'ready by a time',
      {
        schedule: { running: [{ ready: '08:00', to: '20:00' }] },
        wakeSeconds: 600,
        at: '2026-12-24T07:00:00Z',
      },
      'stopped',
      '2026-12-24T07:50:00.000Z',
    ],
  ])('%s', (_, line, state, next) => {
    const said = answer(line)
    expect([said.error, said.state, said.next?.at ?? null]).toEqual([undefined, state, next])
  })

  const DAYS = 'days and ranges of days, such as mon-fri or mon, wed, sat-sun'
  const INSTANT = 'an instant, such as 2026-03-29T01:30:00Z'
  test.each<[unknown, string]>([
    ['', 'the line: found "", allowed: one JSON object'],
    ['{"schedule":', 'the line: found "{\\"schedule\\":", allowed: one JSON object'],
    ['[1]', 'the line: found [1], allowed: one JSON object'],
    ['null', 'the line: found nothing, allowed: one JSON object'],
    ['7', 'the line: found 7, allowed: one JSON object'],
    [
      { at: AT },
      'schedule: found nothing, allowed: a schedule, or one of always-on, office, nights, ready, east',
    ],
    [
      { schedule: 'weekends', at: AT },
      'schedule: found "weekends", allowed: a schedule, or one of always-on, office, nights, ready, east',
    ],
    [
      { schedule: 'constructor', at: AT },
      'schedule: found "constructor", allowed: a schedule, or one of always-on, office, nights, ready, east',
    ],
    [
      { schedule: [], at: AT },
      'schedule: found [], allowed: running, timeZone, calendar, holidays, name',
    ],
    [
      { schedule: {}, at: AT },
      'schedule.running: found nothing, allowed: at least one period of days, from and to in which it runs',
    ],
    [
      { schedule: { running: [{ days: 'mox' }] }, at: AT },
      `schedule.running.0.days: found "mox", allowed: ${DAYS}`,
    ],
    [
      { schedule: { running: [{ days: 'mon', begin: '08:00' }] }, at: AT },
      'schedule.running.0.begin: found an unknown field, allowed: days, monthDays, months, from, ready, to, timeZone',
    ],
    [
      { schedule: { ...OFFICE, calendar: 'a' }, at: AT },
      'schedule.calendar: found "a", allowed: nothing: there is no calendar',
    ],
    [
      { schedule: { ...OFFICE, calendar: 'a' }, calendars: { b: {} }, at: AT },
      'schedule.calendar: found "a", allowed: b',
    ],
    [
      { schedule: OFFICE, calendars: { a: { '2026-02-30': 'x' } }, at: AT },
      'calendars.a.2026-02-30: found "2026-02-30", allowed: a date, such as 2026-12-25',
    ],
    [
      { schedule: OFFICE, calendars: { a: { ics: 'calendars/a.ics' } }, at: AT },
      'calendars.a: found {"ics":"calendars/a.ics"}, allowed: dates with what they are, such as "2026-12-25": "Christmas Day"',
    ],
    [
      { schedule: OFFICE, timeZone: 'Mars', at: AT },
      'timeZone: found "Mars", allowed: an IANA time zone, such as Europe/Berlin or UTC',
    ],
    [{ schedule: OFFICE }, `at: found nothing, allowed: ${INSTANT}`],
    [{ schedule: OFFICE, at: 'noon' }, `at: found "noon", allowed: ${INSTANT}`],
    [
      { schedule: OFFICE, at: '2026-02-30T12:00' },
      `at: found "2026-02-30T12:00", allowed: ${INSTANT}`,
    ],
    [{ schedule: OFFICE, at: 1_700_000_000 }, `at: found 1700000000, allowed: ${INSTANT}`],
    [
      { schedule: OFFICE, at: AT, wakeSeconds: -1 },
      'wakeSeconds: found -1, allowed: seconds, from 0',
    ],
    [
      { schedule: OFFICE, at: AT, overrides: [{}] },
      'overrides.0.kind: found nothing, allowed: awake, asleep, replace',
    ],
    [
      { schedule: OFFICE, at: AT, overrides: [{ kind: 'awake', from: AT }] },
      `overrides.0.until: found nothing, allowed: ${INSTANT}`,
    ],
    [
      { schedule: OFFICE, at: AT, overrides: [{ kind: 'replace', from: AT, until: AT }] },
      'overrides.0.schedule: found nothing, allowed: a schedule, or one of always-on, office, nights, ready, east',
    ],
    [
      {
        schedule: OFFICE,
        at: AT,
        overrides: [{ kind: 'replace', from: AT, until: AT, schedule: { running: [{ to: 'x' }] } }],
      },
      'overrides.0.schedule.running.0.to: found "x", allowed: a local time, such as 20:00; at or before `from` it is the next day’s',
    ],
  ])('that cannot be read is told with the field: %j', (line, error) => {
    expect(answer(line)).toEqual({ error })
  })

  it('may be as deep, long and strange as it likes', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const lines = [deep, `{"schedule":${deep},"at":"${AT}"}`, `{"schedule":{"running":${deep}}}`]
    for (const line of [...lines, '"'.repeat(1e6), '{"__proto__":{"schedule":1}}', '\u0000']) {
      expect(answer(line).error).toMatch(/./)
    }
  })
})

describe('caretaker schedule', () => {
  const run = (words: string[], input = '') => {
    const args = ['cli/caretaker.mjs', 'schedule', '--catalog', directory, ...words]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      input,
      maxBuffer: 64 * 1024 * 1024,
      timeout: 600_000,
    })
    return { status, stdout, stderr }
  }

  it('prints the preview in the schedule’s zone, or another', () => {
    const own = run(['east', '--from', '2026-12-01 08:00', '--to', '2026-12-02'])
    expect(own.stdout.split('\n').slice(3, 5)).toEqual([
      'Tue 2026-12-01 09:00  2026-12-01T03:30Z  running       east: Mon-Fri 09:00-17:00 (Asia/Kolkata)',
      'Tue 2026-12-01 17:00  2026-12-01T11:30Z  stopped       east: outside Mon-Fri 09:00-17:00 (Asia/Kolkata)',
    ])
    const words = ['east', '--from', '2026-12-01', '--tz', 'America/New_York', '--json']
    const other = JSON.parse(run(words).stdout) as { at: string; edges: { local: string }[] }
    expect(other.at).toBe('2026-12-01T05:00:00.000Z')
    expect(other.edges.map(({ local }) => local).slice(0, 2)).toEqual([
      'Tue 2026-12-01 06:30',
      'Tue 2026-12-01 22:30',
    ])
    expect(run(['ready', '--from', '2026-12-01', '--wake', '360']).stdout).toContain(
      'Tue 2026-12-01 07:54',
    )
  })

  test.each([
    [[], /^The schedule: found no name, allowed: always-on, office, nights, ready, east, or a/],
    [['weekends'], /^The schedule: found "weekends", allowed: always-on, office, nights, ready/],
    [['office', 'nights'], /^Too many arguments for 'schedule'/],
    [['office', '--from', 'soon'], /^--from: found "soon", allowed: 2026-03-29, /],
    [['office', '--tz', 'Mars'], /^--tz: found "Mars", allowed: an IANA time zone/],
    [['office', '--wake', 'x'], /^--wake: found "x", allowed: a whole number/],
    [['office', '--form', 'x'], /^Unknown option '--form'. Did you mean --from\?/],
  ])('%j is a mistake', (words, message) => {
    const { status, stdout, stderr } = run(words)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  it('answers ten thousand lines, the broken ones among them, in their order', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => {
      const at = new Date(Date.UTC(2026, 0, 1) + index * 47 * 60_000).toISOString()
      if (index % 10 === 9) return `{"schedule": broken, "at": "${at}"}`
      const timeZone = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'][index % 3]
      return JSON.stringify({ schedule: OFFICE, calendars: {}, overrides: [], timeZone, at })
    })
    const { status, stdout } = run(['--stdin'], `${lines.join('\n')}\n`)
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect([status, answers.length]).toEqual([0, 10_000])
    expect(answers).toEqual(lines.map((line) => answer(line)))
  })
})
