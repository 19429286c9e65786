import type { KnownBlock } from '@slack/types'
import type { RollOutRecord } from '../../domain/record.ts'
import { excerpt, literal, plain } from './markup.ts'
import { footnote, HEADLINES, howItGoes, whatRuns, why } from './words.ts'

/** What is posted: `text` alone must say it all, screen readers and notifications use only that. */
export type Message = { text: string; blocks: KnownBlock[] }

/** Slack cuts a message's text at 4,000 characters. */
const TEXT_CHARACTERS = 3900
/** Slack refuses a section over 3,000 characters; the log excerpt gets what is left of it. */
const LOG_CHARACTERS = 2400
/** Enough for a notification; the blocks have more. */
const READ_OUT_CHARACTERS = 600

/** Whether a record is worth a message: somebody pushed or asked, and something came of it. */
export const isTold = ({ verdict, asked }: Pick<RollOutRecord, 'verdict' | 'asked'>): boolean =>
  verdict in HEADLINES && (verdict !== 'unchanged' || asked !== undefined)

/** The one message of a roll-out, as it stands now. */
export function render(record: RollOutRecord): Message {
  const headline = HEADLINES[record.verdict]?.(record) ?? ''
  const sentences = [...howItGoes(record), why(record), whatRuns(record)].filter(
    (sentence) => sentence !== undefined,
  )
  const { failure } = record
  const said = failure === undefined || failure.logs.length === 0 ? undefined : failure
  const container = literal(said?.container ?? 'the container')
  return {
    text: textOf([headline, ...sentences], said?.logs ?? []),
    blocks: [
      section(headline),
      ...(sentences.length > 0 ? [section(sentences.join('\n'))] : []),
      ...(said === undefined
        ? []
        : [
            section(
              `Last words of \`${container}\`:\n\`\`\`${excerpt(said.logs, LOG_CHARACTERS)}\`\`\``,
            ),
          ]),
      { type: 'context', elements: [{ type: 'mrkdwn', text: footnote(record) }] },
    ],
  }
}

/** Sentences without markup, then the last words. */
function textOf(sentences: readonly string[], logs: readonly string[]): string {
  const read = sentences.map((sentence) => `${plain(sentence).replace(/[.:]$/, '')}.`).join(' ')
  const words = logs.length === 0 ? '' : ` Last words: ${excerpt(logs, READ_OUT_CHARACTERS)}`
  return `${read}${words}`.slice(0, TEXT_CHARACTERS)
}

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } })
