import { RECENT_DEPLOYMENT_MS } from '../alarms.ts'
import type { AlarmRecord } from '../table/alarm-record.ts'
import type { RollOutRecord } from '../table/record.ts'
import { instant } from '../time.ts'
import type { Status } from '../verdicts.ts'

export type Suspect = NonNullable<AlarmRecord['detail']['suspect']>

/** When a breach began. */
export type Breach = {
  /** The start of the first datapoint that breaches, and its length in seconds. */
  since: string
  period: number
  /** When the alarm turned red. */
  red: string
}

/** A roll-out that has started tasks of its image. */
const DEPLOYED: ReadonlySet<Status> = new Set([
  'rolling-out',
  'deployed',
  'rolled-back',
  'superseded',
  'failed',
])

/**
 * The deployment that a breach may come from: the newest that began before the end of the first
 * breaching datapoint and, if it is over, ended at most 30 minutes before it. An alarm that was
 * red before the deployment began is not its doing.
 *
 * @param records of the roll-outs of the service, in any order.
 */
export function suspectIn(records: readonly RollOutRecord[], breach: Breach, now: Date) {
  const until = Date.parse(breach.since) + breach.period * 1000
  return records
    .filter(({ verdict, startedAt }) => DEPLOYED.has(verdict) && startedAt !== undefined)
    .filter(({ startedAt = '', endedAt }) => {
      const start = Date.parse(startedAt)
      const end = endedAt === undefined ? now.getTime() : Date.parse(endedAt)
      const isBegun = start < Math.max(until, Date.parse(breach.since) + 1)
      return (
        isBegun &&
        start <= Date.parse(breach.red) &&
        Date.parse(breach.since) <= end + RECENT_DEPLOYMENT_MS
      )
    })
    .toSorted((a, b) => (startOf(a) < startOf(b) ? 1 : -1))[0]
}

const startOf = ({ startedAt = '' }: RollOutRecord): string => startedAt

/**
 * The suspect, with the image to go back to: the last that was deployed before it and that nobody
 * and nothing has undone. None when the suspect is undone already.
 *
 * @param undone digests that were rolled back here, by Caretaker or by a person.
 */
export function suspected(
  suspect: RollOutRecord,
  records: readonly RollOutRecord[],
  undone: ReadonlySet<string>,
): Suspect {
  const { pk, sk, detail, startedAt = suspect.at } = suspect
  const good = suspect.verdict === 'rolled-back' || undone.has(detail.digest)
  const goBack = good ? undefined : lastGood(suspect, records, undone)
  return {
    record: { pk, sk },
    tag: detail.tag,
    digest: detail.digest,
    at: instant(startedAt),
    ...(goBack && { goBack }),
  }
}

/** Digests for which `suspected` wants to know whether they were undone. */
export const candidatesIn = (
  suspect: RollOutRecord,
  records: readonly RollOutRecord[],
): string[] => [
  ...new Set([suspect, ...deployedBefore(suspect, records)].map(({ detail }) => detail.digest)),
]

function deployedBefore(suspect: RollOutRecord, records: readonly RollOutRecord[]) {
  const before = startOf(suspect)
  return records
    .filter(({ verdict, endedAt }) => verdict === 'deployed' && (endedAt ?? before) < before)
    .filter(({ detail }) => detail.repository === suspect.detail.repository)
    .toSorted((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1))
}

function lastGood(
  suspect: RollOutRecord,
  records: readonly RollOutRecord[],
  undone: ReadonlySet<string>,
): Suspect['goBack'] {
  const good = deployedBefore(suspect, records).filter(
    ({ detail }) => detail.digest !== suspect.detail.digest && !undone.has(detail.digest),
  )
  const [last] = good
  if (last === undefined) return undefined
  const { digest, tag } = last.detail
  // It may have been deployed again after something else was undone: it ran well since the first.
  const other = good.findIndex(({ detail }) => detail.digest !== digest)
  const first = good[(other === -1 ? good.length : other) - 1] ?? last
  const from = instant(first.endedAt ?? first.at)
  return { digest, tag, from, to: instant(startOf(suspect)) }
}
