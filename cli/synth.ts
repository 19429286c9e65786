import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/read.ts'
import { describeTemplates, sizesOf, templatesOf } from '../local/simulation/synth.ts'
import { sizeTable } from '../scripts/sizes.ts'
import { visible } from './print.ts'
import { warningsOf } from './synth/warnings.ts'

type Options = { catalog: string; output: string }

/** Builds the functions, synthesizes the templates with every check, and prints what there is. */
export async function synth({ catalog, output }: Options): Promise<number> {
  const assembly = await templatesOf(catalog, { isValidated: true })
  rmSync(output, { recursive: true, force: true })
  cpSync(assembly, output, { recursive: true })
  console.log(sizeTable(await sizesOf()))
  console.log()
  for (const line of describeTemplates(output)) console.log(line)
  for (const warning of warningsOf(readCatalog(catalog), new Date())) {
    console.error(`\nWarning: ${visible(warning)}`)
  }
  console.log(`\nTemplates are in ${join(output, '')}; cdk-nag has nothing unexplained.`)
  return 0
}
