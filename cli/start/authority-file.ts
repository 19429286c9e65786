import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Writes an authority's certificate where clients are told to look for it.
 *
 * @returns the file, and what removes it: called when the program ends, if not before.
 */
export function authorityFile(certificate: string): { file: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'caretaker-'))
  const end = (signal: NodeJS.Signals) => {
    remove()
    // Nobody listens any more: it ends the program as it would have without us.
    process.kill(process.pid, signal)
  }
  const remove = () => {
    rmSync(directory, { recursive: true, force: true })
    process.off('exit', remove)
    for (const signal of SIGNALS) process.off(signal, end)
  }
  process.once('exit', remove)
  for (const signal of SIGNALS) process.once(signal, end)
  const file = join(directory, 'local-aws.pem')
  writeFileSync(file, certificate, { mode: 0o600 })
  return { file, remove }
}
