import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { compileCatalog } from '../../../../catalog/compile.ts'
import { readCatalog } from '../../../../catalog/read.ts'
import { readInstant } from '../../../../cli/schedule/instant.ts'
import { answerLine } from '../../../../cli/schedule/lines.ts'
import { previewLines, previewOf } from '../../../../cli/schedule/preview.ts'
import { scheduled } from '../../../../domain/schedule/scheduled.ts'
import { scheduleNamed } from '../../../../domain/schedule/written.ts'
import { catalogOf } from '../../../kits/catalog.ts'

/** What `docs/schedules.md` shows is what is so. */
const page = readFileSync('docs/schedules.md', 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  )

const BEGIN = `name: dev
region: eu-central-1
owner: platform
timeZone: Europe/Berlin
teams:
  platform: { owner: platform@example.com, channel: '#platform' }
`
const PLANT = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20260803', 'SUMMARY:Closed']
  .concat(['END:VEVENT', 'END:VCALENDAR', ''])
  .join('\r\n')

const catalog = compileCatalog(
  readCatalog(
    catalogOf({
      'environment.yaml': `${BEGIN}${blocks('yaml').join('')}`,
      'calendars/plant.ics': PLANT,
    }),
  ),
)

it('its schedules can be used', () => {
  expect(Object.keys(catalog.schedules).length).toBeGreaterThan(6)
  for (const schedule of Object.values(catalog.schedules)) {
    const { calendars, timeZone } = catalog
    const said = scheduled(
      { schedule, calendars, timeZone, overrides: [] },
      new Date('2026-12-01T12:00Z'),
    )
    expect(said.reason).toContain(`${schedule.name}: `)
  }
})

describe('the table of days and months', () => {
  const rows = [
    ...page.matchAll(/^\| `(days|monthDays|months)` \| `([^`]+)` \| [^|]+ \| ([\d, -]*)\|$/gm),
  ]
  it('is there', () => {
    expect(rows.length).toBeGreaterThan(15)
  })
  test.each(rows.map(([, field = '', written = '', days = '']) => [field, written, days.trim()]))(
    '%s: %s is %s',
    (field, written, days) => {
      const schedule = { running: [{ [field]: written }] }
      const input = { schedule, calendars: {}, overrides: [], timeZone: 'UTC' }
      const found = Array.from({ length: 31 }, (_, index) => index + 1).filter(
        (day) => scheduled(input, new Date(Date.UTC(2026, 2, day, 12))).state === 'running',
      )
      const expected = days
        .split(', ')
        .filter(Boolean)
        .flatMap((part) => {
          const [first = 0, last = first] = part.split('-').map(Number)
          return Array.from({ length: last - first + 1 }, (_, index) => first + index)
        })
      expect(found).toEqual(expected)
    },
  )
})

describe('its commands print what it shows', () => {
  const previews = blocks('console').filter((text) => !text.includes('--stdin'))
  test.each(previews)('%s', (text) => {
    const [command = '', ...lines] = text.trimEnd().split('\n')
    const [, name = '', from = '', to = ''] =
      / schedule (\S+) --from (\S+) --to (\S+)$/.exec(command) ?? []
    const schedule = scheduleNamed(catalog.schedules, name)
    if (schedule === undefined) throw new Error(`no schedule ${name}`)
    const { calendars, timeZone } = catalog
    const at = (time: string) => readInstant(time, timeZone) ?? new Date(Number.NaN)
    const preview = previewOf(
      name,
      { schedule, calendars, timeZone, overrides: [] },
      { from: at(from), to: at(to), timeZone },
    )
    expect(previewLines(preview)).toEqual(lines)
  })

  it('line by line', () => {
    const [text = ''] = blocks('console').filter((one) => one.includes('--stdin'))
    const lines = text.trimEnd().split('\n').slice(1)
    const asked = lines.filter((line) => line.startsWith('< ')).map((line) => line.slice(2))
    const answered = lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2))
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.map((line) => answerLine(line, catalog))).toEqual(answered)
  })
})
