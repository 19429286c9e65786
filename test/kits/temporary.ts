import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

/**
 * A new, empty directory; it is gone once the test file has ended.
 *
 * @param parent where it is made: below the repository, its packages are found from it.
 */
export function temporaryDirectory(parent = tmpdir()): string {
  const directory = mkdtempSync(join(parent, 'caretaker-'))
  made.push(directory)
  return directory
}

/** Removes the directories of the test file that has ended. */
export function removeTemporaryDirectories(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
}
