import type { StatesError } from './failure.ts'
import type { Catcher, Retrier, State } from './language.ts'
import type { Transition, Visit } from './visit.ts'

/** How often each retrier of one visit has been used. */
export type RetryCounts = Map<Retrier, number>

/**
 * Milliseconds to wait before the next attempt, or undefined when there is none. The first
 * retrier that names the error decides, also when it is used up (concepts-error-handling.html).
 */
export function retryDelay(
  visit: Visit,
  failure: StatesError,
  counts: RetryCounts,
): number | undefined {
  const retrier = retriersOf(visit.state).find((candidate) =>
    failure.matches(candidate.ErrorEquals),
  )
  if (retrier === undefined) return undefined
  const used = counts.get(retrier) ?? 0
  if (used >= (retrier.MaxAttempts ?? 3)) return undefined
  counts.set(retrier, used + 1)
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY)
  if (retrier.JitterStrategy !== 'FULL') return Math.round(seconds * 1000)
  const { random } = visit.scope.execution.world
  return Math.round(random.between('stepfunctions/jitter', 0, seconds * 1000))
}

/** The transition of the first catcher that names the error; undefined when none does. */
export async function catchFailure(
  visit: Visit,
  failure: StatesError,
): Promise<Transition | undefined> {
  const catchers = catchersOf(visit.state)
  const index = catchers.findIndex((candidate) => failure.matches(candidate.ErrorEquals))
  const catcher = catchers[index]
  if (catcher === undefined) return undefined
  return visit.transform(
    catcher,
    failure.output,
    catcher.Next,
    { errorOutput: failure.output },
    `Catch[${index}]/`,
  )
}

function retriersOf(state: State): Retrier[] {
  return 'Retry' in state ? (state.Retry ?? []) : []
}

function catchersOf(state: State): Catcher[] {
  return 'Catch' in state ? (state.Catch ?? []) : []
}
