import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
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

const PAYMENTS = 'team: ordering\nsecrets: [PROVIDER_KEY]\n'
const DIGEST = `sha256:${'0'.repeat(64)}`

/**
 * Rows of a service's file besides `team: ordering`, each with the line and field that are wrong, and
 * what is said. `DIGEST` stands for a digest; a service `payments` with a secret is there too.
 */
export function tellsOf(
  tables: readonly [about: string, rows: [yaml: string, said: string][]][],
): void {
  describe.each(tables)('a broken file says where, what and what to do: %s', (_, rows) => {
    test.each(rows)('%j', (yaml, expected) => {
      const { message } = refusal({
        'services/alpha.yaml': `team: ordering\n${yaml.replaceAll('DIGEST', DIGEST)}`,
        'services/payments.yaml': PAYMENTS,
      })
      expect(message).toBe(`services/alpha.yaml:${expected}`)
    })
  })
}
