import { dueAgain } from './due-again.ts'
import type { Observed, ProveDecision } from './observed.ts'

/** Of a push whose image somebody else's has started to roll out. */
export const UNDER_WAY = 'this image is being rolled out already'

/**
 * Whether the roll-out under way will bring this image to the service: it is of this image, and
 * nobody has deployed another over it.
 */
export function isUnderWay({ state, running }: Observed, digest: string): boolean {
  const { rolling } = state ?? {}
  if (rolling?.digest !== digest) return false
  return rolling.taskDefinition === undefined || running?.digest === digest
}

/**
 * What runs, if it was put there and nobody has seen it hold: it was staged while the service
 * slept, or Caretaker could not go back from it. It is watched now, and undone if it does not hold.
 */
export function unproved(observed: Observed, now: Date): ProveDecision | undefined {
  const { state, running, desiredCount, ours } = observed
  const { latest, rolling, tried = {} } = state ?? {}
  if (latest === undefined || latest.digest !== running?.digest) return undefined
  if (rolling !== undefined || desiredCount === 0) return undefined
  const { repository, tag, digest, at } = latest
  const push = { repository, tag, digest, at }
  if (latest.verdict === 'staged') {
    const reason = 'it was staged while the service slept, and the service is awake now'
    return { action: 'prove', push, reason }
  }
  const before = tried[digest]
  // What somebody else has deployed is theirs to undo.
  const isLeft = ours && latest.verdict === 'failed' && before !== undefined
  if (!isLeft || !dueAgain(before, push, now)) return undefined
  return { action: 'prove', push, reason: `it runs, and its roll-out failed: ${before.reason}` }
}
