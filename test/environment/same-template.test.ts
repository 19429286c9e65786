import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { templatesOf } from '../../local/simulation/synth.ts'

/**
 * The services' templates, each by the digest of its text, without what is said in alarms: words
 * replace and restart nothing. A key that is added to the schema changes
 * none of them: who deploys a catalog again that says the same gets the same. Where a change is
 * meant, its commit says what is replaced or restarted by it, and the digest below is written anew.
 */
const DIGESTS: Record<string, string> = {
  gateway: 'bd5024764940dfa9',
  mailer: 'b8db97d25475d772',
  'nightly-report': '694e7f9788364adb',
  orders: '3ed5e084a61a32d4',
  payments: '735fe047c282065d',
  products: 'be67a3b4471d23f4',
  web: '8cf07251414e35e6',
}

it('a catalog that says the same has the same templates of its services', async () => {
  const directory = await templatesOf('catalog', { isValidated: true })
  const digests = readCatalog('catalog').services.map(({ name }) => {
    const written = readFileSync(join(directory, `DevService-${name}.template.json`), 'utf8')
    const text = written.replaceAll(/"AlarmDescription": "[^\n]*",?\n/g, '')
    return [name, createHash('sha256').update(text).digest('hex').slice(0, 16)] as const
  })
  expect(Object.fromEntries(digests)).toEqual(DIGESTS)
})
