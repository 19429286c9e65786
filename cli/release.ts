import { readFileSync, writeFileSync } from 'node:fs'
import { templatesOf } from '../local/simulation/synth.ts'
import { stacksOf } from '../scripts/assembly.ts'
import { readReleased, writeReleased } from './release/released.ts'
import { isNewer, withRelease, withVersion } from './release/texts.ts'
import { changeLines, changesBetween } from './synth/changes.ts'
import { UsageError } from './usage.ts'

const PAGE = 'CHANGELOG.md'
const MANIFESTS = ['package.json', 'package-lock.json']

/**
 * Makes a version of what has been written below "Next" in the changelog: adds what it changes in
 * the templates of the example catalog, and sets the version everywhere. `npm pack` then packs it.
 *
 * @throws UsageError for a version that is none, or not newer, or has nothing to say.
 */
export async function release(version: string): Promise<number> {
  const before = readReleased()
  if (!isNewer(version, before.version)) {
    const allowed = `a version after ${before.version}, such as 1.2.3`
    throw new UsageError(`version: found ${JSON.stringify(version)}, allowed: ${allowed}`)
  }
  const stacks = stacksOf(await templatesOf())
  const changes = changeLines(changesBetween(before.stacks, stacks))
  const page = withRelease(readFileSync(PAGE, 'utf8'), version, changes)
  for (const path of MANIFESTS) {
    writeFileSync(path, withVersion(readFileSync(path, 'utf8'), version))
  }
  writeFileSync(PAGE, page)
  writeReleased({ version, stacks })
  console.log(`${PAGE}, ${MANIFESTS.join(', ')}: ${version}. Then: npm pack`)
  return 0
}
