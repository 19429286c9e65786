import { relative } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../catalog/read.ts'
import { catalogWith } from './helpers/catalog.ts'

const SMALLEST = 'team: ordering\ncluster: backend\n'
const ROUTED = 'team: storefront\ncluster: frontend\nroute:\n  path: /*\n  priority: 5\n'
const NO_SERVICES = { 'services/web.yaml': null, 'services/orders.yaml': null }
const ENVIRONMENT = 'name: dev\nregion: eu-central-1\nowner: platform\n'
const TEAMS = "teams:\n  platform:\n    owner: platform@example.com\n    channel: '#platform'\n"

/** What is said about a catalog, with its directory called `catalog`; undefined when it is fine. */
function complaint(files: Record<string, string | null>): string | undefined {
  const directory = catalogWith(files)
  try {
    readCatalog(directory)
    return undefined
  } catch (error) {
    expect(error).toHaveProperty('name', 'CatalogError')
    return (error as Error).message.replaceAll(relative(process.cwd(), directory), 'catalog')
  }
}

describe('a catalog', () => {
  it('of the repository is read, services by name', () => {
    const { environment, services } = readCatalog('catalog')
    expect(environment.name).toBe('dev')
    expect(services.map(({ name }) => name)).toEqual(['orders', 'web'])
  })

  it('needs two lines for a service; the rest is sized for development', () => {
    const { services } = readCatalog(catalogWith({ 'services/small.yaml': SMALLEST }))
    expect(services.find(({ name }) => name === 'small')).toEqual({
      name: 'small',
      team: 'ordering',
      cluster: 'backend',
      repository: 'small',
      deploy: 'main',
      port: 8080,
      count: 1,
      cpu: 256,
      memory: 512,
      healthPath: '/',
    })
  })

  it('takes every form of deploy policy that a tag can carry', () => {
    for (const deploy of ['main', 'glob:feature-*', 'semver:~1.4', 'off', '"1.4.2"']) {
      expect(complaint({ 'services/a.yaml': `${SMALLEST}deploy: ${deploy}\n` })).toBeUndefined()
    }
  })

  it('lets two services follow one repository', () => {
    const same = `${SMALLEST}repository: shared\n`
    expect(complaint({ 'services/a.yaml': same, 'services/b.yaml': same })).toBeUndefined()
  })
})

const POLICIES =
  'a tag (main), glob:<pattern> (glob:feature-*), semver:<range> (semver:~1.4) or off'
const TEAM_NAMES = 'platform, storefront, ordering'
const FIELDS =
  'team, cluster, repository, deploy, port, count, cpu, memory, route, healthPath, healthCommand'

