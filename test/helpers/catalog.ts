import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * A copy of the repository's catalog with some files written anew, or taken away (null).
 *
 * @param files by their path inside the catalog.
 * @returns its directory.
 */
export function catalogWith(files: Record<string, string | null>): string {
  const directory = join(mkdtempSync(join(tmpdir(), 'caretaker-catalog-')), 'catalog')
  cpSync('catalog/environment.yaml', join(directory, 'environment.yaml'))
  cpSync('catalog/services', join(directory, 'services'), { recursive: true })
  for (const [file, content] of Object.entries(files)) {
    const path = join(directory, file)
    mkdirSync(dirname(path), { recursive: true })
    if (content === null) rmSync(path)
    else writeFileSync(path, content)
  }
  return directory
}
