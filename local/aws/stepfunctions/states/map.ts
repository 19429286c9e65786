import { StatesError } from '../failure.ts'
import type { Json, MapState } from '../language.ts'
import type { MapItem, Scope } from '../scope.ts'
import type { Visit } from '../visit.ts'
import type { RunStates } from './parallel.ts'

/** Iterations an inline Map runs at once at most (state-map-inline.html). */
const INLINE_LIMIT = 40

type Iteration = { index: number; scope: Scope; started: boolean }

/** Runs the item processor for every item; the result is the outputs in the items' order. */
export async function iterate(visit: Visit, state: MapState, runStates: RunStates): Promise<Json> {
  const items = await itemsOf(visit, state)
  const concurrency = await visit.evaluateInteger(
    state.MaxConcurrency ?? 0,
    'MaxConcurrency',
    Number.MAX_SAFE_INTEGER,
  )
  visit.scope.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } })
  const run = new MapRun(visit, state, runStates, items)
  const outputs = await run.finish(Math.min(concurrency || INLINE_LIMIT, INLINE_LIMIT))
  // MapStateSucceeded is not in the chain of events: the exit follows the last iteration's event.
  visit.scope.recordAside('MapStateSucceeded', visit.scope.cursor)
  return outputs
}

/** What is no array fails the Map itself, also when the failure is caught. */
async function itemsOf(visit: Visit, state: MapState): Promise<Json[]> {
  try {
    if (state.Items !== undefined) {
      return (await visit.evaluateAs(state.Items, 'array', 'Items')) as Json[]
    }
    if (Array.isArray(visit.input)) return visit.input
    const shown = JSON.stringify(visit.input)
    throw visit.evaluationFailed(`Map state input must be an array but was: ${shown}`)
  } catch (error) {
    if (error instanceof StatesError && !error.fatal) visit.scope.record('MapStateFailed')
    throw error
  }
}

/** The iterations of one attempt of a Map state. */
class MapRun {
  readonly #visit: Visit
  readonly #state: MapState
  readonly #runStates: RunStates
  readonly #items: Json[]
  readonly #outputs: Json[]
  readonly #active = new Set<Iteration>()
  #next = 0
  #finished = 0
  #failed = false
  #resolve: (outputs: Json[]) => void = () => {}
  #reject: (reason: unknown) => void = () => {}

  constructor(visit: Visit, state: MapState, runStates: RunStates, items: Json[]) {
    this.#visit = visit
    this.#state = state
    this.#runStates = runStates
    this.#items = items
    this.#outputs = new Array<Json>(items.length)
  }

  /** Runs all iterations, at most `limit` at once. */
  finish(limit: number): Promise<Json[]> {
    const { scope } = this.#visit
    const started = scope.cursor
    const settled = new Promise<Json[]>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (this.#items.length === 0) this.#resolve([])
    while (this.#next < Math.min(limit, this.#items.length)) void this.#run(this.#next++, started)
    return scope.wait(settled)
  }

  /** `previous` is the event after which there was room for this iteration. */
  async #run(index: number, previous: number): Promise<void> {
    const item: MapItem = { Index: index, Value: this.#items[index] ?? null }
    const scope = this.#visit.scope.branch(previous, item)
    const iteration: Iteration = { index, scope, started: false }
    this.#active.add(iteration)
    try {
      const input = await this.#select(item)
      if (this.#failed) return
      scope.record('MapIterationStarted', {
        mapIterationStartedEventDetails: this.#details(index),
      })
      iteration.started = true
      // Iterations that start together are all started before the first state of any is entered.
      await scope.wait(Promise.resolve())
      this.#succeed(iteration, await this.#runStates(scope, this.#state.ItemProcessor, input))
    } catch (error) {
      this.#fail(iteration, error)
    }
  }

  async #select(item: MapItem): Promise<Json> {
    if (this.#state.ItemSelector === undefined) return item.Value
    return this.#visit.evaluate(
      this.#state.ItemSelector,
      'ItemSelector',
      {},
      { Map: { Item: item } },
    )
  }

  #succeed(iteration: Iteration, output: Json): void {
    const { index, scope } = iteration
    const last = scope.cursor
    this.#active.delete(iteration)
    this.#visit.scope.release(scope)
    scope.record('MapIterationSucceeded', {
      mapIterationSucceededEventDetails: this.#details(index),
    })
    this.#visit.scope.cursor = scope.cursor
    this.#outputs[index] = output
    this.#finished++
    if (this.#next < this.#items.length) void this.#run(this.#next++, last)
    else if (this.#finished === this.#items.length) this.#resolve(this.#outputs)
  }

  /** One iteration fails: the others are stopped and so is the Map. */
  #fail(failed: Iteration, error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    const map = this.#visit.scope
    // A failing ItemSelector is recorded on the Map's own chain, everything else on the iteration's.
    map.cursor = Math.max(failed.scope.cursor, map.cursor)
    for (const active of this.#active) active.scope.abort()
    if (error instanceof StatesError && !error.fatal) this.#recordFailure(failed, map.cursor)
    for (const active of this.#active) map.release(active.scope)
    this.#reject(error)
  }

  #recordFailure(failed: Iteration, previous: number): void {
    const map = this.#visit.scope
    const others = [...this.#active].filter((active) => active !== failed && active.started)
    if (failed.started) {
      map.recordAside('MapIterationFailed', previous, {
        mapIterationFailedEventDetails: this.#details(failed.index),
      })
      failed.scope.recordAborted(previous)
    }
    for (const other of others) {
      map.recordAside('MapIterationAborted', previous, {
        mapIterationAbortedEventDetails: this.#details(other.index),
      })
      other.scope.recordAborted(previous)
    }
    map.record('MapStateFailed')
  }

  #details(index: number): { name: string; index: number } {
    return { name: this.#visit.name, index }
  }
}
