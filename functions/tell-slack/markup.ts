import type { KnownBlock } from '@slack/types'
import { cut, LOG_LINE_CHARACTERS } from '../../domain/text.ts'

/** What is posted: `text` alone must say it all, screen readers and notifications use only that. */
export type Message = { text: string; blocks: KnownBlock[] }

/**
 * A text of ours in Slack's markup. `verbatim`: without it Slack makes links of bare addresses and
 * mentions of names, also in what a log or a tag says.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
const markup = (text: string) => ({ type: 'mrkdwn', text, verbatim: true }) as const

export const section = (text: string): KnownBlock => ({ type: 'section', text: markup(text) })
/** Parts of a line with a dot between them; what is empty is left out. */
export const dotted = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter(Boolean).join(' · ')
export const footer = (text: string): KnownBlock => ({ type: 'context', elements: [markup(text)] })

/** Slack reads these three characters as markup; a tag or a log line must never be a link or a mention. */
export const literal = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', 'ˋ')

/**
 * Words from outside (a description, an error, a name), on one line, cut, and never as markup: no
 * link, no mention, nobody is notified by what an alarm is called.
 */
export const outside = (text: string, most: number): string =>
  literal(cut(text, most).replaceAll(/\s+/g, ' ').trim())

/** A link of ours; its words are made literal. */
export const link = (url: string, words: string): string =>
  `<${literal(url).replaceAll('|', '%7C')}|${literal(words)}>`

/** A sentence as it is read out: no emoji at its head, no bold, no code. */
export const plain = (text: string): string =>
  text
    .replace(/^:\w+: /, '')
    .replaceAll(/(^|\s)\*([^*\n]+)\*/g, '$1$2')
    .replaceAll(/<[^|<>]*\|([^<>]*)>/g, '$1')
    .replaceAll('`', '')

/**
 * As many of the last lines as fit, made literal; a line that is too long by itself is cut.
 *
 * @param room in characters.
 */
export function excerpt(lines: readonly string[], room: number): string {
  const fitting: string[] = []
  let left = room
  for (const line of lines.toReversed()) {
    const text = literal(line.slice(0, LOG_LINE_CHARACTERS))
    if (text.length + 1 > left) break
    left -= text.length + 1
    fitting.unshift(text)
  }
  return fitting.join('\n')
}

/** `45 s`, `3 min 21 s`, `2 h 5 min` */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
