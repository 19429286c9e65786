import type { HistoryEventType } from '@aws-sdk/client-sfn'
import type { Execution } from './execution.ts'
import type { EventDetails } from './history.ts'
import type { Json } from './language.ts'

/** The item an iteration of a Map works on, as the Context object shows it. */
export type MapItem = { Index: number; Value: Json }

/** States that have an aborted event of their own. */
const ABORTABLE: ReadonlySet<string> = new Set(['Task', 'Wait', 'Map', 'Parallel'])

/**
 * One line of states being run: the machine itself, a branch of a Parallel, an iteration of a Map.
 * It has its own variables, its own chain of events and its own end: an aborted scope simply never
 * continues, because everything it waits for it waits for through `wait` or `sleep`.
 */
export class Scope {
  readonly execution: Execution
  readonly parent: Scope | undefined
  readonly mapItem: MapItem | undefined
  readonly variables = new Map<string, Json>()
  /** The event the next one of this scope follows. */
  cursor: number
  /** The type of the state this scope is in. */
  stateType: string | undefined
  aborted = false
  readonly #children = new Set<Scope>()
  readonly #cleanups = new Set<() => void>()

  constructor(execution: Execution, cursor: number, parent?: Scope, mapItem?: MapItem) {
    this.execution = execution
    this.cursor = cursor
    this.parent = parent
    this.mapItem = mapItem ?? parent?.mapItem
  }

  /** A branch or an iteration of the state this scope is in. */
  branch(cursor: number, mapItem?: MapItem): Scope {
    const child = new Scope(this.execution, cursor, this, mapItem)
    this.#children.add(child)
    return child
  }

  /** Appends an event to this scope's chain. */
  record(type: HistoryEventType, details?: EventDetails): number {
    this.cursor = this.execution.history.append(type, this.cursor, details)
    return this.cursor
  }

  /** Appends an event beside the chain: the next one still follows what this one followed. */
  recordAside(type: HistoryEventType, previous: number, details?: EventDetails): number {
    return this.execution.history.append(type, previous, details)
  }

  /** The variables a state here can see, inner before outer (workflow-variables.html). */
  visibleVariables(): Record<string, Json> {
    return { ...this.parent?.visibleVariables(), ...Object.fromEntries(this.variables) }
  }

  /** Settles with `promise`, unless the scope has been aborted by then: then never. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (!this.aborted) resolve(value)
        },
        (error: unknown) => {
          if (!this.aborted) reject(error)
        },
      )
    })
  }

  /** Resolves after `milliseconds` of simulated time; the timer goes when the scope is aborted. */
  sleep(milliseconds: number, what: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.execution.world.after(milliseconds, what, () => {
        this.#cleanups.delete(cancel)
        resolve()
      })
      const cancel = () => timer.cancel()
      this.#cleanups.add(cancel)
    })
  }

  /** Runs `cleanup` if the scope is aborted before the returned function is called. */
  onAbort(cleanup: () => void): () => void {
    this.#cleanups.add(cleanup)
    return () => this.#cleanups.delete(cleanup)
  }

  abort(): void {
    if (this.aborted) return
    this.aborted = true
    for (const cleanup of [...this.#cleanups]) cleanup()
    for (const child of this.#children) child.abort()
  }

  /** The branch has ended by itself. */
  release(child: Scope): void {
    this.#children.delete(child)
  }

  /** Records that the state this scope is in, and all below it, were cut off by `previous`. */
  recordAborted(previous: number): void {
    for (const child of this.#children) child.recordAborted(previous)
    if (this.stateType === undefined || !ABORTABLE.has(this.stateType)) return
    this.recordAside(`${this.stateType}StateAborted` as HistoryEventType, previous)
  }
}
