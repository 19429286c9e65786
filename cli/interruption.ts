import { Interrupted } from './problem.ts'
import type { Terminal } from './terminal.ts'

/** https://nodejs.org/api/process.html#signal-events: Ctrl-C, an end asked for, a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does something that must put back what it holds before the program ends: a signal aborts, and the
 * work ends by itself.
 */
export async function interruptible<Result>(
  work: (interrupted: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const abort = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) console.error(`\n${signal}: ending. This takes a moment.`)
    controller.abort()
  }
  for (const signal of SIGNALS) process.on(signal, abort)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of SIGNALS) process.off(signal, abort)
  }
}

/** Works until Ctrl-C, which ends it and is told so. @throws Interrupted with what that means. */
export async function untilInterrupted<Result>(
  terminal: Terminal,
  work: (interrupted: AbortSignal) => Promise<Result>,
  then: string,
): Promise<Result> {
  const controller = new AbortController()
  const off = terminal.onInterrupt(() => controller.abort())
  try {
    return await work(controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
    throw new Interrupted(then)
  } finally {
    off()
  }
}
