import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { bundlesOf, templatesOf } from '../../local/simulation/synth.ts'
import { buildFunctions } from '../../scripts/build.ts'
import type { Mutant } from '../mutants/mutant.ts'
import { temporaryDirectory } from './temporary.ts'

/**
 * The cloud assembly of a catalog, the repository's own when absent, with one text of one source file replaced. Only what the
 * file is part of is made anew; everything else is the cached assembly's.
 *
 * @returns its directory, which is gone once the test file has ended.
 * @throws Error when the text does not occur exactly once.
 */
export async function mutated(mutant: Mutant, catalog?: string): Promise<string> {
  const text = replaced(mutant)
  const original = await templatesOf(catalog)
  // Below the repository, where its packages are found.
  const directory = resolve(temporaryDirectory('.cache'))
  const assembly = join(directory, 'cdk.out')
  mkdirSync(assembly)
  // Links: a bundle that is not changed is loaded once for all mutants.
  for (const name of readdirSync(original)) symlinkSync(join(original, name), join(assembly, name))
  if (mutant.file.endsWith('.asl.json')) replaceMachine(assembly, mutant.file, text)
  else await replaceFunctions(assembly, { ...mutant, text })
  return assembly
}

/** The file's text with the mutant's own in it. @throws Error */
export function replaced({ name, file, from, to }: Mutant): string {
  const [before, ...after] = readFileSync(file, 'utf8').split(from)
  if (before === undefined || after.length !== 1) {
    throw new Error(`${name}: "${from}" is ${after.length} times in ${file}`)
  }
  return `${before}${to}${after[0]}`
}

/** A template holds the text of a machine's file as it is. */
function replaceMachine(assembly: string, file: string, text: string): void {
  const original = JSON.stringify(readFileSync(file, 'utf8'))
  for (const name of readdirSync(assembly).filter((one) => one.endsWith('.template.json'))) {
    const template = readFileSync(join(assembly, name), 'utf8')
    if (!template.includes(original)) continue
    rmSync(join(assembly, name))
    writeFileSync(join(assembly, name), template.split(original).join(JSON.stringify(text)))
    return
  }
  throw new Error(`no template has the machine of ${file}`)
}

type Metafile = { outputs: Record<string, { inputs: Record<string, unknown> }> }

async function replaceFunctions(
  assembly: string,
  { file, text }: { file: string; text: string },
): Promise<void> {
  const bundles = await bundlesOf()
  const { outputs } = JSON.parse(readFileSync(join(bundles, 'metafile.json'), 'utf8')) as Metafile
  const names = Object.entries(outputs).flatMap(([path, { inputs }]) =>
    file in inputs ? (/([^/]+)\/index\.mjs$/.exec(path)?.[1] ?? []) : [],
  )
  if (names.length === 0) throw new Error(`no function is made of ${file}`)
  const outdir = join(assembly, '..', 'dist')
  await buildFunctions({
    outdir,
    names,
    packages: 'external',
    plugins: [replacing(file, text)],
  })
  for (const name of names) {
    const asset = assetWith(assembly, readFileSync(join(bundles, name, 'index.mjs')))
    const others = readdirSync(asset).filter((one) => one !== 'index.mjs')
    const kept = others.map((one) => [one, readFileSync(join(asset, one))] as const)
    rmSync(asset)
    mkdirSync(asset)
    for (const [one, content] of kept) writeFileSync(join(asset, one), content)
    writeFileSync(join(asset, 'index.mjs'), readFileSync(join(outdir, name, 'index.mjs')))
  }
}

/** The published directory that has this bundle. */
function assetWith(assembly: string, bundle: Buffer): string {
  const assets = readdirSync(assembly).filter((name) => name.startsWith('asset.'))
  const found = assets
    .map((name) => join(assembly, name))
    .find((path) => readFileSync(join(path, 'index.mjs')).equals(bundle))
  if (found === undefined) throw new Error('no asset has the bundle')
  return found
}

/** Gives esbuild this text in place of the file's own. */
const replacing = (file: string, contents: string): Plugin => ({
  name: 'mutant',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) =>
      path === resolve(file) ? { contents, loader: 'ts' } : undefined,
    )
  },
})
