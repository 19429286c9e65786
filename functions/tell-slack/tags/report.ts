import { AT_LIST_PRICE, sayUsd } from '../../../domain/ledger/say.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import type { TagReport } from '../../../domain/table/tag-notice.ts'
import { dotted, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const NAME_CHARACTERS = 80

const share = (complete: number, total: number): string =>
  total === 0 ? 'nothing' : `${Math.floor((100 * complete) / total)} %`

/** `; $12.40 a month, without 3 of which no price is known or that are paid by use` */
function sayCost({ usd, unpriced }: TagReport['detail']): string {
  if (usd === undefined) return ''
  if (usd === 0) return unpriced === 0 ? '' : '; they have no known price, or are paid by use'
  const without = unpriced === 0 ? '' : `, without ${unpriced} of no known price or paid by use`
  return `; ${sayUsd(usd)} a month${without}`
}

/** How the tags of what a team owns are. */
function render({ subject, detail, at }: TagReport, { timeZone }: Says): Notice {
  const { total, complete, before, keys, names, would, unread, nowhere, reportsUntil } = detail
  const name = (text: string) => outside(text, NAME_CHARACTERS)
  const trend = before === undefined ? '' : ` (${share(before.complete, before.total)} before)`
  const lacking = total - complete
  const isPriced = lacking > 0 && detail.usd !== undefined
  const more = lacking > names.length ? ` and ${lacking - names.length} more` : ''
  const sentences = [
    lacking > 0 && `Not complete: ${names.map(name).join(', ')}${more}${sayCost(detail)}.`,
    keys.length > 0 &&
      `Missing or wrong: ${keys.map(({ key, count }) => `${name(key)} on ${count}`).join(', ')}.`,
    would > 0 &&
      `Caretaker knows what ${would} of them lack, and would write it: \`tags\` is \`tell\`.`,
    nowhere > 0 && `${nowhere} belong to no environment, and are left alone.`,
    unread.length > 0 && `Not read, and not counted: ${unread.map(name).join(', ')}.`,
    reportsUntil !== undefined &&
      `Nobody is asked about single ones before ${dateAndTime(reportsUntil, timeZone)}.`,
  ]
  return {
    headline: `:label: *${name(subject)}*: ${complete} of ${total} have all their tags, ${share(complete, total)}${trend}`,
    sentences: sentences.filter((one) => one !== false),
    footnote: dotted(`${dateAndTime(at, timeZone)} ${timeZone}`, isPriced && AT_LIST_PRICE),
  }
}

/** A team's tags, in Slack: told once, and over. */
export const tagReportRenderer: Renderer<TagReport> = {
  isTold: () => true,
  stands: () => false,
  render,
}
