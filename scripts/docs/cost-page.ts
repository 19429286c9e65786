import type { Catalog } from '../../catalog/schema.ts'
import { HOURS_A_MONTH, PRICES } from '../../domain/prices.ts'
import type { Stack } from '../assembly.ts'
import { type CostLine, costLines, shareAwake, waysOut } from './cost-lines.ts'
import { resourcesOf, type TemplateResource, table } from './template.ts'

/** What is paid by use: unit, price, what of the environment does it. */
const BY_USE: readonly (readonly [string, number, string])[] = [
  [
    'GB through the NAT gateway',
    PRICES.natGatewayGigabyte,
    'whatever calls the internet; images and S3 do not pass it',
  ],
  ['GB of logs', PRICES.logGigabyte, 'services, flow logs (`parts.flowLogs`), machines'],
  [
    'capacity unit of a load balancer, an hour',
    PRICES.loadBalancerCapacityUnitHour,
    'a developer’s load is a small part of one',
  ],
  [
    'metric a month',
    PRICES.metricMonth,
    'Container Insights (`parts.containerInsights`): some per service and cluster',
  ],
  [
    'GB of images a month',
    PRICES.imageGigabyteMonth,
    'repositories: tagged images and the newest 100 untagged ones',
  ],
  [
    'GB in buckets a month',
    PRICES.bucketGigabyteMonth,
    '`bucket: true`, access logs (`parts.accessLogs`)',
  ],
  ['GB of files a month', PRICES.fileGigabyteMonth, '`files`'],
  [
    'minute of a build',
    PRICES.buildMinute,
    '`source`: a pipeline of the service’s own (CodeBuild, ARM, small)',
  ],
  [
    'minute of a pipeline’s action',
    PRICES.pipelineMinute,
    'the same; the first 100 a month are free',
  ],
  ['million metric samples', PRICES.prometheusMillion, '`parts.prometheus`'],
  [
    'person who edits dashboards, a month',
    PRICES.grafanaEditor,
    '`parts.grafana`; who only looks is $5',
  ],
  [
    'request of Cost Explorer',
    PRICES.costExplorerRequest,
    'what has grown, in a message of a budget: one for a team and day at the most, and only when its budget takes a step, or is over and has a new figure',
  ],
  [
    '1000 state transitions',
    PRICES.stateTransition * 1000,
    'Caretaker’s machine: 9 for a roll-out; a sweep that finds nothing takes none',
  ],
]

/** The page `docs/cost.md`: what the catalog's environment costs a month, line by line. */
export function costPage(stacks: readonly Stack[], catalog: Catalog): string {
  const resources = resourcesOf(stacks)
  const lines = costLines(resources, catalog)
  const sum = (of: (line: CostLine) => number) => lines.reduce((total, one) => total + of(one), 0)
  const services = catalog.services.length
  return [
    '# What the environment costs',
    '',
    '<!-- Written by `npm run docs` from the synthesized templates and domain/prices.ts. -->',
    '',
    `US dollars a month for the environment \`${catalog.environment.name}\` of this repository’s catalog: ${services} services, at the list prices of us-east-1 of November 2026 (each with its page at AWS in [domain/prices.ts](../domain/prices.ts)), free tiers and discounts left aside. Frankfurt is some 10 to 20 % above.`,
    '',
    '## By the month',
    '',
    ...table(
      ['what', 'how many', 'always on', 'with its schedules', 'asked for by'],
      [
        ...lines.map((line) => [
          line.what,
          String(line.count),
          dollars(line.month),
          dollars(line.asleep),
          line.switch,
        ]),
        [
          '**together**',
          '',
          `**${dollars(sum(({ month }) => month))}**`,
          `**${dollars(sum(({ asleep }) => asleep))}**`,
          '',
        ],
      ],
    ),
    '',
    'A task counts as often as its file says (`count`); scaling adds to it. “With its schedules” is what is left when everything that names a schedule in the catalog sleeps outside of it; set `schedule` in `environment.yaml` and everything does.',
    '',
    '## By use',
    '',
    ...table(
      ['unit', 'price', 'by'],
      BY_USE.map(([unit, price, by]) => [unit, `$${price}`, by]),
    ),
    '',
    'Caretaker itself costs about $1.30 a month while nobody pushes: its alarms and its secret, which are among the lines above, and some three cents for the sweep. Fifty services that sleep every night add some 35 cents, most of it state transitions and reads of the table; to look by day whether anybody uses them (`idle: 4h`) adds four; what their tasks do not cost meanwhile is $221 ([savings](savings.md)). `npm run bench` prints that by line, and what one roll-out takes.',
    '',
    '## The way out to the internet',
    '',
    ...wayOut(catalog),
    '',
    '## What each switch saves',
    '',
    ...switches(lines, sleeping(resources, catalog)),
    '',
  ].join('\n')
}

/** A gateway never sleeps; an instance does, when nothing is awake that needs it. */
function wayOut(catalog: Catalog): string[] {
  const { gateway, instance } = waysOut(catalog)
  const row = (nat: string, { month, asleep }: typeof gateway, gigabyte: string) => [
    `\`nat: ${nat}\``,
    dollars(month),
    dollars(asleep),
    gigabyte,
  ]
  return [
    ...table(
      ['in `environment.yaml`', 'always on', 'with its schedules', 'GB through it'],
      [
        row('gateway', gateway, `$${PRICES.natGatewayGigabyte}`),
        row('instance', instance, 'nothing'),
      ],
    ),
    '',
    `With its address, and the instance’s disk. An instance saves ${dollars(gateway.asleep - instance.asleep)} a month here; what that costs is in [sleep](sleep.md). What leaves AWS for the internet is billed by the GB either way.`,
  ]
}

/** What is saved if everything that can sleep did so by one schedule. */
function sleeping(resources: readonly TemplateResource[], catalog: Catalog): string[][] {
  return Object.entries(catalog.environment.schedules).map(([name, schedule]) => {
    const lines = costLines(resources, catalog, () => shareAwake(schedule))
    const saved = lines.reduce((sum, { month, asleep }) => sum + month - asleep, 0)
    return [`nights: \`schedule: ${name}\` in \`environment.yaml\`, for all`, dollars(saved)]
  })
}

/** The other way round: what goes when it is switched off. */
function switches(lines: readonly CostLine[], asleep: readonly string[][]): string[] {
  const optional = [...Map.groupBy(lines, (line) => line.switch)].filter(
    ([by]) => !/^(always|with )/.test(by),
  )
  const zone = HOURS_A_MONTH * (PRICES.natGatewayHour + PRICES.publicAddressHour)
  return table(
    ['without', 'saves a month'],
    [
      ...optional.map(([by, saved]) => [
        by,
        dollars(saved.reduce((sum, one) => sum + one.month, 0)),
      ]),
      ...asleep,
      ['the NAT gateway of a further zone (`natGateways: 1`)', dollars(zone)],
      [
        '`parts.flowLogs`, `parts.accessLogs`, `parts.containerInsights`',
        'what they write: see by use',
      ],
    ],
  )
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`
