import type { Invariant } from './invariant.ts'
import { isTold, nameOf, stands, summaryOf, type Tellable, tellables } from './tellable.ts'
import type { Trace } from './trace.ts'

const MINUTE = 60_000

export const tellsEveryRecord: Invariant = {
  holds:
    'Afterwards everything that still stands has its own message, which says how it ended, and what is over is at least a line in a summary.',
  number: 11,
  when: 'at the end',
  violations: (trace) => {
    const told = new Map(trace.messages.map((message) => [message.key, message]))
    return tellables(trace.items)
      .filter((record) => isTold(record) && mustBeTold(trace, record))
      .flatMap((record) => {
        const name = nameOf(record)
        const line = stands(record) ? undefined : told.get(summaryOf(trace, record) ?? '')
        const message = told.get(name) ?? line
        if (message === undefined) return [`${name} (${verdictOf(record)}) has no message`]
        const ended = record.endedAt === undefined ? 0 : Date.parse(record.endedAt)
        return message.changedAt >= ended ? [] : [`the message of ${name} is older than its end`]
      })
  },
}

const verdictOf = (record: Tellable): string => ('verdict' in record ? record.verdict : 'stands')

/** Not what is held back, what Slack refused for good, and what happened a moment ago. */
function mustBeTold({ items, to }: Trace, record: Tellable): boolean {
  const { refused, held, at, pk, sk } = record
  const since = record.kind === 'alarm' ? record.detail.redSince : at
  const isQuiet = items.waiting.some(
    (one) => one.because === 'quiet' && one.record.pk === pk && one.record.sk === sk,
  )
  return refused === undefined && held === undefined && !isQuiet && Date.parse(since) + MINUTE <= to
}
