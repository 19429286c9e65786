import { StatesError } from '../failure.ts'
import type { Json } from '../language.ts'
import type { Visit } from '../visit.ts'

/** Seconds; undefined where the state sets none. */
export type Limits = { timeout: number | undefined; heartbeat: number | undefined }

type RaceControl = {
  /** A heartbeat: the next one is due HeartbeatSeconds from now. */
  heartbeat(): void
  /** Runs when the work is cut off before its end. */
  onCancel(cleanup: () => void): void
  /** Set by the work when it failed before it was taken on. */
  submission: boolean
  /** The race has been decided: what the work still does no longer counts. */
  ended: boolean
}

type RaceOutcome =
  | { output: Json }
  | { failure: StatesError; timedOut: boolean; submission: boolean }

/** Runs work against the state's TimeoutSeconds and HeartbeatSeconds; the first to end decides. */
export function race(
  visit: Visit,
  limits: Limits,
  work: (control: RaceControl) => Promise<Json>,
): Promise<RaceOutcome> {
  const { scope } = visit
  const { world } = scope.execution
  const cleanups: (() => void)[] = []
  const outcome = new Promise<RaceOutcome>((resolve, reject) => {
    const expire = (heartbeat: boolean) => () => {
      cancel()
      const failure = new StatesError('States.Timeout', undefined, { heartbeat })
      resolve({ failure, timedOut: true, submission: false })
    }
    const timeout =
      limits.timeout === undefined
        ? undefined
        : world.after(limits.timeout * 1000, `timeout of ${visit.name}`, expire(false))
    let heartbeatTimer: { cancel(): void } | undefined
    const settle = () => {
      control.ended = true
      timeout?.cancel()
      heartbeatTimer?.cancel()
      removeAbortListener()
    }
    const cancel = () => {
      settle()
      for (const cleanup of cleanups) cleanup()
    }
    const removeAbortListener = scope.onAbort(cancel)
    const control: RaceControl = {
      submission: false,
      ended: false,
      onCancel: (cleanup) => cleanups.push(cleanup),
      heartbeat: () => {
        heartbeatTimer?.cancel()
        if (limits.heartbeat === undefined || control.ended) return
        heartbeatTimer = world.after(
          limits.heartbeat * 1000,
          `heartbeat of ${visit.name}`,
          expire(true),
        )
      },
    }
    work(control).then(
      (output) => {
        settle()
        resolve({ output })
      },
      (error: unknown) => {
        settle()
        if (!(error instanceof StatesError)) return reject(error)
        resolve({ failure: error, timedOut: false, submission: control.submission })
      },
    )
  })
  return scope.wait(outcome)
}