const BROKEN: [string, Record<string, string | null>, string][] = [
  [
    'an unknown field',
    { 'services/a.yaml': `${SMALLEST}prot: 80\n` },
    `catalog/services/a.yaml:3 prot: found an unknown field, allowed: ${FIELDS}; correct its spelling or remove it`,
  ],
  [
    'an unknown field of a route',
    { 'services/a.yaml': `${SMALLEST}route:\n  path: /a\n  priority: 7\n  host: a\n` },
    'catalog/services/a.yaml:6 route.host: found an unknown field, allowed: path, priority; correct its spelling or remove it',
  ],
  [
    'a missing field',
    { 'services/a.yaml': 'cluster: backend\n' },
    'catalog/services/a.yaml:1 team: found nothing, allowed: one of the teams of environment.yaml; add it',
  ],
  [
    'a field without a value',
    { 'services/a.yaml': 'cluster: backend\nteam:\n' },
    'catalog/services/a.yaml:2 team: found nothing, allowed: one of the teams of environment.yaml; add it',
  ],
  [
    'an unknown cluster',
    { 'services/a.yaml': 'team: ordering\ncluster: middle\n' },
    'catalog/services/a.yaml:2 cluster: found "middle", allowed: frontend or backend; change it',
  ],
  [
    'an unknown team',
    { 'services/a.yaml': 'cluster: backend\n\nteam: sales\n' },
    `catalog/services/a.yaml:3 team: found "sales", allowed: ${TEAM_NAMES}; change it, or add the team to environment.yaml`,
  ],
  [
    'a team that is a word of JavaScript',
    { 'services/a.yaml': 'cluster: backend\nteam: constructor\n' },
    `catalog/services/a.yaml:2 team: found "constructor", allowed: ${TEAM_NAMES}; change it, or add the team to environment.yaml`,
  ],
  [
    'a policy that cannot be parsed',
    { 'services/a.yaml': `${SMALLEST}deploy: semver:oops\n` },
    `catalog/services/a.yaml:3 deploy: found "semver:oops", allowed: ${POLICIES}; change it`,
  ],
  [
    'a policy of an unknown kind',
    { 'services/a.yaml': `${SMALLEST}deploy: regex:.*\n` },
    `catalog/services/a.yaml:3 deploy: found "regex:.*", allowed: ${POLICIES}; change it`,
  ],
  [
    'a policy that no AWS tag can hold',
    { 'services/a.yaml': `${SMALLEST}deploy: semver:>=1 <2\n` },
    `catalog/services/a.yaml:3 deploy: found "semver:>=1 <2", allowed: ${POLICIES}; change it`,
  ],
  [
    'a number that is text',
    { 'services/a.yaml': `${SMALLEST}port: http\n` },
    'catalog/services/a.yaml:3 port: found "http", allowed: 1 to 65535; change it',
  ],
  [
    'a number out of range',
    { 'services/a.yaml': `${SMALLEST}count: 500\n` },
    'catalog/services/a.yaml:3 count: found 500, allowed: 1 to 10 tasks; change it',
  ],
  [
    'memory that Fargate does not have with this cpu',
    { 'services/a.yaml': `${SMALLEST}memory: 4096\n` },
    'catalog/services/a.yaml:3 memory: found 4096, allowed: 512 to 2048 MiB in whole gibibytes with cpu 256; change memory or cpu',
  ],
  [
    'a cpu whose memory was left at the default',
    { 'services/a.yaml': `${SMALLEST}cpu: 1024\n` },
    'catalog/services/a.yaml:1 memory: found 512, allowed: 2048 to 8192 MiB in whole gibibytes with cpu 1024; change memory or cpu',
  ],
  [
    'a route that another service has',
    {
      'services/a.yaml': `${SMALLEST}route:\n  path: /*\n  priority: 7\n`,
      'services/web.yaml': ROUTED,
    },
    'catalog/services/web.yaml:4 route.path: found "/*", allowed: one that no other service has; catalog/services/a.yaml has this; change one of them',
  ],
  [
    'a priority that another service has',
    {
      'services/a.yaml': `${SMALLEST}route:\n  path: /a\n  priority: 5\n`,
      'services/web.yaml': ROUTED,
    },
    'catalog/services/web.yaml:5 route.priority: found 5, allowed: one that no other service has; catalog/services/a.yaml has this; change one of them',
  ],
  [
    'a name that AWS names cannot hold',
    { 'services/My_Service.yaml': SMALLEST },
    'catalog/services/My_Service.yaml:1 the file: found "My_Service.yaml", allowed: a file name of up to 20 lower-case letters, digits and single hyphens, a letter first; rename the file',
  ],
  [
    'a file that is no service',
    { 'services/notes.txt': 'remember' },
    'catalog/services/notes.txt:1 the file: found "notes.txt", allowed: <service name>.yaml; rename or remove the file',
  ],
  [
    'an empty file',
    { 'services/a.yaml': '' },
    [
      'catalog/services/a.yaml:1 team: found nothing, allowed: one of the teams of environment.yaml; add it',
      'catalog/services/a.yaml:1 cluster: found nothing, allowed: frontend or backend; add it',
    ].join('\n'),
  ],
  [
    'a list where fields belong',
    { 'services/a.yaml': '- team: ordering\n' },
    `catalog/services/a.yaml:1 the file: found [{"team":"ordering"}], allowed: ${FIELDS}; change it`,
  ],
  [
    'a key twice',
    { 'services/a.yaml': `${SMALLEST}team: platform\n` },
    'catalog/services/a.yaml:3 the file: found Map keys must be unique, allowed: YAML with each key once; correct this line',
  ],
  [
    'no environment',
    { 'environment.yaml': null },
    'catalog/environment.yaml:1 the file: found nothing, allowed: a catalog directory with environment.yaml and services/<name>.yaml; create the file or name another directory',
  ],
  [
    'a network that is none',
    { ...NO_SERVICES, 'environment.yaml': `${ENVIRONMENT}cidr: 10.20.0.0/24\n${TEAMS}` },
    'catalog/environment.yaml:4 cidr: found "10.20.0.0/24", allowed: an IPv4 network of /16 to /20, such as 10.20.0.0/16; change it',
  ],
  [
    'a team without a channel',
    {
      ...NO_SERVICES,
      'environment.yaml': `${ENVIRONMENT}teams:\n  platform:\n    owner: platform@example.com\n`,
    },
    "catalog/environment.yaml:5 teams.platform.channel: found nothing, allowed: a Slack channel: '#name' (quoted) or its id; add it",
  ],
  [
    'an owner that is no team',
    {
      ...NO_SERVICES,
      'environment.yaml': `name: dev\nregion: eu-central-1\nowner: nobody\n${TEAMS}`,
    },
    'catalog/environment.yaml:3 owner: found "nobody", allowed: platform; change it, or add the team',
  ],
  [
    'several things at once',
    {
      'services/a.yaml': 'team: sales\ncluster: backend\ndeploy: "glob:"\n',
      'services/b.yaml': `${SMALLEST}prot: 80\n`,
    },
    [
      `catalog/services/a.yaml:1 team: found "sales", allowed: ${TEAM_NAMES}; change it, or add the team to environment.yaml`,
      `catalog/services/a.yaml:3 deploy: found "glob:", allowed: ${POLICIES}; change it`,
      `catalog/services/b.yaml:3 prot: found an unknown field, allowed: ${FIELDS}; correct its spelling or remove it`,
    ].join('\n'),
  ],
]

describe('a broken catalog says file, line, field, what was found, what is allowed, what to do', () => {
  test.each(BROKEN)('%s', (_, files, message) => {
    expect(complaint(files)).toBe(message)
  })
})
