import { readFileSync, writeFileSync } from 'node:fs'
import { Simulation } from '../local/simulation/simulation.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { stacksOf } from '../scripts/assembly.ts'
import { localAwsPage } from '../scripts/docs/local-aws-page.ts'
import { pagesOf } from '../scripts/docs/pages.ts'
import { commandLinePage } from './docs/command-line-page.ts'
import { importPage } from './docs/import-page.ts'

/** Writes the pages that are made from the code and from the templates. */
export async function docs(program: Parameters<typeof commandLinePage>[0]): Promise<number> {
  const start = new Date('2026-03-02T09:00:00Z')
  const { aws, catalog } = await Simulation.open({ seed: 1, start })
  const read = (path: string) => readFileSync(path, 'utf8')
  const pages = {
    'docs/local-aws.md': localAwsPage(aws.services),
    'docs/command-line.md': commandLinePage(program),
    'docs/import.md': importPage(),
    ...pagesOf(stacksOf(await templatesOf()), catalog, read),
  }
  for (const [path, text] of Object.entries(pages)) {
    writeFileSync(path, text)
    console.log(path)
  }
  return 0
}
