import type { Told } from '../local/views/story.ts'

const DAY_MILLISECONDS = 86_400_000

/**
 * A text as a terminal may show it: control characters, which would move its cursor or change its
 * title, by their numbers. Tabs and line breaks stay.
 */
export const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, numbered)

const numbered = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Prints one line, or several. */
export const say = (text: string): void => console.log(visible(text))

/** Prints what happens, each line with its simulated time; the date when it changes. */
export function printer(start: Date, print: (line: string) => void = console.log) {
  const printLine = (line: string) => print(visible(line).replaceAll('\n', '\\u000a'))
  let day = dayOf(start)
  printLine(heading(start))
  return ({ at, text, below }: Told): void => {
    if (dayOf(at) !== day) printLine(heading(at))
    day = dayOf(at)
    printLine(`${at.toISOString().slice(11, 19)}  ${text}`)
    for (const line of below) printLine(`          ${line}`)
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
