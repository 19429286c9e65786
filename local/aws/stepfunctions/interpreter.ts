import type { HistoryEventType } from '@aws-sdk/client-sfn'
import type { Execution } from './execution.ts'
import { StatesError } from './failure.ts'
import { inputOf, outputOf } from './history.ts'
import type { Json, State, StatesMap } from './language.ts'
import { catchFailure, type RetryCounts, retryDelay } from './retry.ts'
import { Scope } from './scope.ts'
import { choose } from './states/choice.ts'
import { fail } from './states/fail.ts'
import { iterate } from './states/map.ts'
import { runBranches } from './states/parallel.ts'
import { runTask } from './states/task.ts'
import { waitFor } from './states/wait.ts'
import { type Transition, Visit } from './visit.ts'

/** Milliseconds between StartExecution's answer and the first state: a few to a hundred. */
const START_LATENCY = [5, 100] as const

/** Starts an execution. Its states run as simulated time goes on. */
export function start(execution: Execution): void {
  // ExecutionStarted is event 1, yet AWS shows the first state following event 0.
  const root = new Scope(execution, 0)
  execution.begin(() => root.abort())
  void run(execution, root).catch((error: unknown) => execution.world.fail(error))
}

async function run(execution: Execution, root: Scope): Promise<void> {
  const { machine, world } = execution
  const latency = world.random.between('stepfunctions/start', ...START_LATENCY)
  await root.sleep(Math.round(latency), `start of ${execution.name}`)
  try {
    const output = await runStates(root, machine.definition, execution.input)
    execution.succeed(output, root.cursor)
  } catch (error) {
    if (!(error instanceof StatesError)) throw error
    execution.fail(error, root.cursor)
  }
}

/**
 * Runs a level of states from its StartAt to its end and gives the last one's output.
 *
 * @throws StatesError when a state fails and nothing catches it; the scope's cursor is then the
 *   event that failed
 */
async function runStates(scope: Scope, level: StatesMap, input: Json): Promise<Json> {
  let name = level.StartAt
  let value = input
  for (;;) {
    const state = level.States[name]
    if (state === undefined) throw new Error(`The machine has no state ${name}`)
    const transition = await runState(scope, name, state, value)
    if (transition.next === undefined) return transition.output
    name = transition.next
    value = transition.output
  }
}

async function runState(
  scope: Scope,
  name: string,
  state: State,
  input: Json,
): Promise<Transition> {
  const entered = scope.record(`${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, ...inputOf(input) },
  })
  scope.stateType = state.Type
  const visit = new Visit(scope, name, state, input, entered)
  const transition = await attempts(visit)
  for (const [variable, value] of Object.entries(transition.assign ?? {})) {
    scope.variables.set(variable, value)
  }
  // A Fail state has no exit: its attempt always throws.
  scope.record(`${state.Type}StateExited` as HistoryEventType, {
    stateExitedEventDetails: { name, ...outputOf(transition.output), ...assignedBy(transition) },
  })
  scope.stateType = undefined
  return transition
}

async function attempts(visit: Visit): Promise<Transition> {
  const counts: RetryCounts = new Map()
  for (;;) {
    try {
      return await execute(visit)
    } catch (error) {
      if (!(error instanceof StatesError)) throw error
      const delay = retryDelay(visit, error, counts)
      if (delay === undefined) {
        // A Parallel that is tried again has not failed yet.
        if (visit.state.Type === 'Parallel' && hasStarted(visit) && !error.fatal) {
          visit.scope.record('ParallelStateFailed')
        }
        const caught = await catchFailure(visit, error)
        if (caught === undefined) throw error
        return caught
      }
      visit.retryCount++
      visit.scope.execution.retries++
      await visit.scope.sleep(delay, `retry of ${visit.name}`)
    }
  }
}

/** Arguments that fail to evaluate fail before there are branches. */
const hasStarted = ({ scope, enteredEventId }: Visit): boolean =>
  scope.execution.history.events
    .slice(enteredEventId)
    .some(({ type }) => type === 'ParallelStateStarted')

async function execute(visit: Visit): Promise<Transition> {
  const { state } = visit
  switch (state.Type) {
    case 'Pass':
      return visit.transform(state, visit.input, state.Next)
    case 'Succeed':
      return visit.transform(state, visit.input, undefined)
    case 'Wait':
      await waitFor(visit, state)
      return visit.transform(state, visit.input, state.Next)
    case 'Choice':
      return choose(visit, state)
    case 'Fail':
      return fail(visit, state)
    default: {
      const result = await work(visit, state)
      visit.checkSize(result)
      return visit.transform(state, result, state.Next, { result })
    }
  }
}

function work(
  visit: Visit,
  state: Extract<State, { Type: 'Task' | 'Parallel' | 'Map' }>,
): Promise<Json> {
  if (state.Type === 'Task') return runTask(visit, state)
  if (state.Type === 'Parallel') return runBranches(visit, state, runStates)
  return iterate(visit, state, runStates)
}

/** Each variable's value as JSON text, as the API shows them. */
function assignedBy(transition: Transition) {
  if (transition.assign === undefined || Object.keys(transition.assign).length === 0) return {}
  const texts = Object.entries(transition.assign).map(([name, value]) => [
    name,
    JSON.stringify(value),
  ])
  return {
    assignedVariables: Object.fromEntries(texts) as Record<string, string>,
    assignedVariablesDetails: { truncated: false },
  }
}
