import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { warningsOf } from '../../cli/synth/warnings.ts'
import { catalogOf, type Files } from '../kits/catalog.ts'

/** Saturday, 19:00 in Berlin. */
const NOW = new Date('2026-11-28T18:00:00Z')

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
  longer:
    running: [{ days: mon-fri, from: 06:00, to: 22:00 }]
    calendar: here
  each-day:
    running: [{ days: mon-fri, from: 07:00, to: 20:00 }]
calendars:
  here: { 2026-12-25: Christmas Day, 2027-12-24: Christmas Eve }
`

const service = (rest: string) => `team: platform\n${rest}`

function warnings(services: Record<string, string>, environment = ENVIRONMENT): string[] {
  const files: Files = { 'environment.yaml': environment }
  for (const [name, text] of Object.entries(services)) {
    files[`services/${name}.yaml`] = service(text)
  }
  return warningsOf(readCatalog(catalogOf(files)), NOW)
}

describe('what is awake above something that sleeps', () => {
  const above = (own: string, below: string) =>
    warnings({ top: `schedule: ${own}\ndependsOn: [below]\n`, below: `schedule: ${below}\n` })

  test.each([
    ['always-on', 'office', 'Sat 28 Nov 19:00'],
    ['longer', 'office', 'Mon 30 Nov 06:00'],
    // Only on a holiday.
    ['each-day', 'office', 'Fri 25 Dec 07:00'],
  ])('%s above %s: first on %s', (own, below, when) => {
    expect(above(own, below)).toEqual([
      `services/top.yaml: top (${own}) needs below (${below}), which is kept awake for it against its schedule, first on ${when} Europe/Berlin; let both follow one schedule`,
    ])
  })

  test.each([
    ['office', 'always-on'],
    ['office', 'office'],
    ['office', 'longer'],
    ['office', 'each-day'],
    ['always-on', 'always-on'],
  ])('%s above %s is as it should be', (own, below) => {
    expect(above(own, below)).toEqual([])
  })

  it('its databases sleep with it', () => {
    const services = {
      sharing: 'schedule: always-on\ndatabase: shared\n',
      owning: 'schedule: office\ndatabase: own\n',
    }
    expect(warnings(services)).toEqual([])
  })
})

describe('a job that runs while something sleeps that it needs', () => {
  const job = (runs: string) =>
    warnings({
      report: `kind: job\nruns: ${runs}\ndependsOn: [below]\n`,
      below: 'schedule: office\n',
    })

  test.each([
    ['cron(30 2 * * ? *)', 'Sun 29 Nov 02:30'],
    ['cron(0 12 ? * MON-SAT *)', 'Sat 5 Dec 12:00'],
    // May begins on a Saturday.
    ['cron(0 7 1 * ? *)', 'Sat 1 May 2027 07:00'],
    ['rate(1 day)', 'Sat 28 Nov 19:00'],
  ])('%s: first on %s', (runs, when) => {
    expect(job(runs)).toEqual([
      `services/report.yaml: report runs at ${runs}, and needs below, which then sleeps, first on ${when} Europe/Berlin; let it run while that is awake`,
    ])
  })

  test.each(['cron(30 18 ? * MON-FRI *)', 'cron(0 12 25 12 ? 2026)'])(
    '%s is as it should be, holidays aside',
    (runs) => {
      expect(job(runs)).toEqual([])
    },
  )
})

describe('a job and its database', () => {
  const NIGHT = 'kind: job\nruns: cron(30 2 * * ? *)\n'
  const told = [
    'services/report.yaml: report runs at cron(30 2 * * ? *), and needs the shared database, which then sleeps, first on Sun 29 Nov 02:30 Europe/Berlin; let it run while that is awake',
  ]
  test.each([
    ['office', told],
    ['always-on', []],
  ])('the shared one sleeps with the last service that uses it: %s', (schedule, expected) => {
    const services = {
      report: `${NIGHT}database: shared\n`,
      one: 'schedule: office\ndatabase: shared\n',
      other: `schedule: ${schedule}\ndatabase: shared\n`,
    }
    expect(warnings(services)).toEqual(expected)
  })

  it('and sleeps for good if only jobs do; one of its own sleeps by the environment’s schedule', () => {
    expect(warnings({ report: `${NIGHT}database: shared\n` })).toEqual(told)
    const own = { report: `${NIGHT}database: own\n` }
    expect(warnings(own)).toEqual([])
    expect(warnings(own, ENVIRONMENT.replace('teams:', 'schedule: office\nteams:'))).toEqual([
      told[0]?.replace('the shared database', 'its own database'),
    ])
  })
})

describe('a calendar that ends within 60 days', () => {
  const ending = (days: string) =>
    warnings({}, ENVIRONMENT.replace(/ {2}here: .*/, `  here: ${days}`))
  test.each([
    ['{ 2026-12-25: Christmas Day }', 'ends on 2026-12-25, within 60 days'],
    ['{ 2027-01-26: a day }', 'ends on 2027-01-26, within 60 days'],
    ['{ 2020-01-01: a day }', 'ends on 2020-01-01, within 60 days'],
    ['{}', 'has no dates'],
  ])('%s', (days, what) => {
    expect(ending(days)).toEqual([
      `environment.yaml: the calendar here ${what}; what comes after it counts as a working day: add the next year's dates`,
    ])
  })

  it('and one that goes on is not told', () => {
    expect(ending('{ 2026-12-25: Christmas Day, 2027-01-27: a day }')).toEqual([])
  })
})

describe('a value in `environment` that looks like a secret', () => {
  const SAID =
    'services/alpha.yaml: environment.$ looks like a secret, and everybody who may see the catalog or the task definition can read it; name it in secrets and put its value into Secrets Manager (docs/operations/rotate-a-secret.md)'
  // Put together here, so that nobody who looks for keys in this repository finds one.
  const STRIPE = `sk_${'live'}_51HxQ2eZvKYlo2C0`
  const AWS = `AKIA${'IOSFODNN7EXAMPLE'}`

  test.each([
    ['STRIPE', STRIPE],
    ['ID', AWS],
    ['GITHUB', `ghp_${'x'.repeat(36)}`],
    ['DATABASE_URL', 'postgres://shop:hunter22@db:5432/shop'],
    ['SMTP_PASSWORD', 'correct-horse'],
    ['JWT_SECRET', 'not so secret'],
    ['MAPS_API_KEY', 'abcdef123456'],
  ])('%s: %s is warned of', (name, value) => {
    expect(warnings({ alpha: `environment: { ${name}: "${value}" }\n` })).toEqual([
      SAID.replace('$', name),
    ])
  })

  test.each([
    ['TOKEN_TTL', '3600'],
    ['PASSWORD_MIN_LENGTH', '12'],
    ['API_TOKEN', '""'],
    ['JWT_SECRET', '/run/secrets/jwt'],
    ['OAUTH_TOKEN', 'https://login.example.com/token'],
    ['DATABASE_URL', 'postgres://db:5432/shop'],
    ['CACHE_KEY', 'orders-by-customer'],
    ['MAX_TOKENS', '4096'],
  ])('%s: %s is not', (name, value) => {
    expect(warnings({ alpha: `environment: { ${name}: ${value} }\n` })).toEqual([])
  })
})
