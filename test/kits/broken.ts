import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { CatalogError } from '../../catalog/problem.ts'
import { synthesize } from '../../infra/synthesize.ts'
import { catalogOf, type Files } from './catalog.ts'
import { temporaryDirectory } from './temporary.ts'

/** What synth says about a catalog, and whether CDK was asked to write anything. */
export function refusal(files: Files): { message: string; reached: boolean } {
  const catalog = catalogOf(files)
  const outdir = join(temporaryDirectory(), 'cdk.out')
  try {
    synthesize(outdir, catalog)
    return { message: 'nothing', reached: true }
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error
    const message = error.message.replaceAll(`${relative(process.cwd(), catalog)}/`, '')
    return { message, reached: existsSync(outdir) }
  }
}
