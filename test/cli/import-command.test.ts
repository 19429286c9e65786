import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { importPage } from '../../cli/docs/import-page.ts'
import { filled } from '../../cli/import/compose/interpolate.ts'
import { runsOf } from '../../cli/import/copilot/schedule.ts'
import { secondsOf, shellWords } from '../../cli/import/words.ts'
import { importComposeFiles, importCopilotFolder, importScoreFiles } from '../../cli/import.ts'
import { Problem } from '../../cli/problem.ts'
import { UsageError } from '../../cli/usage.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { stacksOf } from '../../scripts/assembly.ts'
import {
  type Format,
  folderWith,
  imported,
  inputOf,
  inputsOf,
  servicesIn,
} from '../kits/imports.ts'

function toolsIn(folder: string) {
  const said: string[] = []
  const env = { PATH: process.env.PATH, HOME: '/nowhere', GIT_CONFIG_GLOBAL: '/dev/null' }
  return { folder, said, env, out: (text: string) => said.push(text) }
}

const SMALL = 'services:\n  web:\n    build: .\n    ports: ["8080:8080"]\n'

describe('the command', () => {
  it('says what was written, what was left out, and what to type next', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': `${SMALL}    privileged: true\n` }))
    expect(importComposeFiles(['.'], {}, tools)).toBe(0)
    const [text] = tools.said
    expect(text).toMatch(
      /^Written:\n {2}catalog\/environment\.yaml\n {2}catalog\/services\/web\.yaml\n/,
    )
    expect(text).toMatch(/compose\.yaml:5 services\.web\.privileged: found true; left out because/)
    expect(text).toMatch(/put an e-mail address in place of you@example\.com/)
    expect(text).toMatch(/What comes next:\n {2}npx caretaker environment synth/)
  })

  it('with --dry-run prints the files, and writes nothing', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': SMALL }))
    importComposeFiles(['.'], { dryRun: true }, tools)
    expect(tools.said[0]).toMatch(
      /Would be written:[\s\S]*# catalog\/services\/web\.yaml\n[\s\S]*port: 8080/,
    )
    expect(readdirSync(tools.folder)).toEqual(['compose.yaml'])
  })

  it('overwrites nothing, but with --force', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': SMALL }))
    importComposeFiles(['.'], {}, tools)
    const before = readFileSync(join(tools.folder, 'catalog/services/web.yaml'), 'utf8')
    writeFileSync(join(tools.folder, 'compose.yaml'), SMALL.replaceAll('8080', '9090'))
    expect(() => importComposeFiles(['.'], {}, tools)).toThrow(
      /catalog\/services\/web\.yaml: there already, and nothing was written\. --force/,
    )
    expect(readFileSync(join(tools.folder, 'catalog/services/web.yaml'), 'utf8')).toBe(before)
    importComposeFiles(['.'], { force: true }, tools)
    expect(servicesIn(tools.folder).web).toMatchObject({ port: 9090 })
  })

  it('adds to a catalog that is there: its owner, its namespace, paths and ports that are free', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': SMALL.replaceAll('web', 'shop') }))
    importComposeFiles(['.'], { name: 'stage' }, tools)
    writeFileSync(
      join(tools.folder, 'more.yaml'),
      `${SMALL}  api:\n    build: api\n    expose: ["3000"]\n    environment: { SELF: "http://api:3000" }\n    depends_on: [web]\n  caller: { build: caller, environment: { API: "http://api:3000" } }\n`,
    )
    importComposeFiles(['more.yaml'], {}, tools)
    const { shop, web, api, caller } = servicesIn(tools.folder)
    expect(shop?.route).toMatchObject({ paths: ['/*'], priority: 1000 })
    expect(web?.route).toMatchObject({ paths: ['/web', '/web/*'], priority: 700 })
    expect(api).toMatchObject({ port: 3000, dependsOn: ['web'] })
    expect(caller?.environment).toEqual({ API: 'http://api.dev.internal:3000' })
  })

  it('writes all or nothing: a disk that refuses one file has none of them', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': SMALL, 'to/.keep': '' }))
    mkdirSync(join(tools.folder, 'catalog'))
    writeFileSync(join(tools.folder, 'catalog', 'services'), 'a file where a folder has to be')
    expect(() => importComposeFiles(['.'], {}, tools)).toThrow(Problem)
    expect(existsSync(join(tools.folder, 'catalog', 'environment.yaml'))).toBe(false)
  })

  it('of which nothing can be a service, writes nothing and says why', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': 'services:\n  db: { image: "mysql:8" }\n' }))
    expect(importComposeFiles(['.'], {}, tools)).toBe(1)
    expect(tools.said[0]).toMatch(/^Nothing was written[\s\S]*services\.db[\s\S]*RDS for MySQL/)
    expect(existsSync(join(tools.folder, 'catalog'))).toBe(false)
  })
})

