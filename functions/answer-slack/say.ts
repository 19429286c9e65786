import type { Logger } from '@aws-lambda-powertools/logger'
import type { KnownBlock } from '@slack/types'
import type { Answer } from '../shared/acts/carry-out.ts'
import type { Asked } from '../shared/slack/asked.ts'

/** An answer, and who sees it; or the message that was pressed in, without its buttons. */
export type Reply =
  | (Pick<Answer, 'text' | 'until'> & { isPublic: boolean; buttons?: KnownBlock[] })
  | { message: { text: string; blocks: object[] } }

/** Slack cuts a text at 40,000 characters, and asks for fewer than 4,000. */
const TEXT = 3900
/** Slack refuses a section over 3,000. */
const SECTION = 2900

/** Slack did not take an answer, and may take it at the next attempt. */
export class AnswerNotTaken extends Error {
  override readonly name = 'Transient'
}

type Outside = { fetch: typeof fetch; log: Logger }

/** Answers at the address that Slack gave for it: five times, within half an hour. */
export async function respond({ fetch, log }: Outside, url: string, reply: Reply): Promise<void> {
  const body =
    'message' in reply
      ? { replace_original: true, ...reply.message }
      : {
          response_type: reply.isPublic ? 'in_channel' : 'ephemeral',
          replace_original: false,
          ...saidOf(reply),
        }
  const { status } = await post(fetch, url, {}, body)
  // Used up or too late: another attempt meets the same. What was done has its receipt.
  if (status >= 400) log.warn('Slack does not take the answer any more', { status })
}

/** Answers a mention where it was written: what was done in its thread, the rest to the asker alone. */
export async function write(
  { fetch, log, token }: Outside & { token: string },
  { channel, user, thread }: Extract<Asked, { kind: 'mention' }>,
  reply: Exclude<Reply, { message: object }>,
): Promise<void> {
  const said = { channel, ...saidOf(reply), thread_ts: thread }
  const [method, body] = reply.isPublic
    ? ['chat.postMessage', said]
    : ['chat.postEphemeral', { ...said, user }]
  const headers = { authorization: `Bearer ${token}` }
  const answer = await post(fetch, `https://slack.com/api/${method}`, headers, body)
  const { ok, error } = (await answer.json()) as { ok: boolean; error?: string }
  // A channel without us, a token that is not known any more: another attempt meets the same.
  if (!ok) log.warn('Slack does not take the answer', { error })
}

async function post(
  fetch_: typeof fetch,
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<Response> {
  const answer = await fetch_(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new AnswerNotTaken('Slack did not answer', { cause })
  })
  if (answer.status === 429 || answer.status >= 500) {
    throw new AnswerNotTaken(`Slack answered ${answer.status}`)
  }
  return answer
}

type Words = Exclude<Reply, { message: object }>

/** The words, and what can be pressed below them. Blocks take the text's place. */
function saidOf(reply: Words): { text: string; blocks?: KnownBlock[] } {
  const text = textOf(reply)
  const { buttons = [] } = reply
  if (buttons.length === 0) return { text }
  const words: KnownBlock = {
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, SECTION) },
  }
  return { text, blocks: [words, ...buttons] }
}

/** As Slack reads it: what comes from outside is no link and mentions nobody. */
function textOf({ text, until }: Words): string {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const seconds = until === undefined ? undefined : Math.floor(Date.parse(until) / 1000)
  // Slack shows it in the zone of whoever reads.
  const theirs =
    seconds && `\nWhere you are: <!date^${seconds}^{date_short_pretty} {time}|${until}>.`
  return `${plain.slice(0, TEXT)}${theirs ?? ''}`
}

/** The message without what could be pressed in it. */
export const withoutButtons = ({ text, blocks }: { text: string; blocks: object[] }) => ({
  text,
  blocks: blocks.filter((block) => (block as KnownBlock).type !== 'actions'),
})
