import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IS_PACKAGE, PREBUILT } from '../own-files.ts'
import type { Bundle } from './bundle.ts'

/** The page as it is served: made of its sources, or by `npm pack`. */
export async function servedPage(): Promise<Bundle> {
  if (!IS_PACKAGE) return (await import('./bundle.ts')).bundleApp()
  const [html = '', script = '', style = ''] = await Promise.all(
    ['index.html', 'main.js', 'main.css'].map((file) =>
      readFile(join(PREBUILT.console, file), 'utf8'),
    ),
  )
  return { html, script, style }
}
