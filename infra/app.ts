import { CatalogError } from '../catalog/problem.ts'
import { synthesize } from './synthesize.ts'

/** `node infra/app.ts [outdir] [catalog]`; the CDK CLI runs it too (cdk.json). */
const [outdir = process.env.CDK_OUTDIR ?? 'cdk.out', catalog] = process.argv.slice(2)

try {
  synthesize(outdir, catalog)
} catch (error) {
  // A mistake in the catalog is told without a stack trace, which would hide what to correct.
  console.error(error instanceof CatalogError ? error.message : error)
  process.exitCode = 1
}
