import { INVARIANTS } from '../local/invariants/all.ts'
import type { Invariant } from '../local/invariants/invariant.ts'
import { type Place, proveSeed, type Seed, type Shown, show } from '../local/prove/prove.ts'
import { interruptible } from './interruption.ts'
import { say } from './print.ts'

type Options = {
  seeds: number
  seed: number
  only?: number | undefined
  shrink: number
  out: string
  json?: boolean | undefined
}

/** What a run of many seeds came to. */
type Sum = { seeds: number; days: number; cpuSeconds: number; violated: number }

const DAY = 24 * 60 * 60_000
/** A line so often, in milliseconds, while nothing is found. */
const TOLD_EVERY = 10_000
const INTERRUPTED = 130

/**
 * Plays generated histories, one for each seed, and looks at everything that must hold. Of each
 * sentence that does not, the first history is shortened and written as a scenario.
 *
 * @returns 0 when all of it held, 1 when something did not, 130 when it was interrupted before that.
 */
export function prove(
  options: Options,
  print = say,
  all: readonly Invariant[] = INVARIANTS,
): Promise<number> {
  return interruptible(async (stop) => {
    const { seed, seeds, only, out } = options
    const invariants = all.filter(({ number }) => only === undefined || number === only)
    const place: Place = { folder: out, invariants }
    const run = new Run(options, print)
    for (let next = seed; next < seed + seeds && !stop.aborted; next++) {
      const found = await proveSeed(next, place)
      const isFirst = run.took(found)
      if (!isFirst || options.shrink === 0) continue
      const shown = await show(found, place, { tries: options.shrink, stop })
      if (shown !== undefined) run.shows(found, shown)
    }
    return run.end(stop.aborted)
  })
}

/** What is printed of a run, and what it came to. */
class Run {
  readonly #options: Options
  readonly #print: (line: string) => void
  readonly #sum: Sum = { seeds: 0, days: 0, cpuSeconds: 0, violated: 0 }
  readonly #known = new Set<string>()
  #told = performance.now()

  constructor(options: Options, print: (line: string) => void) {
    this.#options = options
    this.#print = print
  }

  /** @returns whether it violates what none before it has violated. */
  took(found: Seed): boolean {
    const { length, cpuSeconds, violations } = found
    this.#sum.seeds++
    this.#sum.days += length / DAY
    this.#sum.cpuSeconds += cpuSeconds
    if (violations.length > 0) this.#sum.violated++
    if (this.#options.json) this.#print(JSON.stringify(found))
    else if (violations.length > 0) for (const line of linesOf(found)) this.#print(line)
    else if (performance.now() - this.#told > TOLD_EVERY) this.#tell(this.#progress)
    const [first] = violations
    const isFirst = first !== undefined && !this.#known.has(first.holds)
    if (first !== undefined) this.#known.add(first.holds)
    return isFirst
  }

  shows({ events, seed }: Seed, { file, events: left }: Shown): void {
    if (this.#options.json) this.#print(JSON.stringify({ seed, file, events: left }))
    else this.#tell(`  ${left} of ${events} events are enough: npx caretaker simulate ${file}`)
  }

  end(isInterrupted: boolean): number {
    const { seeds, cpuSeconds, violated } = this.#sum
    const isShort = isInterrupted && seeds < this.#options.seeds
    if (this.#options.json) this.#print(JSON.stringify({ ...this.#sum, interrupted: isShort }))
    else {
      const held = violated === 0 ? 'Everything that must hold held.' : ''
      this.#tell(`${this.#progress}, ${Math.round(cpuSeconds)} CPU seconds. ${held}`.trim())
    }
    if (violated > 0) return 1
    return isShort ? INTERRUPTED : 0
  }

  #tell(line: string): void {
    this.#told = performance.now()
    this.#print(line)
  }

  get #progress(): string {
    const { seeds, cpuSeconds, days, violated } = this.#sum
    const rate = (seeds / Math.max(cpuSeconds, 0.001)).toFixed(2)
    const found = violated === 0 ? 'no violation' : `${violated} with a violation`
    return `${seeds} of ${this.#options.seeds} seeds (${rate} a CPU second), ${days.toFixed(1)} simulated days, ${found}`
  }
}

const SHOWN = 3

const linesOf = ({ seed, catalog, violations }: Seed): string[] =>
  violations.flatMap(({ number, holds, where }) => [
    `Seed ${seed} (catalog ${catalog}) violates ${number}. ${holds}`,
    ...where.slice(0, SHOWN).map((one) => `  - ${one}`),
    ...(where.length > SHOWN ? [`  - and ${where.length - SHOWN} more`] : []),
  ])
