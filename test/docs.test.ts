import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../catalog/read.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { stacksOf } from '../scripts/assembly.ts'
import { costLines, shareAwake, waysOut } from '../scripts/docs/cost-lines.ts'
import { pagesOf } from '../scripts/docs/pages.ts'

/** Every page a person reads, by path. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]
const text = (path: string) => readFileSync(path, 'utf8')

it('pages made from the templates are what the templates say: run `npm run docs`', async () => {
  const made = pagesOf(stacksOf(await templatesOf()), readCatalog('catalog'), text)
  for (const [path, wanted] of Object.entries(made)) expect(text(path), path).toBe(wanted)
})

it('the index names every guide and every operation', () => {
  const named = text('docs/README.md')
  const guides = pages.filter((path) => /^docs\/(operations\/)?[\w-]+\.md$/.test(path))
  const missing = guides
    .map((path) => path.replace('docs/', ''))
    .filter((path) => path !== 'README.md' && !named.includes(`(${path})`))
  expect(missing).toEqual([])
})

it('the page of what must always hold has a row for each predicate', () => {
  const named = text('docs/invariants.md')
  const predicates = readdirSync('local/invariants').filter((name) =>
    /: \w*Invariant = \{/.test(text(join('local/invariants', name))),
  )
  expect(predicates.length).toBeGreaterThan(25)
  expect(predicates.filter((name) => !named.includes(`| \`${name}\` |`))).toEqual([])
})

describe('every page', () => {
  test.each(pages)('%s: every link leads somewhere', (path) => {
    const links = [...text(path).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, to = '']) => to)
    const broken = links
      .filter((to) => !/^[a-z]+:/.test(to))
      .filter((to) => !existsSync(normalize(join(dirname(path), to))))
    expect(broken).toEqual([])
  })

  test.each(pages)('%s: every npm script it names is there', (path) => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
    const named = [...text(path).matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test.each(pages)('%s: every file of this repository it names is there', (path) => {
    const rooms = 'catalog|docs|events|functions|infra|local|scripts|statemachines|test'
    const named = [...text(path).matchAll(new RegExp(`\`((?:${rooms})/[\\w./-]+\\.\\w+)\``, 'g'))]
    const gone = named.map(([, name = '']) => name).filter((name) => !existsSync(name))
    expect(gone).toEqual([])
  })
})

/** Must show 2 of issue 3: what an environment consists of. */
const PARTS = [
  ...['VPC', 'Subnets', 'Security groups', 'Load balancers', 'Two ECS clusters', 'EKS (optional)'],
  ...['Bastion', 'RDS', 'ElastiCache', 'S3', 'EFS', 'CloudWatch', 'X-Ray', 'Grafana/Prometheus'],
  ...['CodePipeline', 'CodeBuild', 'ECR', 'GitHub Actions template', 'Environment variables'],
  ...['Secrets Manager', 'Cloud Map', 'DNS discovery', 'Health checks'],
  ...['IAM roles, policies, groups', 'Naming', 'Tags', 'Encryption at rest'],
  'Encryption in transit',
]

describe('the table of the environment', () => {
  const rows = text('docs/environment-table.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (part|---) /.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))

  it('has every part', () => {
    expect(rows.map(([part]) => part)).toEqual(PARTS)
  })

  it.each(rows)('%s: a file makes it, and a test of that name holds it', (_, makers, __, tests) => {
    expect(makers).toMatch(/^\[`(infra|catalog|\.github)\//)
    const held = [...(tests ?? '').matchAll(/\[`(test\/[^`]+)`\][^:]*: \*([^*]+)\*/g)]
    expect(held.length).toBeGreaterThan(0)
    for (const [, file = '', name = ''] of held) expect(text(file)).toContain(name)
  })

  it('names types that are in the templates', async () => {
    const stacks = stacksOf(await templatesOf())
    const types = stacks.flatMap(({ template }) =>
      Object.values(template.Resources).map(({ Type }) => Type),
    )
    const named = rows.flatMap(([, , cell = '']) => cell.match(/AWS::[\w:]+/g) ?? [])
    expect(named.filter((type) => !types.includes(type))).toEqual([])
  })
})

describe('the share of a week that is paid', () => {
  const schedule = (...running: [days: string, from: string, to: string][]) => ({
    running: running.map(([days, from, to]) => ({ days, from, to })),
  })
  test.each([
    ['always', undefined, 1],
    ['working hours', schedule(['mon-fri', '07:00', '20:00']), (5 * 13) / 168],
    ['over night', schedule(['mon', '22:00', '06:00']), 8 / 168],
    ['whole days', schedule(['mon, wed', '00:00', '24:00']), 48 / 168],
    ['around the weekend', schedule(['sat-mon', '00:00', '24:00']), 72 / 168],
    ['two periods', schedule(['mon', '08:00', '12:00'], ['tue', '08:00', '10:30']), 6.5 / 168],
    ['overlapping', schedule(['mon', '08:00', '12:00'], ['mon', '10:00', '13:00']), 5 / 168],
    ['a half of the year', { running: [{ months: 'jan-jun' }] }, 181 / 364],
    ['nothing that stops it', { running: [{ from: '08:00' }] }, 1],
    ['holidays aside', { running: [{ days: 'mon' }], calendar: 'here' }, 1 / 7],
  ])('%s', (_, running, share) => {
    expect(shareAwake(running)).toBeCloseTo(share)
  })
})

describe('what the way out costs', () => {
  const catalog = readCatalog('catalog')
  const { environment } = catalog
  const group = {
    stack: 'DevEnvironment',
    id: 'group',
    type: 'AWS::AutoScaling::AutoScalingGroup',
    properties: {
      Tags: [
        { Key: 'caretaker:way-out', Value: 'true' },
        { Key: 'caretaker:schedule', Value: 'when-needed' },
      ],
    },
  }
  const nat = (from: typeof catalog) =>
    costLines([group], from).filter(({ what }) => !what.startsWith('Task'))

  it('by an instance: its hours, disk and address, and none of them asleep', () => {
    const lines = nat(catalog).map(({ what, month, asleep }) => [what, month, asleep / month])
    const share = expect.closeTo((5 * 13) / 168, 5)
    expect(lines).toEqual([
      ['NAT instance, t4g.nano with 8 GB', expect.closeTo(730 * 0.0042 + 8 * 0.08), share],
      ['Public IPv4 address', expect.closeTo(730 * 0.005), share],
    ])
    const { gateway, instance } = waysOut(catalog)
    expect(gateway).toEqual({ month: expect.closeTo(36.5), asleep: expect.closeTo(36.5) })
    expect(instance.asleep).toBeCloseTo(nat(catalog).reduce((sum, one) => sum + one.asleep, 0))
  })

  it('by an instance that some service needs at all hours: as much as always', () => {
    const services = catalog.services.map((one) => ({ ...one, schedule: 'always-on' }))
    for (const { month, asleep } of nat({ environment, services })) expect(asleep).toBe(month)
  })
})
