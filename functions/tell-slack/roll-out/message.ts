import type { RollOutRecord } from '../../../domain/table/record.ts'
import { excerpt, footer, literal, type Message, plain, section } from '../markup.ts'
import type { Renderer } from '../renderer.ts'
import { findings, footnote, HEADLINES, progressLines, whatRuns, why } from './words.ts'

/** Slack cuts a message's text at 4,000 characters. */
const TEXT_CHARACTERS = 3900
/** Slack refuses a section over 3,000 characters; the log excerpt gets what is left of it. */
const LOG_CHARACTERS = 2400
/** Enough for a notification; the blocks have more. */
const READ_OUT_CHARACTERS = 600

/** Whether a record is worth a message: somebody pushed or asked, and something came of it. */
export const isTold = ({ verdict, detail }: Pick<RollOutRecord, 'verdict' | 'detail'>): boolean =>
  Object.hasOwn(HEADLINES, verdict) && (verdict !== 'unchanged' || detail.asked !== undefined)

/** The one message of a roll-out, as it stands now. */
export function render(record: RollOutRecord): Message {
  const headline = HEADLINES[record.verdict]?.(record) ?? ''
  const sentences = [
    ...progressLines(record),
    findings(record),
    why(record),
    whatRuns(record),
  ].filter((sentence) => sentence !== undefined)
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
              `Last log lines of \`${container}\`:\n\`\`\`${excerpt(said.logs, LOG_CHARACTERS)}\`\`\``,
            ),
          ]),
      footer(footnote(record)),
    ],
  }
}

/** Sentences without markup, then the last lines of log. */
function textOf(sentences: readonly string[], logs: readonly string[]): string {
  const read = sentences.map((sentence) => `${plain(sentence).replace(/[.:]$/, '')}.`).join(' ')
  const lines = logs.length === 0 ? '' : ` Last log lines: ${excerpt(logs, READ_OUT_CHARACTERS)}`
  return `${read}${lines}`.slice(0, TEXT_CHARACTERS)
}

/** Roll-outs in Slack. */
export const rollOutRenderer: Renderer<RollOutRecord> = { isTold, render }
