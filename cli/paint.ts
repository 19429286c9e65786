import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

const COLOURS: [RegExp, Style][] = [
  [/^Nothing was done\b/gm, 'red'],
  [/^(Done|Started)\b/gm, 'green'],
  [/^Red: /gm, 'red'],
  [/^Frozen: /gm, 'yellow'],
  [/\b(deployed|unchanged)\b/g, 'green'],
  [/\b(rolled-back|failed|refused|quarantined)\b/g, 'red'],
  [/\b(frozen|pinned|staged|superseded|not-taken)\b/g, 'yellow'],
]

const FENCE = /^```\n?/gm
const CODE = /`([^`\n]+)`/g

/** An answer as a terminal shows it: commands and verdicts in colour, without the marks of Slack. */
export function painted(text: string): string {
  const plain = text.replaceAll(FENCE, '')
  const coloured = COLOURS.reduce(
    (so, [words, style]) => so.replaceAll(words, (word) => paint(style, word)),
    plain,
  )
  return coloured.replaceAll(CODE, (_, code: string) => paint('cyan', code))
}

const STORY: [RegExp, Style][] = [
  [/\bis (DEPLOYED|UNCHANGED)\b/, 'green'],
  [/\bis (ROLLED-BACK|FAILED|REFUSED|QUARANTINED)\b/, 'red'],
  [/\bis (FROZEN|PINNED|STAGED|SUPERSEDED|NOT-TAKEN)\b/, 'yellow'],
  [/\brolls out\b/, 'blue'],
  [/^Slack #\S+/, 'cyan'],
]

/** A line of a story in colours. */
export const paintedStory = (line: string): string =>
  STORY.reduce((so, [words, style]) => so.replace(words, (word) => paint(style, word)), line)

/** An answer where nothing has colours. */
export const plain = (text: string): string => text.replaceAll(FENCE, '').trimEnd()

const paint = (style: Style, text: string): string =>
  styleText(style, text, { validateStream: false })
