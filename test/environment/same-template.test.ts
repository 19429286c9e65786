import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { templatesOf } from '../../local/simulation/synth.ts'

/**
 * The services' templates, each by the digest of its text. A key that is added to the schema changes
 * none of them: who deploys a catalog again that says the same gets the same. Where a change is
 * meant, its commit says what is replaced or restarted by it, and the digest below is written anew.
 */
const DIGESTS: Record<string, string> = {
  gateway: '38fd7a284c73a0dd',
  mailer: '16325a517a47a5ea',
  'nightly-report': 'bba83ece117a65b4',
  orders: '9724c814a5836141',
  payments: 'daba1da4ab648b51',
  products: '5ea3555515faf77f',
  web: 'ae7d6db462e5e1f1',
}

it('a catalog that says the same has the same templates of its services', async () => {
  const directory = await templatesOf('catalog', { isValidated: true })
  const digests = readCatalog('catalog').services.map(({ name }) => {
    const text = readFileSync(join(directory, `DevService-${name}.template.json`), 'utf8')
    return [name, createHash('sha256').update(text).digest('hex').slice(0, 16)] as const
  })
  expect(Object.fromEntries(digests)).toEqual(DIGESTS)
})
