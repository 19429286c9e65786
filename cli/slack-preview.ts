import { readFileSync, writeFileSync } from 'node:fs'
import type { Told } from '../domain/acts/offers.ts'
import { offersOf } from '../domain/acts/offers.ts'
import { messageProblems } from '../domain/slack/check.ts'
import { kindOf, readItem } from '../domain/table/read.ts'
import type { Message } from '../functions/tell-slack/markup.ts'
import { RENDERERS, render } from '../functions/tell-slack/renderers.ts'
import { catalogOf } from '../local/simulation/catalogs.ts'
import { isEvent, messagesAfter, type PreviewedEvent } from './slack-preview/of-event.ts'
import { sampleFile, samples } from './slack-preview/samples.ts'
import { asHtml, asLines } from './slack-preview/show.ts'
import { UsageError } from './usage.ts'

/**
 * Shows the Slack message of an event, or of a record, as it would stand: in the terminal, as HTML, and as the text
 * that notifications and screen readers have alone; and checks every limit of Slack's.
 *
 * @returns 0 when Slack would take it, 1 when not.
 * @throws UsageError for a file that holds neither.
 */
export async function slackPreview(
  file: string,
  { html, json }: { html?: string | undefined; json?: boolean | undefined },
): Promise<number> {
  const { lines, page, problems } = await previewOf(file)
  if (json) {
    if (html !== undefined) writeFileSync(html, page)
    console.log(
      JSON.stringify({ lines, problems, ...(html !== undefined && { html }) }, undefined, 2),
    )
    return problems.length === 0 ? 0 : 1
  }
  for (const line of lines) console.log(line)
  if (html !== undefined) {
    writeFileSync(html, page)
    console.log(`HTML: ${html}`)
  }
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? 'Within every limit of Slack’s.' : 'Slack would not take it.')
  return problems.length === 0 ? 0 : 1
}

type Preview = { lines: string[]; page: string; problems: string[] }

/**
 * The message of an event or a record: as lines, as a page, and what Slack would refuse of it.
 *
 * @param named a file that holds it, or a sample.
 */
export async function previewOf(named: string): Promise<Preview> {
  const file = samples().includes(named) ? sampleFile(named) : named
  const content = parsed(file)
  if (!isEvent(content)) return shown(messageOfRecord(recordIn(file, content)))
  const { messages, reasons } = await messagesAfter(content as PreviewedEvent)
  if (messages.length === 0) {
    const why = reasons.join('; ') || 'no rule of Caretaker takes it'
    return { lines: [`Nobody is told: ${why}.`, ''], page: '', problems: [] }
  }
  const previews = messages.map((message) => {
    const { lines, ...rest } = shown(message as unknown as Message)
    const where =
      message.thread_ts === undefined ? message.channel : `${message.channel}, in a thread`
    return { lines: [`In ${where}:`, ...lines], ...rest }
  })
  return {
    lines: previews.flatMap(({ lines }) => lines),
    page: previews.map(({ page }) => page).join('\n'),
    problems: previews.flatMap(({ problems }) => problems),
  }
}

function messageOfRecord(record: Told): Message {
  const { timeZone } = catalogOf('catalog').environment
  const buttons = offersOf(record).map((offer, index) => ({ id: `intent-${index + 1}`, offer }))
  return render(record, { timeZone, buttons })
}

function shown(message: Message): Preview {
  return {
    lines: [...asLines(message.blocks), '', `text: ${message.text}`, ''],
    page: asHtml(message),
    problems: messageProblems(message, 'update').map(
      ({ pointer, message: problem }) => `${pointer} ${problem}`,
    ),
  }
}

const KINDS = Object.keys(RENDERERS) as Told['kind'][]

/** @throws UsageError */
function recordIn(file: string, item: Record<string, unknown>): Told {
  const kind = kindOf(item)
  if (kind !== undefined && KINDS.includes(kind as Told['kind'])) {
    try {
      return readItem(kind as Told['kind'], item)
    } catch (error) {
      throw new UsageError(`${file}: ${(error as Error).message}`)
    }
  }
  throw new UsageError(
    `${file}: found no event and no record, allowed: an event as EventBridge hands it on, or an item of Caretaker's table with pk and sk, of a roll-out, an alarm, a pipeline, a failure or a night`,
  )
}

function parsed(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`)
  }
}
