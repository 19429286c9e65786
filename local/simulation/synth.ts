import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/** Everything the templates are made from, besides the catalog's own YAML. */
const SOURCES = ['catalog', 'domain', 'events', 'functions', 'infra', 'statemachines', 'scripts']
const SETTINGS = ['cdk.json', 'package-lock.json']
const CACHE = '.cache/templates'
/** Templates of other catalogs and of earlier sources that are kept; each is about a megabyte. */
const KEPT = 24

/**
 * The templates of a catalog: what `npm run deploy` would send to AWS, functions included. Made
 * once for the same sources; later calls, also of other processes, find them.
 *
 * @param catalog its directory.
 * @returns the cloud assembly's directory.
 * @throws CatalogError for a catalog that cannot be used.
 */
export async function templatesOf(catalog = 'catalog'): Promise<string> {
  const directory = join(CACHE, keyOf(catalog))
  const assembly = join(directory, 'cdk.out')
  if (existsSync(join(assembly, 'manifest.json'))) {
    const now = new Date()
    utimesSync(directory, now, now)
    return resolve(assembly)
  }
  mkdirSync(CACHE, { recursive: true })
  const made = mkdtempSync(join(CACHE, 'making-'))
  try {
    await make(made, catalog)
    moveInto(made, directory)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  forgetOld()
  return resolve(assembly)
}

async function make(directory: string, catalog: string): Promise<void> {
  // Only now: the CDK takes a second to load, and mostly it is not needed.
  const { buildFunctions } = await import('../../scripts/build.ts')
  const { synthesize } = await import('../../infra/synthesize.ts')
  const bundles = join(directory, 'dist')
  await buildFunctions({ outdir: bundles })
  synthesize(join(directory, 'cdk.out'), catalog, bundles)
}

/** The second of two deletes its own: both are the same. */
function moveInto(made: string, directory: string): void {
  try {
    renameSync(made, directory)
  } catch (error) {
    if (!existsSync(join(directory, 'cdk.out', 'manifest.json'))) throw error
  }
}

function keyOf(catalog: string): string {
  const hash = createHash('sha256').update(process.version)
  const files = [...SOURCES.flatMap((folder) => filesBelow(folder, /\.(ts|json)$/)), ...SETTINGS]
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(file))
  // By their place inside the catalog: a copy of a catalog has the same templates.
  for (const file of filesBelow(catalog, /\.ya?ml$/)) {
    hash.update(`\n${file.slice(catalog.length)}\n`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 32)
}

function filesBelow(folder: string, which: RegExp): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => which.test(name))
    .map((name) => join(folder, name))
    .toSorted()
}

/** Bytes of each function's bundle in a cloud assembly that `templatesOf` made. */
export function sizesOf(assembly: string): Record<string, number> {
  const bundles = join(assembly, '..', 'dist')
  const functions = readdirSync(bundles).filter((name) =>
    existsSync(join(bundles, name, 'index.mjs')),
  )
  return Object.fromEntries(
    functions.map((name) => [name, statSync(join(bundles, name, 'index.mjs')).size]),
  )
}

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

function forgetOld(): void {
  const entries = readdirSync(CACHE)
    .filter((name) => !name.startsWith('making-'))
    .map((name) => ({ name, at: statSync(join(CACHE, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
  for (const { name } of entries.slice(KEPT)) {
    rmSync(join(CACHE, name), { recursive: true, force: true })
  }
}
