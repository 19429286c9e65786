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
type Sum = {
  seeds: number
  days: number
  cpuSeconds: number
  violated: Seed[]
  interrupted: boolean
}

const DAY = 24 * 60 * 60_000
/** A line so often, in seconds, while nothing is found. */
const TOLD_EVERY = 10

/**
 * Plays generated histories, one for each seed, and looks at everything that must hold.
 *
 * @returns 0 when all of it held, 1 when something did not, 130 when it was interrupted before the end.
 */
export function prove(options: Options, print = say): Promise<number> {
  return interruptible(async (stop) => {
    const { seed, seeds, only, out, json } = options
    const place: Place = { folder: out, ...(only !== undefined && { only: [only] }) }
    const tell = json ? () => {} : print
    const sum: Sum = { seeds: 0, days: 0, cpuSeconds: 0, violated: [], interrupted: false }
    const shown: Shown[] = []
    let told = performance.now()
    for (let next = seed; next < seed + seeds && !stop.aborted; next++) {
      const found = await proveSeed(next, place)
      sum.seeds++
      sum.days += found.length / DAY
      sum.cpuSeconds += found.cpuSeconds
      if (json) print(JSON.stringify(found))
      if (found.violations.length > 0) {
        sum.violated.push(found)
        for (const line of linesOf(found)) tell(line)
        const file = await show(found, place, { tries: options.shrink, stop })
        if (file !== undefined) {
          shown.push(file)
          tell(
            `  ${file.events} of ${found.events} events are enough: npx caretaker simulate ${file.file}`,
          )
        }
      } else if (performance.now() - told > TOLD_EVERY * 1000) {
        told = performance.now()
        tell(progress(sum, options))
      }
    }
    sum.interrupted = stop.aborted && sum.seeds < seeds
    tell(summary(sum, options))
    return sum.violated.length > 0 ? 1 : sum.interrupted ? 130 : 0
  })
}

const linesOf = ({ seed, catalog, violations }: Seed): string[] =>
  violations.flatMap(({ number, holds, where }) => [
    `seed ${seed} (${catalog}) violates ${number}: ${holds}`,
    ...where.slice(0, 3).map((one) => `  - ${one}`),
    ...(where.length > 3 ? [`  - and ${where.length - 3} more`] : []),
  ])

const progress = ({ seeds, cpuSeconds, days, violated }: Sum, options: Options): string =>
  `${seeds} of ${options.seeds} seeds, ${(seeds / Math.max(cpuSeconds, 0.001)).toFixed(2)} a CPU second, ${Math.round(days)} simulated days, ${violated.length} with a violation`

function summary(sum: Sum, options: Options): string {
  const ended = sum.interrupted ? 'Interrupted. ' : ''
  return `${ended}${progress(sum, options)}; ${Math.round(sum.cpuSeconds)} CPU seconds.`
}
