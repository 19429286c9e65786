import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { readCatalog } from '../../catalog/read.ts'
import { Problem } from '../../cli/problem.ts'
import { catalogOf, type Files } from '../kits/catalog.ts'
import { Workplace } from '../kits/deployments.ts'

type Values = Record<string, unknown>
/** Members that are to be otherwise, by file; undefined takes one away, null the whole file. */
type Edit = Record<string, Values | null>

const ENVIRONMENT = parse(readFileSync('catalog/environment.yaml', 'utf8')) as Values
const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/1'
const DOMAIN = { domain: 'dev.example.com', hostedZone: 'Z0123456789', certificate: CERTIFICATE }
const CONNECTION = 'arn:aws:codeconnections:eu-central-1:123456789012:connection/1'

const BASE: Record<string, Values> = {
  environment: ENVIRONMENT,
  shop: {
    team: 'ordering',
    healthPath: '/health',
    route: { path: '/shop/*', priority: 10 },
    database: 'shared',
    cache: true,
    files: '/data',
    scaling: { max: 3 },
    secrets: ['KEY'],
    bucket: true,
  },
  gate: { team: 'ordering', cluster: 'frontend', nlb: 7000, dependsOn: ['shop'] },
  mail: { kind: 'worker', team: 'storefront', schedule: 'office-hours' },
  nightly: { kind: 'job', team: 'ordering', runs: 'rate(1 day)' },
}

/** A catalog of the base with an edit, as files. */
function edited(edit: Edit): string {
  const names = new Set([...Object.keys(BASE), ...Object.keys(edit)])
  const files: Files = {}
  for (const name of names) {
    const change = edit[name]
    if (change === null) continue
    const file = name === 'environment' ? 'environment.yaml' : `services/${name}.yaml`
    files[file] = stringify(JSON.parse(JSON.stringify({ ...BASE[name], ...change })))
  }
  return catalogOf(files)
}

const parts = (values: Values): Edit => ({ environment: { parts: values } })
const shop = (values: Values): Edit => ({ shop: values })
const gate = (values: Values): Edit => ({ gate: values })

/** From the base to the edit and back. */
const DEPLOYED: [name: string, edit: Edit, from?: Edit][] = [
  [
    'the port of an api, and of one behind the network load balancer',
    { ...shop({ port: 9090 }), ...gate({ port: 9090 }) },
  ],
  [
    'the port of the network load balancer, other scaling',
    { ...gate({ nlb: 7001 }), ...shop({ scaling: { min: 2, max: 5, cpu: 50 } }) },
  ],
  ['nlb becomes route', gate({ nlb: undefined, route: { path: '/gate/*', priority: 20 } })],
  ['route becomes nlb', shop({ route: undefined, healthPath: undefined, nlb: 8000 })],
  ['the last user of the network load balancer', gate({ nlb: undefined })],
  ['the last user of the cache', shop({ cache: false })],
  ['the last user of the database', shop({ database: undefined })],
  ['the last user of files', shop({ files: undefined })],
  [
    'the last user of everything shared',
    {
      ...shop({ files: undefined, cache: false, database: undefined }),
      ...gate({ nlb: undefined }),
    },
  ],
  ['a shared database becomes its own', shop({ database: 'own' })],
  ['access logs', parts({ accessLogs: false })],
  ['HTTPS', { environment: { certificate: CERTIFICATE } }],
  [
    'a domain, and the last network load balancer',
    { environment: DOMAIN, ...gate({ nlb: undefined }) },
  ],
  [
    'another domain',
    { environment: { ...DOMAIN, domain: 'new.example.com' } },
    { environment: DOMAIN },
  ],
  [
    'a host',
    {
      environment: DOMAIN,
      ...shop({ route: { host: 'shop', priority: 10 } }),
    },
  ],
  [
    'NAT gateways, interface endpoints, the provider of GitHub, budgets',
    {
      environment: {
        natGateways: 2,
        interfaceEndpoints: ['ecr', 'logs'],
        parts: { githubProvider: false },
        budget: 700,
        alarms: { cacheCpu: 80 },
      },
    },
  ],
  [
    'CPU, memory, schedule, health path, secrets',
    shop({
      cpu: 512,
      memory: 1024,
      schedule: 'office-hours',
      healthPath: '/ready',
      secrets: ['OTHER', 'THIRD'],
    }),
  ],
  [
    'a variable, a health command, a deploy policy, alarms, no bucket',
    shop({
      environment: { LEVEL: 'debug' },
      healthCommand: 'true',
      deploy: 'semver:~1.4',
      alarms: { errors: 5 },
      bucket: false,
    }),
  ],
  ['a count, dependsOn', gate({ count: 2, dependsOn: [] })],
  ['zones', { environment: { availabilityZones: 3 } }],
  [
    'bastion, flow logs, insights, dashboards',
    parts({ bastion: false, flowLogs: false, containerInsights: false, dashboards: false }),
  ],
  ['Prometheus, Grafana, Kubernetes', parts({ prometheus: true, grafana: true, kubernetes: true })],
  [
    'no scaling, tracing, immutable tags',
    shop({ scaling: undefined, tracing: true, immutableTags: true }),
  ],
  [
    'a team, the schedule of all',
    { environment: { schedule: 'office-hours' }, ...shop({ team: 'storefront' }) },
  ],
  [
    'the mail address of a team, the owner of all',
    {
      environment: {
        owner: 'storefront',
        teams: {
          ...(ENVIRONMENT.teams as Values),
          ordering: { owner: 'new@example.com', channel: '#ordering', budget: 250 },
        },
      },
    },
  ],
  ['api becomes web', gate({ kind: 'web' })],
  ['the cluster', gate({ cluster: 'backend' })],
  [
    'a worker becomes an api, a job a worker',
    { mail: { kind: 'api', spot: true }, nightly: { kind: 'worker', runs: undefined } },
  ],
  ['tracing', parts({ prometheus: true }), shop({ tracing: true })],
  [
    'another repository, a new service',
    { ...shop({ repository: 'team/shop' }), extra: { team: 'ordering', cache: true } },
  ],
  ['a repository that two share', gate({ repository: 'shop' })],
  [
    'a pipeline',
    { environment: { connection: CONNECTION }, ...shop({ source: { repository: 'acme/shop' } }) },
  ],
  [
    'the builder',
    shop({
      source: { repository: 'acme/shop', builder: 'github-actions', ownerId: 1, repositoryId: 2 },
    }),
    { environment: { connection: CONNECTION }, ...shop({ source: { repository: 'acme/shop' } }) },
  ],
  [
    'the rules of two routes',
    {
      ...shop({ route: { path: '/shop/*', priority: 30 } }),
      ...gate({ nlb: undefined, route: { path: '/gate/*', priority: 10 } }),
    },
  ],
]

