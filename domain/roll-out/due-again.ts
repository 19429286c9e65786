import type { Push } from '../table/record.ts'
import type { Tried } from '../table/service-state.ts'

/**
 * Caretaker's own failures are tried again by the sweep an hour later, for a day: they may have
 * passed. What still fails then needs a person.
 */
const RETRY_MILLISECONDS = 60 * 60 * 1000
const RETRIED_FOR_MILLISECONDS = 24 * RETRY_MILLISECONDS

/** Whether what has not come to its end is tried again now. */
export function dueAgain(tried: Tried, push: Pick<Push, 'at'>, now: Date): boolean {
  const since = (instant: string) => now.getTime() - new Date(instant).getTime()
  return since(tried.at) >= RETRY_MILLISECONDS && since(push.at) <= RETRIED_FOR_MILLISECONDS
}
