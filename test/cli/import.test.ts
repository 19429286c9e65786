import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readCatalog } from '../../catalog/read.ts'
import { leavesOf, readTree } from '../../cli/import/tree.ts'
import { type Format, folderWith, imported, inputsOf } from '../kits/imports.ts'

const FORMATS: readonly Format[] = ['compose', 'copilot', 'score']

describe.each(FORMATS)('twenty inputs of %s', (format) => {
  const inputs = inputsOf(format)

  it('are twenty', () => expect(inputs.length).toBeGreaterThanOrEqual(20))

  test.each(inputs)('$name: becomes a catalog, and each key is accounted for', ({ files }) => {
    const folder = folderWith(files)
    const { catalogs, files: written } = imported(format, folder, Object.keys(files))
    expect(written.length).toBeGreaterThan(0)
    for (const { catalog, translated, leftOut } of catalogs) {
      readCatalog(join(folder, catalog))
      const told = [...translated, ...leftOut]
      const seen = (file: string, key: string) =>
        told.some(
          (one) =>
            one.file === file &&
            (one.key === key || key.startsWith(`${one.key}.`) || one.key === ''),
        )
      for (const [path, text] of Object.entries(files)) {
        if (!/\.ya?ml$/.test(path) || /overrides\//.test(path)) continue
        if (
          format === 'copilot' &&
          path.includes('environments/') &&
          !path.includes(`/${catalog.split('/').at(-1)}/`) &&
          catalogs.length > 1
        )
          continue
        const missing = leavesOf(readTree(text, path))
          .map(({ place }) => place.path.join('.'))
          .filter((key) => !seen(path, key))
        expect(missing, `${path} in ${catalog}`).toEqual([])
      }
      for (const { because, remedy, line } of leftOut) {
        expect(because.length).toBeGreaterThan(10)
        expect(remedy.length).toBeGreaterThan(5)
        expect(line).toBeGreaterThan(0)
      }
    }
  })
})
