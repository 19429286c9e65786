import type { WaitState } from '../language.ts'
import type { Visit } from '../visit.ts'

/** The longest wait: about three years (state-wait.html). */
export const LONGEST_SECONDS = 99_999_999

/** ISO 8601 with an upper-case T and an offset, as AWS wants timestamps. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** The instant of a timestamp in milliseconds, or undefined when AWS would not take it. */
export function instantOf(text: string): number | undefined {
  if (!TIMESTAMP.test(text)) return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}

/** Waits for Seconds or until Timestamp; a moment in the past is over at once. */
export async function waitFor(visit: Visit, state: WaitState): Promise<void> {
  const { scope } = visit
  if (state.Seconds !== undefined) {
    const seconds = await visit.evaluateInteger(state.Seconds, 'Seconds', LONGEST_SECONDS)
    return scope.sleep(seconds * 1000, `wait in ${visit.name}`)
  }
  const text = (await visit.evaluateAs(state.Timestamp ?? '', 'string', 'Timestamp')) as string
  const until = instantOf(text)
  if (until === undefined) {
    throw visit.evaluationFailed(
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
      'Timestamp',
    )
  }
  return scope.sleep(Math.max(0, until - scope.execution.world.now), `wait in ${visit.name}`)
}
