import { EMOJI } from './emoji.ts'

/** A piece of a message, as Slack would show it. */
export type Piece =
  | { kind: 'text' | 'code' | 'block' | 'emoji' | 'mention'; text: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'quote'; pieces: Piece[] }
  | { kind: 'link'; url: string; text: string }
  | { kind: 'break' }

type Rule = {
  pattern: RegExp
  needsEdge?: boolean
  read(match: RegExpExecArray): Piece | undefined
}

/**
 * Reads Slack's `mrkdwn`. What is no markup stays as it is, so nothing of a message is ever lost.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export const readMrkdwn = (text: string): Piece[] => read(text, [...MARKUP, EMOJI_NAME, BREAK])

/** Reads `plain_text`, which has emoji and line breaks and nothing else. */
export const readPlain = (text: string): Piece[] => read(text, [EMOJI_NAME, BREAK])

function read(text: string, rules: readonly Rule[]): Piece[] {
  const pieces: Piece[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') pieces.push({ kind: 'text', text: unescaped(plain) })
    plain = ''
  }
  let at = 0
  while (at < text.length) {
    const found = pieceAt(text, at, rules)
    if (found === undefined) {
      plain += text[at++]
      continue
    }
    flush()
    pieces.push(found.piece)
    at += found.length
  }
  flush()
  return pieces
}

function pieceAt(
  text: string,
  at: number,
  rules: readonly Rule[],
): { piece: Piece; length: number } | undefined {
  const isEdge = at === 0 || !/\w/.test(text[at - 1] ?? '')
  for (const { pattern, needsEdge, read } of rules) {
    if (needsEdge && !isEdge) continue
    pattern.lastIndex = at
    const match = pattern.exec(text)
    const piece = match === null ? undefined : read(match)
    if (match !== null && piece !== undefined) return { piece, length: match[0].length }
  }
  return undefined
}

/** Bold, italic, struck: not around spaces, not inside a word. */
const around = (mark: string, kind: 'bold' | 'italic' | 'strike'): Rule => ({
  pattern: new RegExp(`\\${mark}(?=\\S)([^\\n\\${mark}]*?[^\\s\\${mark}])\\${mark}(?!\\w)`, 'y'),
  needsEdge: true,
  read: ([, inner = '']) => ({ kind, pieces: readMrkdwn(inner) }),
})

const MARKUP: Rule[] = [
  {
    pattern: /```\n?([\s\S]+?)\n?```/y,
    read: ([, inner = '']) => ({ kind: 'block', text: unescaped(inner) }),
  },
  { pattern: /`([^`\n]+)`/y, read: ([, inner = '']) => ({ kind: 'code', text: unescaped(inner) }) },
  {
    pattern: /<!date\^(\d+)\^([^|>]+?)(?:\^[^|>]*)?\|([^>]*)>/y,
    read: ([, seconds, format = '']) => ({ kind: 'text', text: dated(Number(seconds), format) }),
  },
  {
    pattern: /<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>/y,
    read: ([, url = '', text = url]) => ({
      kind: 'link',
      url: unescaped(url),
      text: unescaped(text),
    }),
  },
  {
    pattern: /<([@#!])([^|>]+)(?:\|([^>]*))?>/y,
    read: ([, sign = '', id = '', label]) => ({
      kind: 'mention',
      text: unescaped(label ?? `${sign === '!' ? '@' : sign}${id}`),
    }),
  },
  {
    pattern: /(?<=^|\n)&gt; ?([^\n]*)\n?/y,
    read: ([, inner = '']) => ({ kind: 'quote', pieces: readMrkdwn(inner) }),
  },
  around('*', 'bold'),
  around('_', 'italic'),
  around('~', 'strike'),
]

const EMOJI_NAME: Rule = {
  pattern: /:([a-z0-9_+-]+):/y,
  read: ([, name = '']) => {
    const text = EMOJI[name]
    return text === undefined ? undefined : { kind: 'emoji', text }
  },
}

const BREAK: Rule = { pattern: /\n/y, read: () => ({ kind: 'break' }) }

/** The three characters Slack wants escaped. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const part = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' })
const DATES: Record<string, Intl.DateTimeFormat> = {
  date_num: part({ year: 'numeric', month: '2-digit', day: '2-digit' }),
  date: part({ year: 'numeric', month: 'long', day: 'numeric' }),
  date_pretty: part({ year: 'numeric', month: 'long', day: 'numeric' }),
  date_short: part({ year: 'numeric', month: 'short', day: 'numeric' }),
  date_short_pretty: part({ year: 'numeric', month: 'short', day: 'numeric' }),
  date_long: part({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
  date_long_pretty: part({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
  time: part({ hour: 'numeric', minute: '2-digit' }),
  time_secs: part({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
}

function dated(seconds: number, format: string): string {
  const date = new Date(seconds * 1000)
  return format.replaceAll(/\{(\w+)\}/g, (token, name) => DATES[name]?.format(date) ?? token)
}
