import { Buffer } from 'node:buffer'
import { rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { CatalogError } from '../../catalog/problem.ts'
import { readCatalog } from '../../catalog/read.ts'
import { refusal } from '../kits/broken.ts'
import { catalogOf } from '../kits/catalog.ts'

const LEVELS = 'keys of one level that all begin in the same column, by spaces'
const INDENT = `found a line that begins further left or right than the lines it belongs to, allowed: ${LEVELS}; indent this line like the ones beside it`
const TAB =
  'found a tab at the beginning of the line, allowed: spaces, two for each level; replace the tab by spaces'
const COLON =
  'found a line without a key, allowed: a key, a colon, a space and a value: port: 8080; add what is missing; after the colon a space must follow'
const SPECIAL =
  'found a value that begins with a character that means something else in YAML, allowed: text that begins with a letter or a digit, or text in quotes; put the value into quotes'
const COLONS =
  'found a second colon with a space after it, in one line, allowed: text with ": " in it only in quotes; put the value into quotes'
const OPEN =
  'found a list or a map in one line that is not closed, allowed: as many closing ] and } as opening ones; close it on this line or indent what follows'
const UNKNOWN = /found an unknown field, allowed: .*; /

/** The file of a service, the line that is wrong, and what is said of it. */
const YAML: [string, number, string][] = [
  ['team: ordering\nroute:\n\tpath: /a\n', 3, TAB],
  ['team: ordering\n\tport: 80\n', 2, TAB],
  ['team: ordering\n  port: 80\n', 2, INDENT],
  ['route:\n    path: /a\n  priority: 1\nteam: ordering\n', 3, INDENT],
  [
    'team: ordering\nport: 80\nport: 81\n',
    3,
    'found a key that stands here a second time, allowed: YAML with each key once; remove one of the two, or put their values together',
  ],
  [
    'team: ordering\n---\nteam: ordering\n',
    2,
    'found a second document (---), allowed: one document in each file; move what follows into a file of its own',
  ],
  ['team: ordering\nport:80\n', 2, COLON],
  ['team: ordering\nport 80\n', 2, COLON],
  ['team ordering\nport: 80\n', 1, COLON],
  ['team: ordering\nhealthCommand: echo: hi\n', 2, COLONS],
  ['team: ordering\nhealthCommand: echo: hi: ok\n', 2, COLONS],
  ['team: @ordering\n', 1, SPECIAL],
  ['team: `ordering`\n', 1, SPECIAL],
  ['team: ordering\ndeploy: %main\n', 2, SPECIAL],
  [
    'team: ordering\nroute: { path: *, priority: 1 }\n',
    2,
    'found a value that begins with *, which means something else in YAML, allowed: text that begins with a letter or a digit, or text in quotes; put the value into quotes',
  ],
  [
    'team: ordering\ndeploy: *main\n',
    2,
    'found *main, and no part of the file called &main, allowed: text that begins with * only in quotes; put the value into quotes, or name a part above with &',
  ],
  [
    'team: !GetAtt Team.Name\n',
    1,
    'found a value that begins with !, which means something else in YAML, allowed: text that begins with ! only in quotes; nothing of CloudFormation’s is read here; write the value itself, in quotes',
  ],
  ['team: ordering\nsecrets: [A, B\nport: 1\n', 2, OPEN],
  ['team: ordering\nroute: { path: /a, priority: 1\nport: 1\n', 2, OPEN],
  [
    'team: ordering\nhealthCommand: "wget\nport: 80\n',
    2,
    'found a quote that is not closed, allowed: text with a quote at both of its ends; add the second quote',
  ],
  [
    'team: ordering\nhealthCommand: "test \\d"\n',
    2,
    'found a \\ in double quotes that no character follows which needs one, allowed: text in single quotes, where \\ is a character like others; use single quotes, or write \\\\',
  ],
  [
    'just words\n',
    1,
    'found text without a key, allowed: keys with values, such as team: storefront; write a key, a colon, a space and a value in each line',
  ],
  [
    'team:ordering\n',
    1,
    'found text without a key, allowed: keys with values, such as team: storefront; write a key, a colon, a space and a value in each line',
  ],
]

describe('YAML that cannot be read is told in words, at the line to change', () => {
  test.each(YAML)('%j', (yaml, line, message) => {
    expect(refusal({ 'services/alpha.yaml': yaml }).message).toBe(
      `services/alpha.yaml:${line} the file: ${message}`,
    )
  })
})

/** What was written, and what was meant. */
const MEANT: [string, string][] = [
  ['healtPath: /', 'healthPath'],
  ['healthpath: /', 'healthPath'],
  ['health_path: /', 'healthPath'],
  ['HealthCommand: ok', 'healthCommand'],
  ['memroy: 512', 'memory'],
  ['enviroment: { A: b }', 'environment'],
  ['env: { A: b }', 'environment'],
  ['variables: { A: b }', 'environment'],
  ['secert: [A]', 'secrets'],
  ['depends_on: [a]', 'dependsOn'],
  ['links: [a]', 'dependsOn'],
  ['replicas: 2', 'count'],
  ['desired_count: 2', 'count'],
  ['healthcheck: ok', 'healthCommand'],
  ['autoscaling: { max: 2 }', 'scaling'],
  ['type: web', 'kind'],
  ['cron: rate(1 day)', 'runs'],
  ['wakeonrequest: true', 'wakeOnRequest'],
  ['shedule: always-on', 'schedule'],
  ['datbase: own', 'database'],
  ['route: { path: /a, priorty: 1, priority: 1 }', 'priority'],
  ['health: { intervall: 5 }', 'interval'],
  ['deployment: { min: 5 }', 'minimum'],
  ['alarms: { latnecy: 5 }', 'latency'],
  ['scaling: { maximum: 5, max: 5 }', 'max'],
  ['source: { brnach: a, repository: a/b }', 'branch'],
]

describe('a key that is not there is told with the one that was probably meant', () => {
  test.each(MEANT)('%s', (line, key) => {
    const { message } = refusal({ 'services/alpha.yaml': `team: ordering\n${line}\n` })
    expect(message).toMatch(UNKNOWN)
    expect(message).toContain(`; did you mean ${key}?`)
    expect(message).not.toContain('\n')
  })

  it('or with all there are where none is near', () => {
    const { message } = refusal({ 'services/alpha.yaml': 'team: ordering\nwhatever: 5\n' })
    expect(message).toMatch(/allowed: kind, team, .*tracing.*; correct its spelling or remove it$/)
  })
})

/** What was written, where it is told, and what to do. */
const REMEDIES: [string, string, string][] = [
  ['port: "8080"', 'port', 'remove the quotes'],
  ['cpu: "512"', 'cpu', 'remove the quotes'],
  ['deploy: 1.4', 'deploy', 'put it into quotes'],
  ['deploy: 20261129', 'deploy', 'put it into quotes'],
  ['deploy: true', 'deploy', 'put it into quotes'],
  ['cache: yes', 'cache', 'write true'],
  ['cache: off', 'cache', 'write false'],
  ['cache: "true"', 'cache', 'remove the quotes'],
  ['kind: wep', 'kind', 'did you mean web?'],
  ['kind: Worker', 'kind', 'did you mean worker?'],
  ['platform: arm', 'platform', 'did you mean arm64?'],
  ['platform: x86-64', 'platform', 'did you mean x86_64?'],
  ['dependsOn: beta', 'dependsOn', 'put it into a list: [beta]'],
  ['dependsOn: [alpah]', 'dependsOn.0', 'did you mean alpha?'],
  ['schedule: office_hours', 'schedule', 'did you mean office-hours?'],
  ['port: "http"', 'port', 'change it'],
  ['port: "99999"', 'port', 'change it'],
  ['alarms: { cpu: { threshold: 200 } }', 'alarms.cpu.threshold', 'change it'],
  ['alarms: { cpu: { severity: pages } }', 'alarms.cpu.severity', 'did you mean page?'],
  ['route: { path: /a, priority: "7" }', 'route.priority', 'remove the quotes'],
]

describe('a value that is nearly right is told with what to do', () => {
  test.each(REMEDIES)('%s', (line, field, remedy) => {
    const { message } = refusal({ 'services/alpha.yaml': `team: ordering\n${line}\n` })
    expect(message).toMatch(new RegExp(`^services/alpha\\.yaml:2 ${field}: found .*; `))
    expect(message.endsWith(`; ${remedy}`), message).toBe(true)
    expect(message).not.toContain('\n')
  })

  it('a team too', () => {
    expect(refusal({ 'services/alpha.yaml': 'team: orderings\n' }).message).toBe(
      'services/alpha.yaml:1 team: found "orderings", allowed: platform, storefront, ordering; did you mean ordering?',
    )
  })
})

describe('a file that is not text in UTF-8', () => {
  const said = (content: Buffer): string => {
    const directory = catalogOf({})
    writeFileSync(join(directory, 'services', 'alpha.yaml'), content)
    try {
      readCatalog(directory)
      return 'nothing'
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error
      return error.message.replaceAll(`${relative(process.cwd(), directory)}/`, '')
    }
  }

  it('is told with the line of its first other character', () => {
    expect(said(Buffer.from('# ok\nteam: ordering # für alle\n', 'latin1'))).toBe(
      'services/alpha.yaml:2 the file: found a character that is not in UTF-8, allowed: text in UTF-8; save the file as UTF-8',
    )
    expect(said(Buffer.from('\ufeffteam: ordering\n', 'utf16le'))).toBe(
      'services/alpha.yaml:1 the file: found text in UTF-16, allowed: text in UTF-8; save the file as UTF-8',
    )
  })

  it('or is read, with a byte order mark and with what is in UTF-8', () => {
    expect(said(Buffer.from('\ufeffteam: ordering # für alle 👋\n', 'utf8'))).toBe('nothing')
  })
})

it('says so when services/ is missing, and leaves alone what Git and editors put there', () => {
  const directory = catalogOf({ 'services/.gitkeep': '' })
  expect(readCatalog(directory).services).toEqual([])
  rmSync(join(directory, 'services'), { recursive: true })
  expect(() => readCatalog(directory)).toThrow(
    /services:1 the directory: found nothing, allowed: a directory services\/ beside environment\.yaml, with a file <name>\.yaml for each service; create it; it may be empty at first$/,
  )
})
