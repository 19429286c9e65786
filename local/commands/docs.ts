import { readFileSync, writeFileSync } from 'node:fs'
import { stacksOf } from '../../scripts/deploy/assembly.ts'
import { pagesOf } from '../../scripts/docs/pages.ts'
import { localAwsPage } from '../local-aws-page.ts'
import { Simulation } from '../simulation.ts'
import { templatesOf } from '../synth.ts'

/** Writes the pages that are made from the code and from the templates. */
export async function docs(): Promise<number> {
  const start = new Date('2026-03-02T09:00:00Z')
  const { aws, catalog } = await Simulation.open({ seed: 1, start })
  const read = (path: string) => readFileSync(path, 'utf8')
  const pages = {
    'docs/local-aws.md': localAwsPage(aws.services),
    ...pagesOf(stacksOf(await templatesOf()), catalog, read),
  }
  for (const [path, text] of Object.entries(pages)) {
    writeFileSync(path, text)
    console.log(path)
  }
  return 0
}
