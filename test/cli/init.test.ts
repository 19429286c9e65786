import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { readCatalog } from '../../catalog/read.ts'
import { SERVICE_NAME } from '../../catalog/words.ts'
import { newFiles, withIgnored, withScripts } from '../../cli/init/files.ts'
import { wrongWith } from '../../cli/init/questions.ts'
import { initIn } from '../../cli/init.ts'
import { Interrupted, Problem } from '../../cli/problem.ts'
import { UsageError } from '../../cli/usage.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { stacksOf } from '../../scripts/assembly.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/** Git knows nobody here, so that nothing comes from who runs the tests. */
const ENV = { PATH: process.env.PATH, HOME: '/nowhere', GIT_CONFIG_GLOBAL: '/dev/null' }

/** Somebody who types these lines; undefined is Ctrl-C. */
function person(typed: readonly (string | undefined)[], env: Record<string, string> = {}) {
  const folder = temporaryDirectory()
  const said: string[] = []
  const asked: string[] = []
  const lines = [...typed]
  const tools = {
    ...{ folder, timeZone: 'Europe/Berlin', env: { ...ENV, ...env } },
    out: (text: string) => said.push(text),
    tell: (text: string) => said.push(text),
    ask: async (text: string) => {
      asked.push(text)
      return lines.shift()
    },
  }
  return {
    folder,
    said,
    asked,
    tools,
    read: (path: string) => readFileSync(join(folder, path), 'utf8'),
  }
}

test('--json: what was answered and written, as one document', async () => {
  const { tools, said } = person([])
  expect(await initIn({ yes: true, json: true, service: 'orders' }, tools)).toBe(0)
  expect(said.length).toBe(1)
  expect(JSON.parse(said[0] ?? '')).toMatchObject({
    answers: { name: 'dev', service: 'orders' },
    written: expect.arrayContaining([{ path: 'catalog/services/orders.yaml', isNew: true }]),
  })
})

describe('four questions', () => {
  it('make a catalog that synthesizes, and is that of who answered', async () => {
    const ann = person(['stage', 'eu-west-1', 'ann@example.com', 'orders'])
    expect(await initIn({}, ann.tools)).toBe(0)
    expect(ann.asked.length).toBe(4)
    const catalog = join(ann.folder, 'catalog')
    const { environment, services } = readCatalog(catalog)
    expect(environment).toMatchObject({
      ...{ name: 'stage', region: 'eu-west-1', timeZone: 'Europe/Berlin' },
      operators: { members: [{ email: 'ann@example.com' }] },
      alarms: { email: 'ann@example.com' },
    })
    expect(services).toMatchObject([{ name: 'orders', schedule: 'office-hours' }])
    const stacks = stacksOf(await templatesOf(catalog)).map(({ name }) => name)
    expect(stacks.toSorted()).toEqual([
      ...['StageAccess', 'StageControlPlane', 'StageEnvironment', 'StageService-orders'],
    ])
    expect(ann.said.join('\n')).toMatch(/npx caretaker start/)
  })

  it('with nothing typed take what is suggested, but nobody’s address', async () => {
    const ann = person(['', '', '', 'ann@example.com', ''], { AWS_REGION: 'us-east-1' })
    await initIn({}, ann.tools)
    expect(ann.asked.map((one) => /\[(.*)\]/.exec(one)?.[1])).toEqual([
      ...['dev', 'us-east-1', undefined, undefined, 'hello'],
    ])
    expect(ann.said[0]).toBe('  found nothing, allowed: an e-mail address.')
    expect(readCatalog(join(ann.folder, 'catalog')).environment.region).toBe('us-east-1')
  })

  test.each([
    ['name', 'Dev', '2 to 10 lower-case letters'],
    ['name', 'development', '2 to 10 lower-case letters'],
    ['region', 'Frankfurt', 'an AWS Region, such as eu-central-1'],
    ['email', 'ann', 'an e-mail address'],
    ['service', 'Orders', SERVICE_NAME.description ?? ''],
    ['service', 'orders-database', 'a name that no part of the environment has'],
    ['service', 'cache', 'a name that no part of the environment has'],
  ] as const)('a wrong %s, %j, is told at once, and asked again', async (asked, wrong, allowed) => {
    const right = { name: 'dev', region: 'eu-west-1', email: 'ann@example.com', service: 'orders' }
    const typed = Object.entries(right).flatMap(([one, answer]) =>
      one === asked ? [wrong, answer] : [answer],
    )
    const ann = person(typed)
    await initIn({}, ann.tools)
    expect(ann.asked.length).toBe(5)
    expect(ann.said[0]).toContain(`found ${JSON.stringify(wrong)}, allowed: `)
    expect(ann.said[0]).toContain(allowed)
    await expect(initIn({ [asked]: wrong, yes: true }, person([]).tools)).rejects.toThrow(
      UsageError,
    )
  })

  it('that are ended write nothing', async () => {
    const ann = person(['dev', undefined])
    await expect(initIn({}, ann.tools)).rejects.toThrow(Interrupted)
    expect(readdirSync(ann.folder)).toEqual([])
  })

  it('are not put where nobody can answer; it is said what to type instead', async () => {
    const { tools, folder } = person([])
    const pipeline = { ...tools, ask: undefined }
    const rejected = expect(initIn({ name: 'dev', region: 'eu-west-1' }, pipeline)).rejects
    await rejected.toThrow(/no terminal to ask on; use --email <…>, or --yes/)
    expect(readdirSync(folder)).toEqual([])
    expect(await initIn({ yes: true }, pipeline)).toBe(0)
    expect(readCatalog(join(folder, 'catalog')).services.map(({ name }) => name)).toEqual(['hello'])
  })
})

