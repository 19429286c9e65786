import { createHash } from 'node:crypto'
import { INVARIANTS } from '../invariants/all.ts'
import type { Invariant } from '../invariants/invariant.ts'
import { Recording } from '../invariants/recording.ts'
import type { Trace } from '../invariants/trace.ts'
import { play } from '../scenario/play.ts'
import type { History } from './history.ts'
import { scriptOf } from './script.ts'

/** What does not hold: the sentence and its number (docs/invariants.md), and where. */
export type Violation = { number: number; holds: string; where: string[] }

/** What became of a history. */
export type Proof = {
  violations: Violation[]
  /** Of everything that happened in it: the same for the same history. */
  hash: string
  /** Simulated milliseconds. */
  length: number
  calls: number
}

/** The number of what holds of the simulation itself. */
export const ITSELF = 0

/**
 * Plays a history and looks at everything that must hold.
 *
 * @param catalog the directory of its catalog.
 * @param invariants what is looked at.
 */
export async function prove(
  history: History,
  catalog: string,
  invariants: readonly Invariant[] = INVARIANTS,
): Promise<Proof> {
  let recording: Recording | undefined
  try {
    await play(scriptOf(history, catalog), { seed: history.seed }, (simulation) => {
      recording = new Recording(simulation)
    })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return failed(history, error)
  }
  const quiet = history.quietFor === 0 ? {} : { quietSince: history.end - history.quietFor }
  const trace = recording?.trace({ settled: true, ...quiet })
  if (trace === undefined) throw new Error('A simulation that did not begin')
  return {
    violations: invariants.flatMap((one) => violated(one, trace)),
    hash: hashOf(trace),
    length: trace.to - trace.from,
    calls: trace.calls.length,
  }
}

function violated({ number, holds, violations }: Invariant, trace: Trace): Violation[] {
  const where = violations(trace)
  return where.length === 0 ? [] : [{ number, holds, where }]
}

/** Not what is simulated has failed, but what simulates it. */
function failed({ start, end }: History, error: Error): Proof {
  const where = [(error.stack ?? error.message).split('\n').slice(0, 4).join(' ')]
  const violation = { number: ITSELF, holds: 'The simulation plays every history.', where }
  return { violations: [violation], hash: '', length: end - start, calls: 0 }
}

/** The SDK makes these up by itself; no seed decides them. */
const MADE_UP: ReadonlySet<string> = new Set(['ClientRequestToken', 'ClientToken', 'clientToken'])
const withoutMadeUp = (name: string, value: unknown) => (MADE_UP.has(name) ? undefined : value)

/** What was called, done, told and left behind. */
function hashOf({ calls, executions, messages, items, invocations, findable }: Trace): string {
  const hash = createHash('sha256')
  for (const { at, by, name, service, operation, outcome, input } of calls) {
    const made = [at, by, name, service, operation, outcome, input]
    hash.update(JSON.stringify(made, withoutMadeUp))
  }
  hash.update(JSON.stringify([executions, messages, items, invocations, findable]))
  return hash.digest('hex').slice(0, 16)
}
