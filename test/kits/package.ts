import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackage } from '../../scripts/package.ts'
import { temporaryDirectory } from './temporary.ts'

/**
 * What `npm pack` packs, in a folder of its own below the repository, so that the repository's
 * packages are found from there.
 *
 * @returns the folder, as `node_modules/caretaker` would be.
 */
export async function packageHome(): Promise<string> {
  mkdirSync('.cache', { recursive: true })
  const home = temporaryDirectory('.cache')
  await buildPackage(join(home, 'built'))
  for (const path of ['package.json', 'cli/caretaker.mjs', 'CHANGELOG.md', 'README.md', 'docs']) {
    cpSync(path, join(home, path), { recursive: true })
  }
  return home
}