describe('what is wrong is one line', () => {
  const compose =
    (text: string, paths = ['compose.yaml']) =>
    () =>
      importComposeFiles(paths, {}, toolsIn(folderWith({ 'compose.yaml': text })))
  const score = (text: string) => () =>
    importScoreFiles(['score.yaml'], {}, toolsIn(folderWith({ 'score.yaml': text })))
  const copilot =
    (files: Record<string, string>, options = {}) =>
    () =>
      importCopilotFolder('.', options, toolsIn(folderWith(files)))
  const MANIFEST =
    'name: a\ntype: Backend Service\nimage: { build: . }\nenvironments: { test: {} }\n'

  test.each<[string, () => unknown, RegExp]>([
    [
      'no file',
      compose(SMALL, ['nowhere.yaml']),
      /^nowhere\.yaml: found nothing, allowed: a Compose/,
    ],
    [
      'an empty folder',
      () => importComposeFiles(['.'], {}, toolsIn(folderWith({}))),
      /found no compose/,
    ],
    ['a tab', compose('services:\n\tweb: {}\n'), /^compose\.yaml:2: found a tab/],
    ['services as a list', compose('services: [web]\n'), /^compose\.yaml:1 services: found no map/],
    [
      'a service that is text',
      compose('services: { web: nginx }\n'),
      /services\.web: found no map/,
    ],
    ['extends of nothing', compose('services: { a: { extends: b } }\n'), /extends: found "b"/],
    [
      'extends in a circle',
      compose('services: { a: { extends: b }, b: { extends: a } }\n'),
      /circle/,
    ],
    ['itself included', compose('include: [compose.yaml]\n'), /found itself/],
    [
      'two of one name',
      compose('services: { a-b: { build: . }, a_b: { build: . } }\n'),
      /both be called a-b/,
    ],
    [
      'an alias without end',
      compose('services: &a\n  b: *a\n'),
      /an alias \(\*name\) inside what it names/,
    ],
    [
      'another Score',
      score('apiVersion: score.dev/v2\n'),
      /^score\.yaml:1 apiVersion: found "score\.dev\/v2"/,
    ],
    [
      'no containers',
      score('apiVersion: score.dev/v1b1\nmetadata: { name: a }\n'),
      /containers: found nothing/,
    ],
    ['no copilot', copilot({ 'a.yaml': '' }), /found no folder copilot/],
    [
      'no manifest',
      copilot({ 'copilot/.workspace': '' }),
      /found no copilot\/<workload>\/manifest/,
    ],
    [
      'another environment',
      copilot({ 'copilot/a/manifest.yml': MANIFEST }, { environment: ['prod'] }),
      /^--environment: found "prod", allowed: test/,
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message)
    try {
      act()
    } catch (error) {
      expect(error instanceof Problem || error instanceof UsageError).toBe(true)
      expect((error as Error).message).not.toContain('\n')
    }
  })

  it('an option that cannot be used', () => {
    const tools = toolsIn(folderWith({ 'compose.yaml': SMALL }))
    expect(() => importComposeFiles(['.'], { team: 'nobody' }, tools)).toThrow(
      /^--team: found "nobody"/,
    )
    expect(() => importComposeFiles(['.'], { name: 'Dev' }, tools)).toThrow(/^--name: found "Dev"/)
    expect(() => importComposeFiles(['.'], { to: '.' }, tools)).toThrow(
      /has files, but no environment/,
    )
  })
})

