import type { HistoryEvent } from '@aws-sdk/client-sfn'
import type { Iteration, Run, RunStatus } from './view.ts'

/** Where in an execution an event happened, and in which visit of a state. */
type Place = { scope: string; run: Run | undefined }

/** More of an input or output would make every update of the page large. */
const SHOWN_CHARACTERS = 6000

/**
 * Reads an execution's history as visits of states, oldest first, and the iterations of its Maps.
 * The events of one line of states form a chain by `previousEventId`.
 */
export function readHistory(events: readonly HistoryEvent[]): {
  runs: Run[]
  iterations: Iteration[]
} {
  const reader = new Reader()
  for (const event of events) reader.read(event)
  return { runs: reader.runs, iterations: reader.iterations }
}

class Reader {
  readonly runs: Run[] = []
  readonly iterations: Iteration[] = []
  readonly #places = new Map<number, Place>([[0, { scope: '', run: undefined }]])

  read(event: HistoryEvent): void {
    const before = this.#places.get(event.previousEventId ?? 0) ?? { scope: '', run: undefined }
    this.#places.set(event.id ?? 0, this.#follow(event, before))
  }

  #follow(event: HistoryEvent, before: Place): Place {
    const type = event.type ?? ''
    if (type.endsWith('StateEntered')) return this.#enter(event, before)
    if (type.endsWith('StateExited')) return this.#exit(event, before)
    if (type === 'MapIterationStarted') return this.#iterate(event, before)
    if (type.startsWith('MapIteration')) return this.#endIteration(event, before)
    if (type.startsWith('Execution')) return this.#end(event, before)
    this.#note(event, before.run)
    return before
  }

  #enter(event: HistoryEvent, { scope }: Place): Place {
    const { name = '', input } = event.stateEnteredEventDetails ?? {}
    const first = !this.runs.some((run) => run.scope === scope)
    const run: Run = {
      scope,
      state: name,
      status: 'running',
      enteredAt: instant(event),
      attempts: 0,
      ...(input === undefined ? {} : { input: cut(input) }),
    }
    if (first && input !== undefined) this.#label(scope, input)
    this.runs.push(run)
    return { scope, run }
  }

  /** An exit names its state, but may follow the last event of an inner iteration. */
  #exit(event: HistoryEvent, before: Place): Place {
    const { name, output } = event.stateExitedEventDetails ?? {}
    const run = this.runs.findLast(
      (one) =>
        one.state === name && one.exitedAt === undefined && isWithin(before.scope, one.scope),
    )
    if (run === undefined) return before
    run.status = run.error === undefined ? 'succeeded' : 'caught'
    run.exitedAt = instant(event)
    if (output !== undefined) run.output = cut(output)
    return { scope: run.scope, run }
  }

  #iterate(event: HistoryEvent, before: Place): Place {
    const { name = '', index = 0 } = event.mapIterationStartedEventDetails ?? {}
    // With a limit, an iteration follows the event of another one that made room for it.
    const map = this.runs.findLast((run) => run.state === name && isWithin(before.scope, run.scope))
    const scope = [map?.scope, name, index].filter((part) => part !== '').join('/')
    this.iterations.push({ scope, label: `${name} ${index + 1}`, status: 'running' })
    return { scope, run: undefined }
  }

  #endIteration(event: HistoryEvent, before: Place): Place {
    const details =
      event.mapIterationSucceededEventDetails ??
      event.mapIterationFailedEventDetails ??
      event.mapIterationAbortedEventDetails
    const status = OUTCOMES[(event.type ?? '').replace('MapIteration', '')] ?? 'failed'
    const iteration = this.iterations.findLast(
      ({ scope }) => scope.endsWith(`${details?.name}/${details?.index}`) && scope !== '',
    )
    if (iteration === undefined) return before
    iteration.status = status
    for (const run of this.runs) {
      if (run.scope === iteration.scope && run.status === 'running') {
        run.status = status
        run.exitedAt = instant(event)
      }
    }
    return before
  }

  /** Whatever still runs when the execution ends was cut off by that. */
  #end(event: HistoryEvent, before: Place): Place {
    const status = OUTCOMES[(event.type ?? '').replace('Execution', '')]
    if (status === undefined) return before
    for (const one of this.iterations) if (one.status === 'running') one.status = status
    for (const run of this.runs) {
      if (run.status !== 'running') continue
      run.status = status
      run.exitedAt = instant(event)
    }
    return before
  }

  /** Attempts and failures of the work inside a state. */
  #note(event: HistoryEvent, run: Run | undefined): void {
    if (run === undefined) return
    if (/^(Task|LambdaFunction)Scheduled$/.test(event.type ?? '')) {
      run.attempts++
      delete run.error
      delete run.cause
    }
    const failure =
      event.taskFailedEventDetails ??
      event.taskTimedOutEventDetails ??
      event.taskSubmitFailedEventDetails ??
      event.taskStartFailedEventDetails ??
      event.lambdaFunctionFailedEventDetails ??
      event.lambdaFunctionTimedOutEventDetails ??
      event.evaluationFailedEventDetails
    if (failure === undefined) return
    run.error = failure.error ?? 'States.TaskFailed'
    if (failure.cause !== undefined) run.cause = cut(failure.cause)
  }

  /** An iteration is called by the service it is about, if its input names one. */
  #label(scope: string, input: string): void {
    const iteration = this.iterations.findLast((one) => one.scope === scope)
    const named = /"service":(?:\{"S":)?"([^"]+)"/.exec(input)?.[1]
    if (iteration !== undefined && named !== undefined) {
      iteration.label = named.split('/').at(-1) ?? named
    }
  }
}

const OUTCOMES: Record<string, RunStatus> = {
  Succeeded: 'succeeded',
  Failed: 'failed',
  TimedOut: 'failed',
  Aborted: 'aborted',
}

const isWithin = (inner: string, outer: string): boolean =>
  outer === '' || inner === outer || inner.startsWith(`${outer}/`)

const instant = (event: HistoryEvent): string => (event.timestamp ?? new Date(0)).toISOString()

function cut(text: string): string {
  return text.length <= SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`
}
