import { createHash, type Hash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { digests, filesBelow } from '../files.ts'
import { HOME, IS_PACKAGE, PREBUILT, ROOT } from '../own-files.ts'
import { Cache } from './cache.ts'

/** Everything the templates are made from, besides the catalog's own YAML. */
const SOURCES = ['catalog', 'domain', 'events', 'functions', 'infra', 'statemachines', 'scripts']
/** Those of them that the functions' bundles are made from. */
const FUNCTION_SOURCES = ['domain', 'events', 'functions', 'scripts']
/** The repository's own catalog is one of many. */
const OWN_CATALOG = /^catalog\/.*\.(ya?ml|ics)$/
const SETTINGS = IS_PACKAGE
  ? [join(ROOT, 'cdk.json'), join(HOME, 'package.json')]
  : ['cdk.json', 'package-lock.json', 'tsconfig.json'].map((file) => join(ROOT, file))

/** Those of other catalogs and of earlier sources are kept: a run of the tests makes about 110. */
const templates = new Cache('.cache/templates', { kept: 150 })
const bundles = new Cache('.cache/functions', { kept: 10 })

/**
 * The templates of a catalog: what `npx caretaker environment deploy` would send to AWS, functions included. Made
 * once for the same sources; later calls, also of other processes, find them.
 *
 * @param catalog its directory.
 * @param isValidated whether they have passed what templates for AWS must pass.
 * @returns the cloud assembly's directory.
 * @throws CatalogError for a catalog that cannot be used.
 * @throws Error naming each finding, if they are to be validated.
 */
export async function templatesOf(
  catalog = 'catalog',
  { isValidated = false }: { isValidated?: boolean } = {},
): Promise<string> {
  sourcesAtFirst ??= keyOf(SOURCES)
  const key = keyOf(SOURCES, catalog)
  const validated = `${key}${VALIDATED}`
  const known = templates.find(validated)
  if (known !== undefined) return join(known, ASSEMBLY)
  const make = async (folder: string) => {
    const functions = await bundlesOf()
    // Only now: the CDK takes a second to load, and mostly it is not needed.
    const { synthesize } = await import('../../infra/synthesize.ts')
    const assembly = join(folder, ASSEMBLY)
    synthesize(assembly, catalog, functions, isValidated)
    shareBundles(assembly, functions)
  }
  const isCurrent = () => keyOf(SOURCES) === sourcesAtFirst
  const found = await templates.get(isValidated ? validated : key, make, isCurrent)
  return join(found, ASSEMBLY)
}

/**
 * This process goes on with the modules that it has loaded, and reads the functions from the disk:
 * what it makes of sources that somebody edits meanwhile is neither theirs of before nor of now.
 */
let sourcesAtFirst: string | undefined

const VALIDATED = '-validated'

const ASSEMBLY = 'cdk.out'

/** The functions as they are deployed, each in a folder of its name; made once, as templates are. */
export async function bundlesOf(): Promise<string> {
  if (IS_PACKAGE) return PREBUILT.functions
  const key = keyOf(FUNCTION_SOURCES)
  const make = async (folder: string) => {
    const { buildFunctions } = await import('../../scripts/build.ts')
    const functions = join(ROOT, 'functions')
    const sizes = await buildFunctions({ functions, outdir: join(folder, DIST) })
    await buildFunctions({ functions, outdir: join(folder, SHARED), isShared: true })
    const names = Object.keys(sizes).map((name) => [
      digests.get(join(folder, DIST, name, ENTRY)).toString('base64'),
      name,
    ])
    writeFileSync(join(folder, NAMES), JSON.stringify(Object.fromEntries(names)))
  }
  const found = await bundles.get(key, make, () => keyOf(FUNCTION_SOURCES) === key)
  return join(found, DIST)
}

const DIST = 'dist'
/** The same functions, with a file for what several of them have in common. */
const SHARED = 'shared'
/** The functions' names by the SHA-256 of their bundles. */
const NAMES = 'names.json'

/**
 * Where the code of a bundle is in a form in which Node compiles and warms up once what eighteen
 * bundles would each bring their own copy of. Looked for once in a process: of sources that have
 * changed since, and of others, there is none.
 *
 * @returns the path of the same function's entry, by the SHA-256 of its bundle in base64.
 */
export function sharedCode(sha256: string): string | undefined {
  shared ??= sharedEntries()
  return shared.get(sha256)
}

let shared: ReadonlyMap<string, string> | undefined

function sharedEntries(): ReadonlyMap<string, string> {
  if (IS_PACKAGE) return new Map()
  const folder = bundles.find(keyOf(FUNCTION_SOURCES))
  if (folder === undefined || !existsSync(join(folder, NAMES))) return new Map()
  const names = JSON.parse(readFileSync(join(folder, NAMES), 'utf8')) as Record<string, string>
  const entry = (name: string) => join(folder, SHARED, name, ENTRY)
  return new Map(Object.entries(names).map(([sha256, name]) => [sha256, entry(name)]))
}

/** The CDK copies the bundles into each assembly; on the disk they need to be once. */
function shareBundles(assembly: string, functions: string): void {
  const originals = new Map(
    filesBelow(functions, /\.mjs$/).map(
      (path) => [digests.get(path).toString('hex'), path] as const,
    ),
  )
  for (const copy of filesBelow(assembly, /\.mjs$/)) {
    const original = originals.get(digests.get(copy).toString('hex'))
    if (original !== undefined) replaceByLink(copy, original)
  }
}

/** A disk that has no links keeps the copy. */
function replaceByLink(copy: string, original: string): void {
  const link = `${copy}.link`
  try {
    linkSync(original, link)
  } catch {
    return
  }
  renameSync(link, copy)
}

function keyOf(sources: readonly string[], catalog?: string): string {
  const hash = createHash('sha256').update(process.version)
  const files = sources
    .flatMap((folder) => filesBelow(join(ROOT, folder), /\.\w+$/))
    .filter((file) => !OWN_CATALOG.test(relative(ROOT, file)))
  for (const file of [...files, ...SETTINGS]) {
    hash.update(`\n${relative(ROOT, file)}\n`).update(digests.get(file))
  }
  if (catalog === undefined) return short(hash)
  // By their place inside the catalog: a copy of a catalog has the same templates.
  for (const file of filesBelow(catalog, /\.(ya?ml|ics)$|(^|[/\\])env[/\\]/)) {
    hash.update(`\n${relative(catalog, file)}\n`).update(digests.get(file))
  }
  return short(hash)
}

const short = (hash: Hash): string => hash.digest('hex').slice(0, 32)

/** Bytes of each function's bundle. */
export async function sizesOf(): Promise<Record<string, number>> {
  const folder = await bundlesOf()
  const functions = readdirSync(folder).filter((name) => existsSync(join(folder, name, ENTRY)))
  return Object.fromEntries(
    functions.map((name) => [name, statSync(join(folder, name, ENTRY)).size]),
  )
}

const ENTRY = 'index.mjs'

/** A line for each stack: its name and how many resources it has (CloudFormation takes 500). */
export function describeTemplates(assembly: string): string[] {
  const stacks = readdirSync(assembly)
    .filter((name) => name.endsWith(TEMPLATE))
    .map((file) => ({
      name: file.slice(0, -TEMPLATE.length),
      count: countIn(join(assembly, file)),
    }))
  const width = Math.max(...stacks.map(({ name }) => name.length))
  return stacks.map(
    ({ name, count }) => `${name.padEnd(width)} ${String(count).padStart(4)} resources`,
  )
}

const TEMPLATE = '.template.json'

function countIn(file: string): number {
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: object }
  return Object.keys(Resources).length
}
