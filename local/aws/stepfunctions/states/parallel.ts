import { StatesError } from '../failure.ts'
import type { Json, ParallelState, StatesMap } from '../language.ts'
import type { Scope } from '../scope.ts'
import type { Visit } from '../visit.ts'

export type RunStates = (scope: Scope, level: StatesMap, input: Json) => Promise<Json>

/** Runs all branches at once; the result is their outputs in the branches' order. */
export async function runBranches(
  visit: Visit,
  state: ParallelState,
  runStates: RunStates,
): Promise<Json> {
  const { scope } = visit
  const input =
    state.Arguments === undefined ? visit.input : await visit.evaluate(state.Arguments, 'Arguments')
  visit.checkSize(input)
  const started = scope.record('ParallelStateStarted')
  const branches = state.Branches.map((level) => ({ level, child: scope.branch(started) }))
  const runs = branches.map(async ({ level, child }) => {
    try {
      const output = await runStates(child, level, input)
      scope.release(child)
      scope.cursor = child.cursor
      return output
    } catch (error) {
      throw new BranchFailure(child, error)
    }
  })
  try {
    const outputs = await scope.wait(Promise.all(runs))
    // ParallelStateSucceeded is not in the chain of events: the exit follows the last branch's.
    scope.recordAside('ParallelStateSucceeded', scope.cursor)
    return outputs
  } catch (error) {
    throw fallen(
      scope,
      error as BranchFailure,
      branches.map(({ child }) => child),
    )
  }
}

class BranchFailure extends Error {
  readonly child: Scope
  readonly reason: unknown

  constructor(child: Scope, reason: unknown) {
    super('A branch failed')
    this.child = child
    this.reason = reason
  }
}

/** Stops the other branches and gives what the state fails with. */
function fallen(scope: Scope, failure: BranchFailure, children: Scope[]): unknown {
  const { child: failed, reason } = failure
  for (const child of children) child.abort()
  scope.cursor = failed.cursor
  // States.Runtime ends the execution at once: AWS records nothing of the state around it.
  if (reason instanceof StatesError && !reason.fatal) {
    const previous = failed.cursor
    failed.recordAborted(previous)
    scope.release(failed)
    for (const child of children) if (child !== failed) child.recordAborted(previous)
  }
  for (const child of children) scope.release(child)
  return reason
}
