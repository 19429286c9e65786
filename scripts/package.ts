import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { bundleApp } from '../local/console/bundle.ts'
import { installed, ROOT } from '../local/own-files.ts'
import { bundlesOf } from '../local/simulation/synth.ts'

/** What the package is entered by, besides `cli/caretaker.mjs`, which is in it as it is. */
const ENTRIES = ['cli/main.ts', 'local/library/load.ts']

/** What `caretaker/local-aws` is, and the files that its types are in. */
const LIBRARY = 'local/library'
const TYPED = ['load', 'local-aws', 'types']

/**
 * Only a repository has these, each behind an `import()` of its own: they make the package's parts
 * or the repository's pages, and need esbuild or the tests.
 */
export const ONLY_IN_A_REPOSITORY: readonly string[] = [
  'cli/build.ts',
  'cli/docs.ts',
  'cli/grants.ts',
  'cli/release.ts',
  'local/console/bundle.ts',
  'scripts/build.ts',
]

/** Read by its path when a command runs: as it is. */
const READ: readonly [folder: string, which: RegExp][] = [
  ['.', /^cdk\.json$/],
  ['catalog', /^environment\.yaml$|^(services|schema)\/.*$/],
  ['cli/slack-preview/samples', /\.json$/],
  ['infra', /\.(sql|sh|ya?ml)$/],
  ['statemachines', /\.asl\.json$/],
]

/**
 * Makes `built/` of the package: JavaScript of the same folders as the sources, what is read beside
 * it, and the functions and the console's page as they run (`prebuilt/`), so that whoever installs
 * the package has the same functions to the byte, and needs no esbuild. `npm pack` calls it.
 *
 * @param outdir everything else in it is removed.
 */
export async function buildPackage(outdir = join(ROOT, 'built')): Promise<void> {
  rmSync(outdir, { recursive: true, force: true })
  const files = await reached()
  await build({
    ...options(translated),
    entryPoints: files.filter((file) => !isJson(file)).map((file) => join(ROOT, file)),
    outbase: ROOT,
    outdir,
  })
  for (const file of files.filter(isJson)) cpSync(join(ROOT, file), join(outdir, file))
  for (const [folder, which] of READ) copy(folder, which, outdir)
  await prebuild(join(outdir, 'prebuilt'))
  declare(join(outdir, LIBRARY))
}

/** What a module imports as it is. */
const isJson = (file: string): boolean => file.endsWith('.json')

const options = (plugin: Plugin) => ({
  bundle: true,
  format: 'esm' as const,
  platform: 'node' as const,
  target: 'node24',
  logLevel: 'warning' as const,
  plugins: [plugin],
})

/** The sources that a command needs, from the entries on. */
async function reached(): Promise<string[]> {
  const { metafile } = await build({
    ...options(followed),
    absWorkingDir: ROOT,
    entryPoints: [...ENTRIES],
    outdir: 'unused',
    write: false,
    metafile: true,
  })
  return Object.keys(metafile.inputs).toSorted()
}

const isOnlyInARepository = (path: string): boolean =>
  ONLY_IN_A_REPOSITORY.includes(relative(ROOT, path))

const followed: Plugin = {
  name: 'followed',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path, resolveDir }) => {
      if (kind === 'entry-point') return undefined
      if (!path.startsWith('.')) return { path, external: true }
      return isOnlyInARepository(join(resolveDir, path)) ? { path, external: true } : undefined
    })
  },
}

/** Each file stays a file: where it is tells what is beside it, and an error names its place. */
const translated: Plugin = {
  name: 'translated',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.startsWith('.') ? path.replace(/\.ts$/, '.js') : path, external: true },
    )
  },
}

function copy(folder: string, which: RegExp, outdir: string): void {
  const recursive = folder !== '.'
  for (const file of readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })) {
    if (which.test(file)) cpSync(join(ROOT, folder, file), join(outdir, folder, file))
  }
}

async function prebuild(outdir: string): Promise<void> {
  const functions = await bundlesOf()
  for (const name of readdirSync(functions)) {
    const bundle = join(functions, name, 'index.mjs')
    if (existsSync(bundle)) cpSync(bundle, join(outdir, 'functions', name, 'index.mjs'))
  }
  const { html, script, style } = await bundleApp()
  const page = { 'index.html': html, 'main.js': script, 'main.css': style }
  for (const [file, text] of Object.entries(page)) {
    const path = join(outdir, 'console', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** The types of the library, which name nothing that is not among them. */
function declare(outdir: string): void {
  const made = mkdtempSync(join(tmpdir(), 'caretaker-types-'))
  try {
    const words = [installed('typescript', 'bin/tsc'), '-p', 'tsconfig.library.json']
    execFileSync(process.execPath, [...words, '--outDir', made], { cwd: ROOT, stdio: 'inherit' })
    for (const name of TYPED) {
      const text = readFileSync(join(made, LIBRARY, `${name}.d.ts`), 'utf8')
      // Beside the declarations lie the scripts, under this name.
      const named = text.replaceAll(/(?<=from '\.\/[\w-]+)\.ts(?=')/g, '.js')
      writeFileSync(join(outdir, `${name}.d.ts`), named)
    }
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

if (import.meta.main) await buildPackage()
