import { AsyncLocalStorage } from 'node:async_hooks'
import { Random } from './random.ts'

/** A moment the world will come to, and what happens then. */
export type Timer = { readonly at: number; cancel(): void }

type Entry = { at: number; order: number; what: string; run: () => unknown; cancelled: boolean }

/** A piece of work under way, and how many of its calls wait for simulated time. */
type Work = { waits: number; done: boolean }

/** Longest real time a piece of work may be busy with something that is not the simulation's. */
const STALLED_AFTER_MILLISECONDS = 5 * 60_000

/**
 * Simulated time: one queue of moments, run one after another.
 *
 * The clock stands still while code runs and jumps to the next moment when all code waits. Code
 * waits by `sleep` (or by a call to the simulated AWS, which sleeps for its latency). After each
 * moment the world lets every promise settle before it takes the next, so the same seed gives the
 * same order of everything.
 */
export class World {
  readonly random: Random
  readonly seed: number
  readonly start: number
  #now: number
  #order = 0
  readonly #queue: Entry[] = []
  /** How many pieces of work do not wait for the world: the world waits for them instead. */
  #busy = 0
  /** The work whose code is running. */
  readonly #work = new AsyncLocalStorage<Work>()
  #failure: unknown
  readonly #listeners = new Set<() => void>()

  constructor(options: { seed: number; start: Date }) {
    this.seed = options.seed
    this.random = new Random(options.seed)
    this.start = options.start.getTime()
    this.#now = this.start
  }

  /** Simulated milliseconds since the epoch. */
  get now(): number {
    return this.#now
  }

  /** The simulated instant. */
  get date(): Date {
    return new Date(this.#now)
  }

  /** The moment of the next timer, or undefined when nothing will ever happen by itself. */
  get next(): number | undefined {
    this.#dropCancelled()
    return this.#queue[0]?.at
  }

  /** Runs `run` at `at` (never before now). `what` names it in the list of pending moments. */
  at(at: number, what: string, run: () => unknown): Timer {
    const entry: Entry = {
      at: Math.max(at, this.#now),
      order: this.#order++,
      what,
      run,
      cancelled: false,
    }
    push(this.#queue, entry)
    return {
      at: entry.at,
      cancel: () => {
        entry.cancelled = true
      },
    }
  }

  /** Runs `run` after `milliseconds`. */
  after(milliseconds: number, what: string, run: () => unknown): Timer {
    return this.at(this.#now + milliseconds, what, run)
  }

  /** Resolves after `milliseconds` of simulated time. */
  sleep(milliseconds: number, what = 'sleep'): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, what, resolve)
    })
  }

  /**
   * Marks work that may wait for something real (a file, a module being loaded): the clock stands
   * still until it is done. Simulated waits inside it must be wrapped in `idle`.
   */
  async busy<T>(work: () => Promise<T>): Promise<T> {
    const own: Work = { waits: 0, done: false }
    this.#busy++
    try {
      return await this.#work.run(own, work)
    } finally {
      own.done = true
      if (own.waits === 0) this.#busy--
    }
  }

  /** Inside `busy`: a wait for simulated time, during which the clock may move. */
  async idle<T>(wait: () => Promise<T>): Promise<T> {
    const own = this.#work.getStore()
    if (own === undefined) return wait()
    if (own.waits++ === 0 && !own.done) this.#busy--
    try {
      return await wait()
    } finally {
      if (--own.waits === 0 && !own.done) this.#busy++
    }
  }

  /** Stops the run with this error: a defect of the simulation, never of the simulated. */
  fail(error: unknown): void {
    this.#failure ??= error
  }

  /** Called after every moment in which something happened. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes the next moment if it is not after `until`. Returns whether there was one. */
  async step(until = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#dropCancelled()
    const entry = this.#queue[0]
    if (entry === undefined || entry.at > until) return false
    pop(this.#queue)
    this.#now = entry.at
    try {
      // Not awaited: what it starts may sleep, and only a later moment can end that sleep.
      const result = entry.run()
      if (result instanceof Promise) result.catch((error: unknown) => this.fail(error))
    } catch (error) {
      this.fail(error)
    }
    await this.settle()
    for (const listener of this.#listeners) listener()
    return true
  }

  /** Runs every moment up to and including `until` (milliseconds or instant), then stands there. */
  async runUntil(until: number | Date): Promise<void> {
    const end = typeof until === 'number' ? until : until.getTime()
    await this.settle()
    while (await this.step(end)) {
      // each step is one moment
    }
    this.#now = Math.max(this.#now, end)
  }

  /** Runs for `milliseconds` from now. */
  async run(milliseconds: number): Promise<void> {
    await this.runUntil(this.#now + milliseconds)
  }

  /** Waits until all code waits for the world. */
  async settle(): Promise<void> {
    await macrotask()
    if (this.#busy > 0) await this.#untilIdle()
    if (this.#failure !== undefined) throw this.#failure
  }

  async #untilIdle(): Promise<void> {
    const stalled = performance.now() + STALLED_AFTER_MILLISECONDS
    while (this.#busy > 0) {
      if (performance.now() > stalled) {
        throw new Error(
          `The simulation stands still: ${this.#busy} piece(s) of work have waited more than ${STALLED_AFTER_MILLISECONDS / 1000} s for something outside it.`,
        )
      }
      await macrotask()
    }
  }

  #dropCancelled(): void {
    while (this.#queue[0]?.cancelled) pop(this.#queue)
  }
}

/** All promises that can settle have settled once the event loop has come round. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Entry[], entry: Entry): void {
  heap.push(entry)
  let index = heap.length - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!before(entry, heap[parent] as Entry)) break
    heap[index] = heap[parent] as Entry
    index = parent
  }
  heap[index] = entry
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return top
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++
    if (!before(heap[child] as Entry, last)) break
    heap[index] = heap[child] as Entry
    index = child
  }
  heap[index] = last
  return top
}
