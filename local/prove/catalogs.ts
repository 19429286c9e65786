import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files by their path inside the catalog. */
type Files = Readonly<Record<string, string>>

type Level = 'off' | 'tell' | 'act'
type Written = { features: Record<string, Level>; timeZone?: string; more?: string }

const TEAMS = `teams:
  platform: { owner: platform@example.com, channel: "#dev-environment" }
  storefront:
    owner: storefront@example.com
    channel: "#storefront"
    budget: 150
    quiet: { from: 22:00, to: 06:00 }
    members:
      - { email: ann@example.com, slack: T0CARETAKER/U0ANN }
      - { email: ada@example.com, slack: T0CARETAKER/U0ADA }
  ordering:
    owner: ordering@example.com
    channel: "#ordering"
    budget: 250
    members:
      - { email: bob@example.com, slack: T0CARETAKER/U0BOB }
operators:
  members:
    - { email: olga@example.com, slack: T0CARETAKER/U0OLGA }
`

/** A night, two short sleeps a day, and a wake at the hour at which clocks change. */
const SCHEDULES = `schedules:
  office-hours:
    running: [{ days: mon-fri, from: 07:00, to: 20:00 }]
    calendar: holidays
  naps:
    running:
      - { days: mon-fri, from: 07:00, to: 10:40 }
      - { days: mon-fri, from: 11:20, to: 16:00 }
      - { days: mon-fri, from: 16:50, to: 23:30 }
  early:
    running: [{ from: 02:30, to: 21:00 }]
calendars:
  holidays:
    2026-04-03: Good Friday
    2026-12-25: Christmas Day
    2027-01-01: New Year's Day
`

const TAGS = `tags:
  watch: [ec2:instance, autoscaling:group, rds:db, ecs:service, sqs:queue]
  required:
    cost-center: { pattern: "[0-9]{4}" }
    stage: { values: [try, keep], default: try }
  ladder: { upTo: stop, markAfter: 1, stopAfter: 2 }
`

function environment({ features, timeZone = 'Europe/Berlin', more = TAGS }: Written): string {
  const levels = Object.entries(features).map(([name, level]) => `${name}: ${level}`)
  return `name: dev
region: eu-central-1
owner: platform
budget: 600
timeZone: ${timeZone}
parts: { bastion: false, dashboards: false, flowLogs: false, accessLogs: false }
features: { ${levels.join(', ')} }
${TEAMS}${SCHEDULES}${more}`
}

const ACT = { sleep: 'act', tags: 'act', budgets: 'act', health: 'act' } as const
const TELL = { sleep: 'tell', tags: 'tell', budgets: 'tell', health: 'tell' } as const

/** A service with a database of its own, and what depends on it and is scaled; both take naps. */
const NAPPERS: Files = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: naps\n',
  'services/orders.yaml':
    'team: ordering\ndependsOn: [payments]\nscaling: { min: 2, max: 4 }\nschedule: naps\ncircuit: true\n',
}

/** Behind the load balancer, each needs the one before; visitors wake them. */
const VISITED: Files = {
  'services/products.yaml':
    'team: storefront\nroute: { path: /products/*, priority: 1 }\nwakeFor: all\nschedule: naps\n',
  'services/orders.yaml':
    'team: ordering\nroute: { path: /orders/*, priority: 2 }\ndependsOn: [products]\nwakeFor: all\nschedule: office-hours\n',
  'services/web.yaml':
    'kind: web\nteam: storefront\nroute: { path: /*, priority: 9 }\ndependsOn: [orders]\nwakeFor: all\nschedule: office-hours\nidle: 2h\n',
}

/** As the repository's own: each kind of service, a shared database, a job, other policies. */
const SEVEN: Files = {
  'services/gateway.yaml':
    'team: ordering\ncluster: frontend\nnlb: 7000\ndependsOn: [orders]\nschedule: office-hours\n',
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: early\nidle: 1h\n',
  'services/nightly-report.yaml':
    'kind: job\nteam: ordering\nruns: cron(30 18 ? * MON-FRI *)\ndependsOn: [orders]\n',
  'services/orders.yaml':
    'team: ordering\ndependsOn: [payments, products]\nhealthCommand: check\nhealth: { start: 180 }\ncircuit: true\nschedule: office-hours\n',
  'services/payments.yaml':
    'team: ordering\ndatabase: own\ndeploy: semver:~1.4\nschedule: office-hours\nimportance: high\n',
  'services/products.yaml':
    'team: storefront\nroute: { path: /products/*, priority: 100 }\nscaling: { max: 3 }\ndatabase: shared\nhealth: { grace: 50, interval: 5 }\nschedule: naps\n',
  'services/web.yaml':
    'kind: web\nteam: storefront\nroute: { path: /*, priority: 1000 }\ndeploy: glob:release-*\ndependsOn: [orders, products]\nhealth: { grace: 240 }\nschedule: office-hours\nimportance: low\n',
}

const EVERY_KIND = ['kind: worker\n', 'kind: api\n', 'kind: api\nscaling: { max: 3 }\n']
const EVERY_SCHEDULE = ['naps', 'office-hours', 'always-on', 'early']

/** So many services of every kind and schedule, a few of which need another. */
function many(count: number): Files {
  const file = (place: number) => {
    const team = place % 3 === 0 ? 'ordering' : 'storefront'
    const kind = EVERY_KIND[place % EVERY_KIND.length]
    const schedule = EVERY_SCHEDULE[place % EVERY_SCHEDULE.length]
    const needs = place % 5 === 4 && place % 3 > 0 ? `dependsOn: [s${place - 3}]\n` : ''
    return `${kind}team: ${team}\nschedule: ${schedule}\n${needs}`
  }
  return Object.fromEntries(
    Array.from({ length: count }, (_, place) => [`services/s${place}.yaml`, file(place)]),
  )
}

/** The environments in which histories take place, by name; from 1 to 60 services. */
export const CATALOGS = {
  one: {
    'environment.yaml': environment({ features: ACT }),
    'services/orders.yaml': 'team: ordering\nschedule: naps\n',
  },
  nappers: { 'environment.yaml': environment({ features: ACT }), ...NAPPERS },
  visited: {
    'environment.yaml': environment({ features: ACT, timeZone: 'America/New_York' }),
    ...VISITED,
  },
  seven: { 'environment.yaml': environment({ features: ACT }), ...SEVEN },
  telling: { 'environment.yaml': environment({ features: TELL }), ...SEVEN },
  twenty: {
    'environment.yaml': environment({ features: ACT, timeZone: 'Asia/Kolkata' }),
    ...many(20),
  },
  sixty: { 'environment.yaml': environment({ features: ACT }), ...many(60) },
} as const satisfies Record<string, Files>

export type CatalogName = keyof typeof CATALOGS

/**
 * Writes one of the catalogs.
 *
 * @param folder where its directory of its name is made, or is already.
 * @returns its directory.
 */
export function writeCatalog(name: CatalogName, folder: string): string {
  const directory = join(folder, name)
  for (const [file, text] of Object.entries(CATALOGS[name])) {
    const path = join(directory, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return directory
}
