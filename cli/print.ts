import type { Told } from '../local/views/story.ts'
import { paintedStory } from './paint.ts'

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

/** Where a person reads a story: lines are as long as it is wide, and have colours if it has. */
export type Screen = { columns: number; colours: boolean }

/** The screen of this process; none where a file or another program reads. */
const ownScreen = (): Screen | undefined =>
  process.stdout.isTTY
    ? // https://no-color.org
      { columns: process.stdout.columns ?? 80, colours: !process.env.NO_COLOR }
    : undefined

/**
 * Prints what happens, each line with its simulated time; the date when it changes. On a screen a
 * line is one line: of a message its first sentence alone, of a reason as much as there is room for.
 */
export function printer(
  start: Date,
  print: (line: string) => void = console.log,
  screen: Screen | undefined = ownScreen(),
) {
  const room = screen === undefined ? Number.POSITIVE_INFINITY : screen.columns - INDENT.length
  const coloured = (text: string) => (screen?.colours ? paintedStory(text) : text)
  const shown = (text: string) => visible(text).replaceAll('\n', '\\u000a')
  const cut = (text: string) =>
    shown(text).length <= room ? shown(text) : `${shown(text).slice(0, Math.max(1, room - 1))}…`
  let day = dayOf(start)
  print(heading(start))
  return ({ at, text, below }: Told): void => {
    if (dayOf(at) !== day) print(heading(at))
    day = dayOf(at)
    const isShort = screen !== undefined && text.startsWith('Slack ')
    print(`${at.toISOString().slice(11, 19)}  ${coloured(cut(isShort ? firstOf(text) : text))}`)
    for (const line of isShort ? [] : below) print(`${INDENT}${cut(line)}`)
  }
}

/** As wide as a time. */
const INDENT = ' '.repeat('09:00:00  '.length)

/** The first sentence of a message. */
const firstOf = (text: string): string => text.replace(/\. (?=[A-Z]).*$/s, '.')

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MILLISECONDS)

const heading = (at: Date): string =>
  at.toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
