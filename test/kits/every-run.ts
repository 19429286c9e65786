import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let directory = ''

/** Gives the run a temporary directory of its own, for its workers and what they start too. */
export function setup(): void {
  directory = mkdtempSync(join(tmpdir(), 'caretaker-tests-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = directory
  // A run that is interrupted is not torn down.
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
}

/** @throws Error naming what the tests, or what they tested, left in it; it is removed all the same. */
export function teardown(): void {
  const left = readdirSync(directory)
  rmSync(directory, { recursive: true, force: true })
  if (left.length > 0) {
    process.exitCode = 1
    throw new Error(
      `The tests left ${left.slice(0, 9).join(', ')} in the temporary directory (${left.length} in all). Take a directory from temporaryDirectory() of test/kits/temporary.ts.`,
    )
  }
}