describe('secrets', () => {
  it('that several services have are put in once', () => {
    const { folder, catalogs } = inputOf('compose', 'django-celery')
    expect(catalogs[0]?.steps).toEqual(['npx caretaker secret set site SECRET_KEY'])
    expect(servicesIn(folder).worker?.secrets).toEqual({ SECRET_KEY: { of: 'site' } })
  })
})

describe('Compose', () => {
  it('one image as site, worker, beat, migrate and flower, behind nginx', () => {
    const { site, worker, beat, flower, ...others } = servicesIn(
      inputOf('compose', 'django-celery').folder,
    )
    expect(Object.keys(others)).toEqual([])
    expect(site).toMatchObject({
      ...{ kind: 'api', port: 8000, healthPath: '/health/', files: '/code/media', cache: true },
      preDeploy: ['python', 'manage.py', 'migrate'],
      route: { paths: ['/*'] },
      as: { database: { DATABASE_URL: 'postgres://{username}:{password}@{host}:{port}/{name}' } },
    })
    expect(worker).toMatchObject({
      kind: 'worker',
      repository: 'site',
      cpu: 512,
      memory: 1024,
      count: 2,
    })
    expect(beat?.command).toEqual(['celery', '-A', 'shop', 'beat'])
    expect(flower?.route?.paths).toEqual(['/flower', '/flower/*'])
  })

  it('several files, extends, include, !override and !reset', () => {
    const { web, jobs } = servicesIn(inputOf('compose', 'multi-file').folder)
    expect(web).toMatchObject({ port: 3000, environment: { LEVEL: 'debug', NAME: 'web' } })
    expect(web?.command).toEqual(['node', '--inspect', 'server.js'])
    expect(jobs).toMatchObject({ kind: 'worker', command: ['node', 'jobs.js'], repository: 'web' })
  })

  it('how a process runs, which no key of the catalog is for', () => {
    const { api } = servicesIn(inputOf('compose', 'secrets-and-configs').folder)
    expect(api?.override?.containers?.api).toEqual({
      User: '1001:1001',
      ReadonlyRootFilesystem: true,
    })
    const { broker } = servicesIn(inputOf('compose', 'mqtt-broker').folder)
    expect(broker?.override?.containers?.broker).toEqual({
      StopTimeout: 20,
      Ulimits: [{ Name: 'nofile', SoftLimit: 65_535, HardLimit: 65_535 }],
    })
  })

  it('the services of a profile that is asked for', () => {
    const files = inputsOf('compose').find(({ name }) => name === 'rails')?.files ?? {}
    const folder = folderWith(files)
    imported('compose', folder, Object.keys(files), { profile: ['dev'] })
    expect(Object.keys(servicesIn(folder))).toEqual(['css', 'sidekiq', 'web'])
  })

  test.each([
    ['$A', 'one'],
    ['@{A}-@{B:-two}', 'one-two'],
    ['@{EMPTY:-x}@{EMPTY-y}', 'x'],
    ['@{B-@{A}}', 'one'],
    ['@{A:+yes}@{B:+no}', 'yes'],
    ['$$A costs $5', '$A costs $5'],
    ['@{B:?say it}', ''],
    ['@{unclosed', '@{unclosed'],
  ])('%s (with $ for @) is %s', (text, wanted) => {
    const dollars = (one: string) => one.replaceAll('@', '$')
    expect(filled(dollars(text), { A: 'one', EMPTY: '' }).text).toBe(dollars(wanted))
  })

  test.each([
    [`a "b c" 'd  e' f\\ g`, ['a', 'b c', 'd  e', 'f g']],
    ['""', ['']],
    ['', []],
    [`sh -c "echo \\"x\\" \\d"`, ['sh', '-c', 'echo "x" \\d']],
  ])('the words of %s', (text, words) => expect(shellWords(text)).toEqual(words))

  test.each([
    ['1m30s', 90],
    ['250ms', 1],
    ['1.5h', 5400],
    ['10', 10],
    ['soon', undefined],
  ])('%s in seconds', (text, seconds) => expect(secondsOf(text)).toBe(seconds))
})

