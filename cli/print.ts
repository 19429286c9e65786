import type { Told } from '../local/views/story.ts'

const DAY_MILLISECONDS = 86_400_000

/** Prints what happens, each line with its simulated time; the date when it changes. */
export function printer(start: Date, print: (line: string) => void = console.log) {
  let day = dayOf(start)
  print(heading(start))
  return ({ at, text, below }: Told): void => {
    if (dayOf(at) !== day) print(heading(at))
    day = dayOf(at)
    print(`${at.toISOString().slice(11, 19)}  ${text}`)
    for (const line of below) print(`          ${line}`)
  }
}

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MILLISECONDS)

const heading = (at: Date): string =>
  at.toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
