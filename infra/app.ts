import { CatalogError } from '../catalog/problem.ts'
import { synthesize } from './synthesize.ts'

/** `node infra/app.ts [outdir] [catalog]`; the CDK CLI runs it too (cdk.json). */
const [outdir = process.env.CDK_OUTDIR ?? 'cdk.out', catalog] = process.argv.slice(2)

try {
  synthesize(outdir, catalog)
} catch (error) {
  // A catalog that cannot be used is the reader's to correct; a stack trace would only hide how.
  console.error(error instanceof CatalogError ? error.message : error)
  process.exitCode = 1
}
