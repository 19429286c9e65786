import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { SERVICE_ROWS } from '../../cli/import/compose/keys.ts'
import { TOP_ROWS } from '../../cli/import/compose/others.ts'
import { ENVIRONMENT_ROWS, PIPELINE_ROWS } from '../../cli/import/copilot/environment.ts'
import { MANIFEST_ROWS } from '../../cli/import/copilot/keys.ts'
import { SCORE_ROWS } from '../../cli/import/score/keys.ts'
import { keysOf, treesAt } from '../../cli/import/table.ts'
import { readTree } from '../../cli/import/tree.ts'
import { unaccounted } from '../kits/import-account.ts'
import { type Format, folderWith, imported, inputsOf } from '../kits/imports.ts'

const FORMATS: readonly Format[] = ['compose', 'copilot', 'score']

/** Values of the inputs that belong into no file, and not on a screen. */
const SECRET =
  /correct-horse|django-insecure|keyboard-cat|wp-password|sk_live_|very secret text|apppass|orders-password|abcdefgh|very-secret-token|base64:/

describe.each(FORMATS)('twenty inputs of %s', (format) => {
  const inputs = inputsOf(format)

  it('are twenty', () => expect(inputs.length).toBeGreaterThanOrEqual(20))

  test.each(inputs)(
    '$name: becomes a catalog, each key is accounted for, and no secret is copied',
    ({ files }) => {
      const folder = folderWith(files)
      const printed = imported(format, folder, Object.keys(files))
      expect(printed.files.length).toBeGreaterThan(0)
      expect(unaccounted(format, files, printed)).toEqual([])
      expect(JSON.stringify(printed)).not.toMatch(SECRET)
      for (const file of printed.files) {
        expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(SECRET)
      }
      for (const { catalog, leftOut } of printed.catalogs) {
        readCatalog(join(folder, catalog))
        for (const { because, remedy, line } of leftOut) {
          expect(because.length).toBeGreaterThan(10)
          expect(remedy.length).toBeGreaterThan(5)
          expect(line).toBeGreaterThan(0)
        }
      }
    },
  )
})

/** The parts of an input's files that a table is about, and the table. */
const TABLES: readonly {
  what: string
  format: Format
  keys: readonly string[]
  file: RegExp
  below: readonly (readonly string[])[]
}[] = [
  {
    ...{ what: 'a service of Compose', format: 'compose', file: /\.ya?ml$/ },
    ...{ keys: keysOf(SERVICE_ROWS), below: [['services', '*']] },
  },
  {
    ...{ what: 'a Compose file', format: 'compose', file: /\.ya?ml$/ },
    ...{ keys: keysOf(TOP_ROWS), below: [[]] },
  },
  {
    ...{ what: 'a workload of Copilot', format: 'copilot' },
    file: /copilot\/(?!environments|pipelines)[^/]+\/manifest\.yml$/,
    ...{ keys: keysOf(MANIFEST_ROWS), below: [[], ['environments', '*']] },
  },
  {
    ...{ what: 'an environment of Copilot', format: 'copilot', file: /copilot\/environments\// },
    ...{ keys: keysOf(ENVIRONMENT_ROWS), below: [[]] },
  },
  {
    ...{ what: 'a pipeline of Copilot', format: 'copilot', file: /copilot\/pipelines\// },
    ...{ keys: keysOf(PIPELINE_ROWS), below: [[]] },
  },
  {
    ...{ what: 'Score', format: 'score', file: /\.ya?ml$/ },
    ...{ keys: keysOf(SCORE_ROWS), below: [[]] },
  },
]

test.each(TABLES)('each key of $what is in an input', ({ format, keys, file, below }) => {
  const parts = inputsOf(format)
    .flatMap(({ files }) => Object.entries(files))
    .filter(([path]) => file.test(path))
    .flatMap(([path, text]) => below.flatMap((at) => treesAt(readTree(text, path), at)))
  const lacking = keys.filter(
    (key) => !parts.some((one) => treesAt(one, key.split('.')).length > 0),
  )
  expect(lacking).toEqual([])
})
