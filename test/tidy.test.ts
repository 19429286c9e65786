import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const ROOMS = [
  'catalog',
  'cli',
  'domain',
  'events',
  'functions',
  'infra',
  'local',
  'scripts',
  'test',
]

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

const sources = ROOMS.flatMap(filesBelow).filter((path) => /\.(ts|tsx|mjs)$/.test(path))
const text = new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
const read = (path: string) => text.get(path) ?? ''
const product = sources.filter((path) => !path.startsWith('test/'))
const roomOf = (path: string) => path.split('/')[0] ?? ''

/** Our own files that a file imports, as paths from the root. */
function importsOf(path: string): string[] {
  const found = read(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)
  return [...found].map(([, target = '']) => relative(ROOT, join(ROOT, dirname(path), target)))
}

/** The files that import each other in a circle, each circle once (Tarjan's components). */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const visit = (path: string): number => {
    const own = order.size
    order.set(path, own)
    open.push(path)
    let low = own
    for (const target of imports.get(path) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target))
      else if (open.includes(target)) low = Math.min(low, order.get(target) ?? low)
    }
    if (low === own) {
      const circle = open.splice(open.indexOf(path))
      if (circle.length > 1) found.push(circle.toSorted())
    }
    return low
  }
  for (const path of imports.keys()) if (!order.has(path)) visit(path)
  return found
}

describe('files', () => {
  it('are short: 300 lines at most', () => {
    const long = product
      .map((path) => [path, read(path).split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 300)
    expect(long).toEqual([])
  })

  it('are all used: imported by another, or an entry', () => {
    const imported = new Set(sources.flatMap(importsOf))
    const entry = (path: string) =>
      /^functions\/[^/]+\/index\.ts$/.test(path) ||
      /^test\/.*\.(test|config)\.ts$/.test(path) ||
      [
        'cli/caretaker.mjs',
        'cli/main.ts',
        'scripts/catalog.ts',
        'scripts/constraints.ts',
        'scripts/lambda-credentials.ts',
        'scripts/package.ts',
      ].includes(path) ||
      // What `caretaker/local-aws` is (package.json).
      path === 'local/library/load.ts' ||
      ['infra/app.ts', 'local/console/app/main.tsx'].includes(path) ||
      // Named in vitest.config.ts.
      ['test/kits/every-file.ts', 'test/kits/every-run.ts'].includes(path) ||
      // `npm run mutants`, and what it has Node and vitest load.
      /^test\/token-mutants\/(main|replace|note-what-ran|vitest\.\w+\.config)\.ts$/.test(path)
    expect(sources.filter((path) => !imported.has(path) && !entry(path))).toEqual([])
  })

  it('import by full name, and nothing that is not there', () => {
    const broken = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => !statSync(join(ROOT, target), { throwIfNoEntry: false })?.isFile())
        .map((target) => `${path} imports ${target}`),
    )
    expect(broken).toEqual([])
  })
})

describe('direction', () => {
  const ALLOWED: Record<string, string[]> = {
    domain: ['domain'],
    events: ['events', 'domain'],
    functions: ['functions', 'events', 'domain'],
    catalog: ['catalog', 'domain'],
    infra: ['infra', 'events', 'functions', 'catalog', 'domain'],
    // Templates are what the local AWS reads of the product, and only the synth step makes them.
    local: ['local', 'catalog', 'domain'],
    // The page of what is simulated is made from the local AWS itself.
    scripts: ['scripts', 'catalog', 'domain', 'local'],
    // A person may look at what a function would say (`slack:preview`).
    cli: ['cli', 'scripts', 'local', 'functions', 'catalog', 'domain'],
  }
  const SYNTH = 'local/simulation/synth.ts'
  test.each(Object.entries(ALLOWED))('%s imports only from %j', (room, allowed) => {
    const wrong = product
      .filter((path) => roomOf(path) === room && path !== SYNTH)
      .flatMap((path) => importsOf(path).map((target) => [path, target] as const))
      .filter(([, target]) => !allowed.includes(roomOf(target)))
      .map(([path, target]) => `${path} imports ${target}`)
    expect(wrong).toEqual([])
  })

  it('a function never imports another function’s folder', () => {
    const folder = (path: string) => /^functions\/([^/]+)\//.exec(path)?.[1]
    const wrong = product
      .filter((path) => folder(path) !== undefined)
      .flatMap((path) => importsOf(path).map((target) => [path, target] as const))
      .filter(([path, target]) => ![undefined, 'shared', folder(path)].includes(folder(target)))
    expect(wrong).toEqual([])
  })

  it('infra is known only to the synth step and tests', () => {
    const wrong = product
      .filter((path) => !['infra', 'test'].includes(roomOf(path)) && path !== SYNTH)
      .filter((path) => importsOf(path).some((target) => roomOf(target) === 'infra'))
    expect(wrong).toEqual([])
  })
})

describe('circles of imports', () => {
  it('there is none: what imports a file is not imported by it, however far around', () => {
    expect(circles(new Map(sources.map((path) => [path, importsOf(path)])))).toEqual([])
  })
})

