import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../aws/world.ts'

/** Simulated seconds per real second; `flat-out` is as many as the machine can. */
export type Speed = 'paused' | 'flat-out' | number

/** The real clock: milliseconds since some moment, and a wait that can be cut short. */
export type WallClock = {
  now(): number
  wait(milliseconds: number, signal: AbortSignal): Promise<unknown>
}

const WALL: WallClock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
}

/** Real milliseconds between two looks at the clock: often enough to look smooth, seldom enough to cost little. */
const TICK = 50
/** Real milliseconds of simulating in one go before others (HTTP, a button) get their turn. */
const TURN = 20
/** A tick that comes late (a laptop that slept) is not made up for beyond this. */
const LONGEST_TICK = 250

type Work = { run: () => Promise<unknown>; settle: (outcome: Promise<unknown>) => void }

/**
 * Moves a world's time by the real clock: nothing else may run it meanwhile.
 *
 * Time moves at the chosen speed. Work from outside (an HTTP call, a button) goes between two
 * moments of the world, one piece after another.
 */
export class Pace {
  readonly #world: World
  readonly #wall: WallClock
  readonly #queue: Work[] = []
  readonly #listeners = new Set<() => void>()
  #speed: Speed
  /** Where time goes at once, whatever the speed: the end of a skip. */
  #skipTo = 0
  /** Simulated milliseconds that are due and make less than a whole one yet. */
  #owed = 0
  #stopped = false
  #wake: () => void = () => {}
  #loop: Promise<void> | undefined

  constructor(world: World, speed: Speed = 'paused', wall: WallClock = WALL) {
    this.#world = world
    this.#wall = wall
    this.#speed = speed
  }

  get speed(): Speed {
    return this.#speed
  }

  /** Whether a skip is under way. */
  get skipping(): boolean {
    return this.#skipTo > this.#world.now
  }

  set(speed: Speed): void {
    this.#speed = speed
    this.#owed = 0
    this.#changed()
  }

  /** Lets that many simulated milliseconds pass at once. */
  skip(milliseconds: number): void {
    this.#skipTo = Math.max(this.#skipTo, this.#world.now) + milliseconds
    this.#changed()
  }

  /** Called whenever time has moved or the speed has changed. */
  onTick(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts driving. Rejects with the first defect of the simulation; resolves after `stop`. */
  start(): Promise<void> {
    this.#loop ??= this.#drive()
    return this.#loop
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake()
    await this.#loop
  }

  /**
   * Does `work` between two moments. If it waits for simulated time, time passes until it is done,
   * at any speed and even in a pause: a call that takes a second takes a second.
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#queue.push({ run: work, settle: (outcome) => resolve(outcome as Promise<T>) })
      this.#wake()
    })
  }

  async #drive(): Promise<void> {
    let last = this.#wall.now()
    while (!this.#stopped) {
      for (let work = this.#queue.shift(); work; work = this.#queue.shift()) await this.#do(work)
      const now = this.#wall.now()
      await this.#pass(Math.min(now - last, LONGEST_TICK))
      last = now
      await this.#rest()
    }
  }

  async #do({ run, settle }: Work): Promise<void> {
    let over = false
    const outcome = run()
    const finished = () => {
      over = true
    }
    outcome.then(finished, finished)
    settle(outcome)
    await this.#world.settle()
    while (!over && (await this.#world.step())) {
      // each step is one moment of the wait
    }
    this.#tell()
  }

  /** Lets pass what a tick of so many real milliseconds is worth. */
  async #pass(elapsed: number): Promise<void> {
    const before = this.#world.now
    if (this.skipping) await this.#until(this.#skipTo)
    else if (this.#speed === 'flat-out') await this.#until(Number.POSITIVE_INFINITY)
    else if (this.#speed !== 'paused') {
      this.#owed += elapsed * this.#speed
      const target = before + Math.floor(this.#owed)
      this.#owed -= Math.floor(this.#owed)
      await this.#until(target)
    }
    if (this.#world.now !== before) this.#tell()
  }

  /** Goes towards `target` for one turn; work that has come in ends the turn early. */
  async #until(target: number): Promise<void> {
    const end = this.#wall.now() + TURN
    while (this.#wall.now() < end && this.#queue.length === 0) {
      if (await this.#world.step(target)) continue
      if (Number.isFinite(target)) await this.#world.runUntil(target)
      return
    }
  }

  /** Waits for the next tick, or for something to do. At full speed it only lets others in. */
  async #rest(): Promise<void> {
    const busy = this.#queue.length > 0 || this.skipping || this.#isRacing()
    if (busy) return new Promise((resolve) => setImmediate(resolve))
    const controller = new AbortController()
    this.#wake = () => controller.abort()
    // A wake-up ends the wait early, and that is all it is.
    await this.#wall.wait(TICK, controller.signal).catch(() => undefined)
    this.#wake = () => {}
  }

  #isRacing(): boolean {
    return this.#speed === 'flat-out' && this.#world.next !== undefined
  }

  #changed(): void {
    this.#wake()
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