it('whatever can be answered is a catalog', () => {
  const words = fc.constantFrom('true', 'null', 'no', 'on', 'yes', 'off', 'nan', 'y', 'e1', 'ok')
  const name = (most: number) =>
    fc.oneof(
      words,
      fc.stringMatching(/^[a-z][a-z0-9]*$/).map((text) => text.slice(0, most)),
      fc.string(),
    )
  const email = fc.oneof(fc.emailAddress(), fc.stringMatching(/^['a-z_+-]+@[a-z]+\.[a-z]{2,}$/))
  const region = fc.stringMatching(/^[a-z]{2}(-[a-z]{1,5}){1,2}-[1-9]$/)
  const answers = fc.record({ name: name(10), region, email, service: name(20) })
  let usable = 0
  fc.assert(
    fc.property(answers, (given) => {
      const wrong = Object.entries(given).filter(([asked, text]) =>
        wrongWith(asked as 'name', text),
      )
      if (wrong.length > 0) return
      usable += 1
      const folder = temporaryDirectory()
      const files = newFiles(given, { timeZone: 'UTC', schemas: '../schema' })
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(folder, path, '..'), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const { environment, services } = readCatalog(join(folder, 'catalog'))
      expect([environment.name, environment.region]).toEqual([given.name, given.region])
      expect(environment.teams.platform?.owner).toBe(given.email)
      expect(services.map((one) => one.name)).toEqual([given.service])
      const scenario = parse(readFileSync(join(folder, 'scenarios/good-then-bad.yaml'), 'utf8'))
      expect(scenario.steps[0].push.repository).toBe(given.service)
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(usable).toBeGreaterThan(40)
})

describe('what is there', () => {
  it('is never overwritten: a catalog refuses another', async () => {
    const { tools, folder, read } = person([])
    mkdirSync(join(folder, 'catalog', 'services'), { recursive: true })
    writeFileSync(join(folder, 'catalog', 'services', 'mine.yaml'), 'team: mine\n')
    await expect(initIn({ yes: true }, tools)).rejects.toThrow(Problem)
    expect(read('catalog/services/mine.yaml')).toBe('team: mine\n')
    expect(existsSync(join(folder, 'package.json'))).toBe(false)
  })

  it('stays, and lines are added where files of all belong to', async () => {
    const { tools, folder, read, said } = person([])
    writeFileSync(join(folder, 'README.md'), '# Mine\n')
    writeFileSync(join(folder, '.gitignore'), '/node_modules\n*.log')
    const manifest = { name: 'mine', scripts: { start: 'mine' }, dependencies: { caretaker: '1' } }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 4))
    await initIn({ yes: true }, tools)
    expect(read('README.md')).toBe('# Mine\n')
    expect(read('.gitignore')).toBe('/node_modules\n*.log\n.cache/\ncdk.out/\n')
    expect(read('package.json')).toMatch(/^ {4}"name": "mine",$/m)
    expect(JSON.parse(read('package.json'))).toEqual({
      ...manifest,
      scripts: {
        ...{ start: 'mine', synth: 'caretaker environment synth' },
        ...{ doctor: 'caretaker environment doctor', deploy: 'caretaker environment deploy' },
      },
    })
    expect(said.join('\n')).toMatch(/Lines were added to:\n {2}\.gitignore\n {2}package\.json\n/)
  })

  it('and cannot be read is said before anything is written', async () => {
    const { tools, folder } = person([])
    writeFileSync(join(folder, 'package.json'), '{ "name": ')
    await expect(initIn({ yes: true }, tools)).rejects.toThrow(/^package\.json: .*nothing was/)
    expect(readdirSync(folder)).toEqual(['package.json'])
  })

  test('twice the same adds nothing', () => {
    expect(withIgnored(withIgnored('x'))).toBe(withIgnored('x'))
    const once = withScripts(undefined, '1.2.3')
    expect(withScripts(once, '2.0.0')).toBe(once)
    expect(JSON.parse(once)).toMatchObject({ private: true, dependencies: { caretaker: '1.2.3' } })
  })
})
