import { StatesError } from '../failure.ts'
import type { Visit } from '../visit.ts'

/** Milliseconds between TaskScheduled and TaskStarted. */
const DISPATCH_LATENCY = [4, 20] as const

/** Waits the time AWS takes to start a scheduled task. */
export function dispatch(visit: Visit): Promise<void> {
  const { random } = visit.scope.execution.world
  const latency = random.between('stepfunctions/dispatch', ...DISPATCH_LATENCY)
  return visit.scope.sleep(Math.round(latency), `dispatch of ${visit.name}`)
}

/** What a task fails with whose result is larger than a state may hold. */
export function tooLarge(name: string): StatesError {
  return new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  )
}