describe('words', () => {
  const BANNED: [string, RegExp, (path: string) => boolean, string][] = [
    [
      'time',
      /\bDate\.now\(|new Date\(\)|performance\.now\(/,
      (path) => path.startsWith('functions/') && path !== 'functions/shared/handler.ts',
      'take `now` from the tools',
    ],
    [
      'chance',
      /Math\.random\(|randomUUID\(/,
      (path) => path.startsWith('functions/') && path !== 'functions/shared/handler.ts',
      'take `newId` from the tools',
    ],
    [
      'the real clock',
      /\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID\(/,
      (path) => path.startsWith('local/aws/') && !path.startsWith('local/aws/lambda/'),
      'ask the world',
    ],
    [
      'enum, namespace',
      /^\s*(export )?(const )?(enum|namespace) \w/m,
      () => true,
      'erasable TypeScript only',
    ],
    ['any', /(:|as|<) any\b/, () => true, 'use unknown or the real type'],
    ['default export', /^export default/m, (path) => !/vitest|app\.ts$/.test(path), 'name it'],
    ['notes to self', /\b(TODO|FIXME|XXX|HACK)\b/, () => true, 'do it or write an issue'],
    [
      'what test files share',
      /process\.chdir|process\.env\.\w+ =|globalThis\.\w+ =|\bvi\./,
      (path) => path.startsWith('test/') && !path.startsWith('test/browser/'),
      'they share a process, and none may find what another has changed',
    ],
    [
      'directories left behind',
      /\bmkdtemp/,
      (path) => path.startsWith('test/') && !/(temporary|every-run)\.ts$/.test(path),
      'take temporaryDirectory() of test/kits/temporary.ts',
    ],
    ['loosened checks', /@ts-ignore|@ts-nocheck|biome-ignore-all/, () => true, 'mend the cause'],
  ]
  test.each(BANNED)('%s', (_, pattern, applies, instead) => {
    const found = sources
      .filter((path) => path !== 'test/tidy.test.ts' && applies(path))
      .filter((path) => pattern.test(read(path)))
    expect(found, instead).toEqual([])
  })
})

describe('machines', () => {
  type State = Record<string, unknown> & { Type: string }
  const machines = filesBelow('statemachines').map(
    (path) => [path, JSON.parse(readFileSync(join(ROOT, path), 'utf8'))] as const,
  )
  /** `arn:aws:states:::aws-sdk:ecs:updateService` calls `ecs`, `…:::lambda:invoke` calls `lambda`. */
  const calledBy = (resource: string): string | undefined =>
    resource.split(':::')[1]?.replace('aws-sdk:', '').split(':')[0]

  const statesOf = (machine: { States: Record<string, State> }): [string, State][] =>
    Object.entries(machine.States).flatMap(([name, state]) => {
      const inner = [state.ItemProcessor, ...((state.Branches as object[]) ?? [])].filter(Boolean)
      return [[name, state] as [string, State], ...inner.flatMap((one) => statesOf(one as never))]
    })

  test.each(machines)('%s is JSONata, has a deadline and comments', (_, machine) => {
    expect(machine.QueryLanguage).toBe('JSONata')
    expect(machine.TimeoutSeconds).toBeGreaterThan(0)
    const silent = statesOf(machine).filter(([, state]) => !state.Comment)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  test.each(machines)(
    '%s: every task has a deadline and patient, bounded retries',
    (_, machine) => {
      for (const [name, state] of statesOf(machine)) {
        if (state.Type !== 'Task') continue
        expect(state.TimeoutSeconds, name).toBeTruthy()
        const retries = state.Retry as Record<string, unknown>[]
        expect(retries?.length, name).toBeGreaterThan(0)
        for (const retry of retries) {
          expect(retry.JitterStrategy, name).toBe('FULL')
          expect(retry.MaxDelaySeconds, name).toBeGreaterThan(0)
        }
      }
    },
  )

  test.each(machines)('%s: one kind of retry for each service it calls', (_, machine) => {
    const kinds = statesOf(machine).flatMap(([, { Resource, Retry }]) =>
      Retry === undefined ? [] : [[calledBy(String(Resource)), JSON.stringify(Retry)] as const],
    )
    const services = new Set(kinds.map(([service]) => service))
    const retries = new Set(kinds.map(([, retry]) => retry))
    expect(retries.size).toBeLessThanOrEqual(services.size)
  })

  test.each(machines)('%s: States.ALL leads only to the failure road', (_, machine) => {
    for (const [name, state] of statesOf(machine)) {
      for (const caught of (state.Catch as Record<string, unknown>[]) ?? []) {
        if (!(caught.ErrorEquals as string[]).includes('States.ALL')) continue
        expect(caught, name).toMatchObject({ Next: 'Failed' })
        const failed = statesOf(machine).find(([other]) => other === 'Failed')?.[1]
        expect(JSON.stringify(failed?.Assign), name).toMatch(/'verdict': 'failed'/)
      }
    }
  })
})
