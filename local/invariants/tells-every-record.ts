import type { RollOutRecord } from '../../domain/table/record.ts'
import type { Status } from '../../domain/verdicts.ts'
import type { Invariant } from './invariant.ts'

/** What somebody who pushed wants to know; the rest is told to whoever asked by name. */
const TOLD: ReadonlySet<Status> = new Set([
  'rolling-out',
  'deployed',
  'staged',
  'rolled-back',
  'superseded',
  'refused',
  'quarantined',
  'frozen',
  'pinned',
  'failed',
])

/** Statuses that somebody has to see to: these are never only a line in a summary. */
const STANDING: ReadonlySet<Status> = new Set(['rolling-out', 'rolled-back', 'refused', 'failed'])

export const tellsEveryRecord: Invariant = {
  holds: 'Afterwards everything that still stands has its own message, which says how it ended.',
  number: 11,
  when: 'at the end',
  violations: ({ items, messages }) => {
    const told = new Map(messages.map((message) => [message.key, message]))
    const lines = new Set(
      items.places.filter(({ folded }) => folded !== undefined).map(({ pk, sk }) => `${pk} ${sk}`),
    )
    const untold = items.missing
      .filter(({ pk, sk, refused }) => refused === undefined && !told.has(`${pk} ${sk}`))
      .map(({ pk, sk }) => `${pk} ${sk} has no message`)
    const late = items.records.filter(isTold).flatMap(({ pk, sk, verdict, endedAt }) => {
      const message = told.get(`${pk} ${sk}`)
      if (message === undefined && !STANDING.has(verdict) && lines.has(`${pk} message#${sk}`))
        return []
      if (message === undefined) return [`${pk} ${sk} (${verdict}) has no message`]
      const ended = endedAt === undefined ? 0 : Date.parse(endedAt)
      return message.changedAt >= ended ? [] : [`the message of ${pk} ${sk} is older than its end`]
    })
    return [...untold, ...late]
  },
}

const isTold = ({ verdict, detail, refused }: RollOutRecord): boolean =>
  refused === undefined &&
  (TOLD.has(verdict) || (verdict === 'unchanged' && detail.asked !== undefined))
