import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalog } from '../catalog/read.ts'
import { describeTemplates, sizesOf, templatesOf } from '../local/simulation/synth.ts'
import { sizeTable } from '../scripts/sizes.ts'
import { visible } from './print.ts'
import { changedSince, lastIn, noteVersion } from './synth/last.ts'
import { warningsOf } from './synth/warnings.ts'
import { UsageError } from './usage.ts'

type Options = { catalog: string; output: string; json?: boolean | undefined }

/**
 * Synthesizes the templates with every check; prints what there is, and what differs from what the
 * directory had before.
 */
export async function synth({ catalog, output, json }: Options): Promise<number> {
  refuseToRemove(output)
  const assembly = await templatesOf(catalog, { isValidated: true })
  const last = lastIn(output)
  rmSync(output, { recursive: true, force: true })
  cpSync(assembly, output, { recursive: true })
  noteVersion(output)
  const [templates, changes] = [describeTemplates(output), changedSince(last, output)]
  const warnings = warningsOf(readCatalog(catalog), new Date())
  if (json) {
    console.log(JSON.stringify({ output, templates, changes, warnings }, undefined, 2))
    return 0
  }
  console.log(sizeTable(await sizesOf()))
  console.log()
  for (const line of templates) console.log(line)
  console.log()
  for (const line of changes) console.log(line)
  for (const warning of warnings) console.error(`\nWarning: ${visible(warning)}`)
  console.log(`\nTemplates are in ${join(output, '')}; cdk-nag has nothing unexplained.`)
  return 0
}

/** The directory is made anew, so it must be one of templates. @throws UsageError */
function refuseToRemove(output: string): void {
  if (!existsSync(output) || existsSync(join(output, 'manifest.json'))) return
  if (statSync(output).isDirectory() && readdirSync(output).length === 0) return
  throw new UsageError(
    `--output: found ${output} with other things in it, allowed: a directory of templates, or one that is not there yet`,
  )
}