/** An account in which the base is deployed: again, once an edit of it has been taken back. */
let standing: Workplace | undefined

describe('an edit of the catalog is deployed, and back', () => {
  test.each(DEPLOYED)('%s', async (_, edit, from) => {
    const before = edited(from ?? {})
    const after = edited({ ...from, ...edit })
    const kept = from === undefined ? standing : undefined
    const workplace = kept ?? (await Workplace.withCatalog(before))
    if (kept !== undefined) standing = undefined
    for (const catalog of [after, before]) {
      expect(await workplace.deploy(catalog)).toBe(true)
      workplace.said.length = 0
      await workplace.deploy(catalog)
      expect(workplace.said.filter((line) => !line.includes('has left the catalog'))).toEqual([
        'Nothing to deploy: dev is as the catalog says.',
      ])
      const failed = Object.entries(workplace.states).filter(
        ([, state]) => !/^(CREATE|UPDATE)_COMPLETE$/.test(state ?? ''),
      )
      expect(failed).toEqual([])
    }
    if (from === undefined) standing = workplace
  })
})

const REFUSED: [name: string, edit: Edit, says: RegExp][] = [
  [
    'the network',
    { environment: { cidr: '10.30.0.0/16' } },
    /cidr of environment\.yaml has changed/,
  ],
  [
    'the namespace',
    { environment: { namespace: 'other.internal' } },
    /namespace of environment\.yaml/,
  ],
  ['spot', gate({ spot: true }), /DevService-gate: spot of the service has changed/],
  [
    'api becomes worker',
    {
      ...shop({ kind: 'worker', route: undefined, healthPath: undefined }),
      ...gate({ dependsOn: [] }),
    },
    /spot of the service/,
  ],
  [
    'a renamed service that keeps its route',
    { shop: null, store: { ...BASE.shop }, ...gate({ dependsOn: ['store'] }) },
    /delete-stack --stack-name DevService-shop/,
  ],
  [
    'a removed service that was the last user',
    { shop: null, ...gate({ dependsOn: [] }) },
    /delete-stack --stack-name DevService-shop/,
  ],
]

describe('what cannot be deployed is refused before anything is changed', () => {
  test.each(REFUSED)('%s', async (_, edit, says) => {
    const workplace = await Workplace.withCatalog(edited({}))
    const attempt = workplace.deploy(edited(edit))
    await expect(attempt).rejects.toThrow(Problem)
    await expect(attempt).rejects.toThrow(says)
    await expect(attempt).rejects.toThrow('Nothing was changed')
    expect(workplace.words).toEqual([])
  })

  it('and a removed or renamed service, once its stack is deleted, is deployed', async () => {
    const workplace = await Workplace.withCatalog(edited({}))
    await workplace.simulation.cloudFormation.delete('DevService-shop')
    const renamed = { shop: null, store: { ...BASE.shop }, ...gate({ dependsOn: ['store'] }) }
    expect(await workplace.deploy(edited(renamed))).toBe(true)
  })
})

test('every edit is one that synth accepts', () => {
  for (const [, edit, from = {}] of DEPLOYED) readCatalog(edited({ ...from, ...edit }))
})
