import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { build, type Metafile, type OutputFile, type Plugin } from 'esbuild'
import { literalKeys } from './literal-keys.ts'
import { type Sizes, sizeTable } from './sizes.ts'

export type BuildOptions = {
  /** The folder with one folder per function. */
  functions?: string
  /** Where `<name>/index.mjs` goes; everything else in it is removed. */
  outdir?: string
  /** Bytes. */
  limit?: number
  /** The functions to build; all when absent. */
  names?: readonly string[]
  plugins?: Plugin[]
  /** Whether packages are put into the bundle, as is deployed, or imported from `node_modules`. */
  packages?: 'bundle' | 'external'
  /** Whether what several functions have in common is in files of its own beside their folders. */
  isShared?: boolean
}

type Places = { functions: string; outdir: string }

/**
 * Above this a bundle has a dependency that nobody meant to ship; cold start grows with it. What
 * keeps tags asks thirteen of AWS’s services, and has the most.
 */
const LIMIT = 850_000

/** Dependencies that are CommonJS call `require` for Node's own modules; ES modules have none. */
const REQUIRE =
  "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

/**
 * Bundles every `functions/<name>/index.ts` into `dist/<name>/index.mjs`, all in one esbuild call.
 * The same sources give the same bytes. Beside them: `metafile.json` (what is in each bundle) and
 * `maps/<name>.mjs.map` (outside the folders that are uploaded).
 *
 * @throws Error naming each bundle that is over the limit, or esbuild's own for code that does
 *   not build; either way nothing of an earlier build is left.
 */
export async function buildFunctions(options: BuildOptions = {}): Promise<Sizes> {
  const { functions = 'functions', outdir = 'dist', limit = LIMIT } = options
  // A function that was removed must not be deployed from what an earlier build left.
  rmSync(outdir, { recursive: true, force: true })
  const all = () =>
    readdirSync(functions).filter((name) => existsSync(join(functions, name, 'index.ts')))
  const names = options.names ?? all()
  const { outputFiles, metafile } = await bundle(names, { ...options, functions, outdir })
  const sizes = Object.fromEntries(names.map((name) => [name, sizeOf(name, outputFiles)]))
  refuseLarge(sizes, limit)
  write(outdir, outputFiles, metafile)
  return sizes
}

function bundle(
  names: readonly string[],
  { functions, outdir, plugins = [], packages = 'bundle', isShared = false }: BuildOptions & Places,
) {
  return build({
    entryPoints: Object.fromEntries(
      names.map((name) => [`${name}/index`, join(functions, name, 'index.ts')]),
    ),
    outdir,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: isShared,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node24',
    // The packages' ES modules, of which esbuild can leave out what is not used; esbuild's default for node is CommonJS.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    alias: {
      '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts'),
    },
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    plugins: [literalKeys, ...plugins],
    packages,
  })
}

const nameOf = ({ path }: OutputFile): string => basename(dirname(path))

function sizeOf(name: string, files: readonly OutputFile[]): number {
  const file = files.find((one) => one.path.endsWith('.mjs') && nameOf(one) === name)
  return file?.contents.byteLength ?? 0
}

function refuseLarge(sizes: Sizes, limit: number): void {
  const large = Object.entries(sizes).filter(([, bytes]) => bytes > limit)
  if (large.length === 0) return
  const which = large.map(([name, bytes]) => `${name} has ${bytes} bytes`).join(', ')
  throw new Error(`${which}; ${limit} are allowed. See which input is large: esbuild --analyze`)
}

function write(outdir: string, files: readonly OutputFile[], metafile: Metafile): void {
  mkdirSync(join(outdir, 'maps'), { recursive: true })
  for (const file of files) {
    const map = file.path.endsWith('.map')
    const path = map ? join(resolve(outdir), 'maps', `${nameOf(file)}.mjs.map`) : file.path
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.contents)
  }
  writeFileSync(join(outdir, 'metafile.json'), JSON.stringify(metafile))
}

if (import.meta.main) {
  try {
    console.log(sizeTable(await buildFunctions()))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
