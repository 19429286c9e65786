import type { KnownBlock } from '@slack/types'
import type { Offer } from '../../domain/acts/verbs.ts'
import { dateAndTime } from '../../domain/local-time.ts'
import { LOG_CHARACTERS } from '../../domain/text.ts'
import { excerpt, footer, literal, type Message, outside, plain, section } from './markup.ts'

/** What a renderer says of a record; how it is laid out is the same for every kind. */
export type Notice = {
  /** The first line, with an emoji at its head. */
  headline: string
  /** A line each. */
  sentences: readonly string[]
  /** The last lines of a log, or others that are shown as they are; `readOut`: what they are called. */
  log?: { title: string; readOut?: string; lines: readonly string[] } | undefined
  /** Small print: whose, where, when; and links. */
  footnote: string
}

/** A button: what is offered, under the id that its press carries. */
export type Button = { id: string; offer: Offer }

/** A button that was pressed. */
export type Used = { label: string; by: string; at: string; receipt: string }

/** What a renderer needs besides the record. */
export type Says = {
  /** Times are said in it. */
  timeZone: string
  /** The page of the runbooks, where there is one; else they are named by their path. */
  runbooks?: string | undefined
  /** Where the console is served; its pages are linked then. */
  console?: string | undefined
  /** Said above everything else: that the message should be elsewhere, or once was. */
  heading?: string | undefined
  buttons?: readonly Button[] | undefined
  used?: readonly Used[] | undefined
  /** The chart or picture of an alarm. */
  chart?: KnownBlock | undefined
}

/** Slack refuses the edit of a message over 4,000 characters; a post would be cut far later. */
const TEXT_CHARACTERS = 3900
/** Slack refuses a section over 3,000 characters. */
const SECTION_CHARACTERS = 2900
/** Enough for a notification; the blocks have more. */
const READ_OUT_CHARACTERS = 600
const HEADLINE_CHARACTERS = 1500

/** Puts a notice into Slack's blocks, and into a text that alone says it all. */
export function compose(notice: Notice, says: Says): Message {
  const { headline, log, footnote } = notice
  const sentences = [...notice.sentences, ...(says.used ?? []).map(usedLine(says))]
  const heading = says.heading === undefined ? [] : [says.heading]
  const lines = log === undefined || log.lines.length === 0 ? [] : log.lines
  const excerpted = lines.length === 0 ? '' : excerpt(lines, LOG_CHARACTERS)
  return {
    text: textOf([...heading, headline, ...sentences], lines, log?.readOut),
    blocks: [
      ...heading.map((text) => section(fitting([text], HEADLINE_CHARACTERS))),
      section(fitting([headline], HEADLINE_CHARACTERS)),
      ...(sentences.length > 0 ? [section(fitting(sentences, SECTION_CHARACTERS))] : []),
      ...(excerpted === '' ? [] : [section(`${log?.title}:\n\`\`\`${excerpted}\`\`\``)]),
      ...(says.chart === undefined ? [] : [says.chart]),
      ...actions(says.buttons ?? []),
      footer(fitting([footnote], SECTION_CHARACTERS)),
    ],
  }
}

/** Whole lines as far as they fit: a cut inside one would leave half an entity or an open mark. */
function fitting(lines: readonly string[], room: number): string {
  const kept: string[] = []
  let left = room
  for (const line of lines) {
    if (line.length + 1 > left) {
      // Alone it does not fit either: without markup a cut does no harm.
      kept.push(kept.length === 0 ? outside(unmarked(line), Math.floor(room / 5)) : '…')
      break
    }
    kept.push(line)
    left -= line.length + 1
  }
  return kept.join('\n')
}

const unmarked = (text: string): string =>
  plain(text).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const usedLine =
  (says: Says) =>
  ({ label, by, at, receipt }: Used) =>
    `:point_right: *${literal(label)}*: asked for by ${who(by)} at ${timeOf(says)(at)}, receipt ${outside(receipt, 60)}`

const timeOf =
  ({ timeZone }: Says) =>
  (at: string) =>
    dateAndTime(at, timeZone)

/** A person as Slack shows one; an edit that names somebody notifies nobody. */
export function who(by: string): string {
  const [, user] = /^T[A-Z0-9]+\/([UW][A-Z0-9]+)$/.exec(by) ?? []
  return user === undefined ? outside(by, 100) : `<@${user}>`
}

/** Sentences without markup, then the last lines of log. */
function textOf(
  sentences: readonly string[],
  logs: readonly string[],
  title = 'Last log lines',
): string {
  const read = sentences.map((sentence) => `${plain(sentence).replace(/[.:]$/, '')}.`).join(' ')
  const lines = logs.length === 0 ? '' : ` ${title}: ${excerpt(logs, READ_OUT_CHARACTERS)}`
  return whole(`${read}${lines}`, TEXT_CHARACTERS)
}

/** A cut that leaves no half of an entity. */
const whole = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/&[a-z]{0,3}$/, '')}…`

function actions(buttons: readonly Button[]): KnownBlock[] {
  if (buttons.length === 0) return []
  return [{ type: 'actions', elements: buttons.map(button) }]
}

/**
 * The value is an id and nothing else: what it stands for is in Caretaker's table. Slack takes each
 * `action_id` once in a message.
 */
function button({ id, offer }: Button, place: number, all: readonly Button[]) {
  const { label, confirm, danger = false, verb } = offer
  const again = all.slice(0, place).filter((one) => one.offer.verb === verb).length
  const text = (words: string) =>
    ({ type: 'plain_text', text: words.replaceAll(/[<>]/g, ' ') }) as const
  return {
    type: 'button' as const,
    action_id: `caretaker:${verb}${again === 0 ? '' : `-${again + 1}`}`,
    text: text(label.slice(0, 75)),
    value: id,
    ...(danger ? { style: 'danger' as const } : {}),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: text(confirm.title),
            text: text(confirm.text),
            confirm: text(confirm.confirm),
            deny: text('Cancel'),
            ...(danger ? { style: 'danger' as const } : {}),
          },
        }),
  }
}
