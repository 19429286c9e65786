import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/read.ts'
import { describeTemplates, sizesOf, templatesOf } from '../local/simulation/synth.ts'
import { sizeTable } from '../scripts/build.ts'
import { visible } from './print.ts'
import { warningsOf } from './synth/warnings.ts'
import { parseWords } from './usage.ts'

const USAGE = 'npm run synth [-- --catalog <directory>] [--output <directory>]'

/** Builds the functions, synthesizes the templates with every check, and prints what there is. */
export async function synth(words: string[]): Promise<number> {
  const { values } = parseWords(
    words,
    {
      catalog: { type: 'string', default: 'catalog' },
      output: { type: 'string', default: 'cdk.out' },
    },
    USAGE,
  )
  const output = String(values.output)
  const assembly = await templatesOf(String(values.catalog), { isValidated: true })
  rmSync(output, { recursive: true, force: true })
  cpSync(assembly, output, { recursive: true })
  console.log(sizeTable(await sizesOf()))
  console.log()
  for (const line of describeTemplates(output)) console.log(line)
  for (const warning of warningsOf(readCatalog(String(values.catalog)), new Date())) {
    console.error(`\nWarning: ${visible(warning)}`)
  }
  console.log(`\nTemplates are in ${join(output, '')}; cdk-nag has nothing unexplained.`)
  return 0
}
