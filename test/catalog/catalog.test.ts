import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { compileCatalog } from '../../catalog/compile.ts'
import { readCatalog } from '../../catalog/read.ts'
import { compiledCatalog } from '../../domain/compiled-catalog.ts'
import { generated } from '../../scripts/catalog.ts'
import { catalogOf } from '../kits/catalog.ts'

const SMALLEST = 'team: ordering\n'

/** One service's file, read. */
function read(yaml: string, name = 'alpha') {
  const [service] = readCatalog(catalogOf({ [`services/${name}.yaml`]: yaml })).services
  return service
}

describe('a catalog', () => {
  it('of the repository is a small shop: both clusters, every kind, services by name', () => {
    const { environment, services } = readCatalog('catalog')
    expect(environment.name).toBe('dev')
    expect(services.map(({ name, kind, cluster }) => [name, kind, cluster])).toEqual([
      ['gateway', 'api', 'frontend'],
      ['mailer', 'worker', 'backend'],
      ['nightly-report', 'job', 'backend'],
      ['orders', 'api', 'backend'],
      ['payments', 'api', 'backend'],
      ['products', 'api', 'backend'],
      ['web', 'web', 'frontend'],
    ])
    expect(services.filter(({ database }) => database).map(({ database }) => database)).toEqual([
      'own',
      'shared',
    ])
    expect(services.filter(({ cache }) => cache)).toHaveLength(1)
    expect(services.filter(({ nlb }) => nlb)).toHaveLength(1)
  })

  it('needs one line for a service; the rest is sized for development', () => {
    expect(read(SMALLEST)).toEqual({
      name: 'alpha',
      kind: 'api',
      platform: 'arm64',
      team: 'ordering',
      cluster: 'backend',
      repository: 'alpha',
      deploy: 'main',
      port: 8080,
      healthPath: '/',
      count: 1,
      cpu: 256,
      memory: 512,
      spot: false,
      order: 20,
      environment: {},
      secrets: [],
      aliases: {},
      envFiles: [],
      ports: [],
      queues: [],
      topics: [],
      sends: [],
      environments: {},
      exec: true,
      securityGroups: [],
      may: [],
      mounts: {},
      sidecars: {},
      cache: false,
      bucket: false,
      immutableTags: false,
      dependsOn: [],
      alarms: {
        errors: { threshold: 10, severity: 'look' },
        latency: { threshold: 3, severity: 'look' },
        cpu: { threshold: 90, severity: 'look' },
        memory: { threshold: 90, severity: 'look' },
        restarts: { threshold: 3, severity: 'look' },
        unhealthy: { severity: 'look' },
        'tasks-missing': { severity: 'look' },
        failed: { severity: 'look' },
      },
      circuit: false,
      tracing: false,
    })
  })

  test.each([
    ['web', 'frontend', 8080, false, 30],
    ['api', 'backend', 8080, false, 20],
    ['worker', 'backend', undefined, true, 20],
    ['job', 'backend', undefined, true, 20],
  ])('a %s is on the %s cluster, listens at %s, on Spot %s, in order %s', (kind, ...expected) => {
    const runs = kind === 'job' ? 'runs: rate(1 day)\n' : ''
    const service = read(`${SMALLEST}kind: ${kind}\n${runs}`)
    expect([service?.cluster, service?.port, service?.spot, service?.order]).toEqual(expected)
  })

  test.each(['main', 'glob:feature-*', 'semver:~1.4', 'off', '"1.4.2"'])(
    'takes the deploy policy %s',
    (deploy) => {
      expect(read(`${SMALLEST}deploy: ${deploy}\n`)?.deploy).toBe(deploy.replaceAll('"', ''))
    },
  )

  test.each([
    'cron(0 6 ? * MON-FRI *)',
    'cron(30 2 * * ? *)',
    'cron(0 8 L * ? *)',
    'rate(1 day)',
    'rate(90 minutes)',
  ])('runs a job at %s', (runs) => {
    expect(read(`${SMALLEST}kind: job\nruns: ${runs}\n`)?.runs).toBe(runs)
  })

  it('takes numbers and booleans for variables as the text they are', () => {
    const service = read(`${SMALLEST}environment: { RETRIES: 3, VERBOSE: true, LEVEL: info }\n`)
    expect(service?.environment).toEqual({ RETRIES: '3', VERBOSE: 'true', LEVEL: 'info' })
  })

  it('lets two services follow one repository', () => {
    const same = `${SMALLEST}repository: shared\n`
    const catalog = catalogOf({ 'services/alpha.yaml': same, 'services/beta.yaml': same })
    expect(readCatalog(catalog).services.map(({ repository }) => repository)).toEqual([
      'shared',
      'shared',
    ])
  })

  it('begins the names of repositories as the environment says, unless a file names one', () => {
    const environment = readFileSync('catalog/environment.yaml', 'utf8')
    const catalog = catalogOf({
      'environment.yaml': `${environment}\nrepositoryPrefix: dev/\n`,
      'services/alpha.yaml': SMALLEST,
      'services/beta.yaml': `${SMALLEST}repository: shared\n`,
    })
    expect(readCatalog(catalog).services.map(({ repository }) => repository)).toEqual([
      'dev/alpha',
      'shared',
    ])
  })

  it('lets Caretaker do what a name in a file asks for, and say the rest before it does it', () => {
    const tells = { sleep: 'act', tags: 'tell', budgets: 'tell', health: 'act' }
    const environment = readFileSync('catalog/environment.yaml', 'utf8')
    const compiled = (more = '') =>
      compileCatalog(readCatalog(catalogOf({ 'environment.yaml': `${environment}\n${more}` })))
    expect(compiled().features).toEqual(tells)
    const { features } = compiled('features: { sleep: tell, health: off }\n')
    expect(features).toEqual({ ...tells, sleep: 'tell', health: 'off' })
    expect(compiledCatalog.parse(compiled())).toEqual(compiled())
  })

  it('keeps every file of the example below ten lines, but for its comments', () => {
    for (const file of readdirSync('catalog/services')) {
      const lines = readFileSync(`catalog/services/${file}`, 'utf8').split('\n')
      expect(lines.filter((line) => /^[^#]/.test(line)).length, file).toBeLessThan(10)
    }
  })
})

describe('what is written from the catalog', () => {
  test.each(Object.entries(generated()))('%s is up to date: npm run catalog', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('has no page of a service that is gone', () => {
    const pages = Object.keys(generated()).filter((path) => path.startsWith('docs/services/'))
    expect(readdirSync('docs/services').map((file) => `docs/services/${file}`)).toEqual(pages)
  })

  it('is named in the first line of each file, for the editor', () => {
    const first = (path: string) => readFileSync(path, 'utf8').split('\n')[0]
    const line = (schema: string) => `# yaml-language-server: $schema=${schema}`
    expect(first('catalog/environment.yaml')).toBe(line('./schema/environment.json'))
    for (const file of readdirSync('catalog/services')) {
      expect(first(`catalog/services/${file}`), file).toBe(line('../schema/service.json'))
    }
  })
})