describe('Copilot', () => {
  it('one catalog for each environment, with its overlay put in', () => {
    const { folder, catalogs } = inputOf('copilot', 'environments-overlay')
    expect(catalogs.map(({ catalog }) => catalog)).toEqual([
      ...['catalog/dev', 'catalog/prod-eu-west-1', 'catalog/staging'],
    ])
    const api = (environment: string) => servicesIn(folder, `catalog/${environment}`).api
    expect(api('dev')?.count).toBe(1)
    expect(api('dev')?.scaling).toBeUndefined()
    expect(api('staging')).toMatchObject({ environment: { A: 'one', B: 'three' } })
    expect(api('staging')?.scaling).toEqual({ min: 2, max: 4, cpu: 60 })
    expect(api('prod-eu-west-1')).toMatchObject({ cpu: 2048, memory: 4096, scaling: { max: 20 } })
    expect(readCatalog(join(folder, 'catalog/prod-eu-west-1')).environment.name).toBe('prodeuwest')
  })

  it('how long logs are kept, and a root that is only read', () => {
    expect(servicesIn(inputOf('copilot', 'job-every').folder).poll?.logs).toMatchObject({
      retention: 7,
    })
    const { api } = servicesIn(inputOf('copilot', 'backend').folder)
    expect(api?.override?.containers?.api).toEqual({ ReadonlyRootFilesystem: true })
  })

  it('the longest path is asked first, the root last, and none is given twice', () => {
    const services = servicesIn(inputOf('copilot', 'three-paths').folder)
    const routes = Object.values(services).map(({ name, route }) => [
      name,
      route?.paths,
      route?.priority,
    ])
    expect(routes).toEqual([
      ['admin', ['/api/admin', '/api/admin/*'], 700],
      ['api', ['/api', '/api/*'], 710],
      ['front', ['/*'], 1000],
      ['second-front', ['/second-front', '/second-front/*'], 720],
    ])
  })

  test.each([
    ['@daily', 'cron(0 0 * * ? *)'],
    ['@every 1h30m', 'rate(90 minutes)'],
    ['@every 1h', 'rate(1 hour)'],
    ['@every 30s', 'rate(1 minute)'],
    ['0 2 * * 1-5', 'cron(0 2 ? * MON-FRI *)'],
    ['0 2 * * 7', 'cron(0 2 ? * SUN *)'],
    ['0 2 * * 1-5/2', 'cron(0 2 ? * MON-FRI/2 *)'],
    ['0 */2 */3 * *', 'cron(0 */2 */3 * ? *)'],
    ['0 2 1 * 1', undefined],
    ['none', undefined],
  ])('%s runs at %s', (text, runs) => expect(runsOf(text)).toBe(runs))
})

describe('Score', () => {
  it('what a resource gives is in the variables that the file names', () => {
    const { backstage } = servicesIn(inputOf('score', 'web-and-db').folder)
    expect(backstage).toMatchObject({
      ...{ kind: 'api', port: 7007, healthPath: '/ready', cpu: 512, memory: 1024 },
      entryPoint: ['node'],
      as: { database: { POSTGRES_HOST: 'host', POSTGRES_USER: 'username' } },
      environment: { NAME: 'backstage-x', PRICE: 'costs $5' },
    })
  })

  it('containers beside the service’s own, and in which order', () => {
    const { beside } = servicesIn(inputOf('score', 'sidecar').folder)
    expect(beside).toMatchObject({ cpu: 2048, memory: 4096 })
    expect(beside?.sidecars).toMatchObject({
      proxy: { before: 'started', environment: { LEVEL: 'info' } },
    })
  })
})

describe('synthesizes', () => {
  test.each<[Format, string]>([
    ['copilot', 'worker-queue'],
    ['compose', 'mqtt-broker'],
    ['copilot', 'sidecar-nginx'],
    ['copilot', 'router'],
    ['score', 'sidecar'],
  ])('%s %s', async (format, name) => {
    const { folder } = inputOf(format, name)
    const catalog = join(folder, 'catalog')
    const stacks = stacksOf(await templatesOf(catalog)).map((one) => one.name)
    const services = Object.keys(servicesIn(folder)).map((service) =>
      expect.stringMatching(`Service-${service}$`),
    )
    expect(stacks).toEqual(expect.arrayContaining(services))
  })
})

it('docs/import.md says what the tables say: run `npm run docs`', () => {
  expect(readFileSync('docs/import.md', 'utf8')).toBe(importPage())
})
