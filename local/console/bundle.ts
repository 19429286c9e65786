import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const APP = join(import.meta.dirname, 'app')

/** What the page is made of, ready to be served. */
export type Bundle = { html: string; script: string; style: string }

/** Bundles the page in memory. @throws when the app does not build. */
export async function bundleApp(): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [join(APP, 'main.tsx'), join(APP, 'style', 'main.css')],
    outdir: APP,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  })
  const text = (extension: string) =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? ''
  const html = await readFile(join(APP, 'index.html'), 'utf8')
  return { html, script: text('.js'), style: text('.css') }
}
