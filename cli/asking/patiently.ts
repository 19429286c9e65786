import type { Terminal } from '../terminal.ts'

/** After so many milliseconds people ask themselves whether anything happens. */
const PATIENCE = 2_000
const SECOND = 1_000

/** Waits for something; says on a terminal what for, once that takes long. */
export async function patiently<Result>(
  { progress, wait }: Terminal,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  if (progress === undefined) return work
  const over = new AbortController()
  const telling = tell(over.signal).catch(() => {
    // It is over.
  })
  try {
    return await work
  } finally {
    over.abort()
    await telling
    progress('')
  }

  async function tell(signal: AbortSignal): Promise<void> {
    await wait(PATIENCE, signal)
    for (let seconds = PATIENCE / SECOND; !signal.aborted; seconds++) {
      progress?.(`${what}: ${seconds} s`)
      await wait(SECOND, signal)
    }
  }
}
