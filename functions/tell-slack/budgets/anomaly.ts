import { sayUsd } from '../../../domain/ledger/say.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import type { AnomalyRecord } from '../../../domain/table/anomaly-record.ts'
import { dotted, link, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const NAME_CHARACTERS = 100

function headline({ subject, detail }: AnomalyRecord): string {
  const { usd } = detail
  const much = usd === undefined ? 'costs are unusual' : `${sayUsd(usd)} more than AWS expected`
  return `:chart_with_upwards_trend: *${outside(subject, NAME_CHARACTERS)}*: ${much}`
}

type Detail = AnomalyRecord['detail']

/** `$61.00 instead of $21.00, on 2026-03-09` */
function sayFigures({ spent, expected, from, to }: Detail): string[] {
  const figures =
    spent === undefined || expected === undefined
      ? ''
      : `${sayUsd(spent)} instead of ${sayUsd(expected)}`
  const days = from === '' ? '' : to === '' || to === from ? `on ${from}` : `from ${from} to ${to}`
  const said = [figures, days].filter(Boolean).join(', ')
  return said === '' ? [] : [`${said}.`]
}

/** `Amazon Relational Database Service, EUC1-InstanceUsage:db.r6g (eu-central-1) $40.00` */
function sayCause({ service, where, usage, usd }: Detail['causes'][number]): string {
  const words = (text: string) => outside(text, NAME_CHARACTERS)
  const what = [service, usage].filter(Boolean).map(words).join(', ') || 'what AWS does not name'
  return `${what}${where === '' ? '' : ` (${words(where)})`}${usd === undefined ? '' : ` ${sayUsd(usd)}`}`
}

function render(record: AnomalyRecord, says: Says): Notice {
  const { detail, owner, at } = record
  return {
    headline: headline(record),
    sentences: [
      ...sayFigures(detail),
      ...(detail.causes.length === 0
        ? ['AWS does not say where it comes from.']
        : [`Where it comes from: ${detail.causes.map(sayCause).join('; ')}.`]),
      ...(detail.link === undefined ? [] : [link(detail.link, 'Look at it in AWS')]),
    ],
    footnote: dotted(
      `${dateAndTime(at, says.timeZone)} ${says.timeZone}`,
      'found by AWS in costs that are up to a day old',
      owner && `owner ${literal(owner)}`,
      'said once, with the newest figures',
    ),
  }
}

/** What AWS finds unusual in costs, in Slack: it says when it begins, and never that it is over. */
export const anomalyRenderer: Renderer<AnomalyRecord> = {
  isTold: () => true,
  stands: () => false,
  render,
}
