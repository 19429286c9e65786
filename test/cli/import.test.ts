import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
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
