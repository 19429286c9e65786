import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Writes an authority's certificate where clients are told to look for it. It is gone when the
 * program ends.
 *
 * @returns the file.
 */
export function authorityFile(certificate: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'caretaker-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      remove()
      // Nobody listens any more: it ends the program as it would have without us.
      process.kill(process.pid, signal)
    })
  }
  const file = join(directory, 'local-aws.pem')
  writeFileSync(file, certificate, { mode: 0o600 })
  return file
}
