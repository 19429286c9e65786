import { readFileSync, writeFileSync } from 'node:fs'
import type { Told } from '../domain/acts/offers.ts'
import { offersOf } from '../domain/acts/offers.ts'
import { messageProblems } from '../domain/slack/check.ts'
import { kindOf, readItem } from '../domain/table/read.ts'
import { render } from '../functions/tell-slack/renderers.ts'
import { catalogOf } from '../local/simulation/catalogs.ts'
import { asHtml, asLines } from './slack-preview/show.ts'
import { parseWords, UsageError } from './usage.ts'

const USAGE = 'npm run slack:preview -- <record.json> [--html <file>]'

/**
 * Shows the Slack message of a record as it would stand: in the terminal, as HTML, and as the text
 * that notifications and screen readers have alone; and checks every limit of Slack's.
 *
 * @returns 0 when Slack would take it, 1 when not.
 * @throws UsageError for a file that holds no record.
 */
export async function slackPreview(words: string[]): Promise<number> {
  const { values, positionals } = parseWords(words, { html: { type: 'string' } }, USAGE)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError(`Use: ${USAGE}`)
  const { lines, page, problems } = previewOf(file)
  for (const line of lines) console.log(line)
  if (typeof values.html === 'string') {
    writeFileSync(values.html, page)
    console.log(`HTML: ${values.html}`)
  }
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? 'Within every limit of Slack’s.' : 'Slack would not take it.')
  return problems.length === 0 ? 0 : 1
}

/** The message of the record in a file: as lines, as a page, and what Slack would refuse of it. */
export function previewOf(file: string): { lines: string[]; page: string; problems: string[] } {
  const record = recordIn(file)
  const { timeZone } = catalogOf('catalog').environment
  const buttons = offersOf(record).map((offer, index) => ({ id: `intent-${index + 1}`, offer }))
  const message = render(record, { timeZone, buttons })
  return {
    lines: [...asLines(message.blocks), '', `text: ${message.text}`, ''],
    page: asHtml(message),
    problems: messageProblems(message, 'update').map(
      ({ pointer, message: problem }) => `${pointer} ${problem}`,
    ),
  }
}

const KINDS: readonly Told['kind'][] = [
  ...(['roll-out', 'alarm', 'pipeline', 'failure', 'missing-image'] as const),
]

/** @throws UsageError */
function recordIn(file: string): Told {
  const item = parsed(file)
  const kind = kindOf(item)
  if (kind !== undefined && KINDS.includes(kind as Told['kind'])) {
    try {
      return readItem(kind as Told['kind'], item)
    } catch (error) {
      throw new UsageError(`${file}: ${(error as Error).message}`)
    }
  }
  throw new UsageError(
    `${file}: found no record, allowed: an item of Caretaker's table with pk and sk, of a roll-out, an alarm, a pipeline or a failure`,
  )
}

function parsed(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`)
  }
}
