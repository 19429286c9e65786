import type { Scan } from '../../../domain/findings.ts'
import { KEPT_SECONDS, type Note } from '../../../domain/table/common.ts'
import { type Key, recordKey, unfollowedKey } from '../../../domain/table/keys.ts'
import type { Asked, Push, RollOutDetail, RollOutRecord } from '../../../domain/table/record.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { cut, REASON_CHARACTERS } from '../../../domain/text.ts'
import { epochSeconds } from '../../../domain/time.ts'
import { isVerdict, type Status } from '../../../domain/verdicts.ts'
import { putItem } from '../table/put.ts'
import type { Put, Table } from '../table/table.ts'

/** The service that is written about, and who writes. */
export type WriteContext = {
  /** `<cluster>/<service>` */
  service: string
  serviceArn: string
  owner: string
  execution: string
  /** What the service runs. */
  running?: { digest: string; tag?: string | undefined } | undefined
  /** What the scan of the image says, where the service asks for it. */
  scan?: Scan | undefined
  now: Date
}

/** Statuses that a later roll-out of the same push may replace. */
const REPLACEABLE: Status[] = ['waiting', 'frozen', 'pinned', 'failed', 'refused', 'not-taken']
/** A person's name. */
export const ASKER_CHARACTERS = 100

export type Written = {
  verdict: Status
  reason: string
  asked?: Asked
  previous?: RollOutDetail['previous']
  notes?: Note[]
}

/**
 * The record of a push, put only if the push has none yet, one that may be replaced, or one that
 * the execution `over` left behind.
 */
export function recordPut(context: WriteContext, push: Push, rest: Written, over = ''): Put {
  const replaceable = Object.fromEntries(REPLACEABLE.map((name, index) => [`:r${index}`, name]))
  return {
    item: { ...recordKey(context.service, push), ...recordItem(context, push, rest) },
    condition: `attribute_not_exists(pk) OR execution = :over OR verdict IN (${Object.keys(replaceable).join(', ')})`,
    values: { ...replaceable, ':over': over },
  }
}

/** The verdict of a push that a service does not take: nothing about the service changes by it. */
export async function recordNotTaken(
  table: Table,
  context: WriteContext,
  push: Push,
  reason: string,
): Promise<void> {
  await putItem(table, recordPut(context, push, { verdict: 'not-taken', reason }))
}

/** The verdict of a push that no service follows. */
export async function recordUnfollowed(
  table: Table,
  push: Push,
  by: Pick<WriteContext, 'execution' | 'now'>,
): Promise<void> {
  const nobody: WriteContext = { service: '', serviceArn: '', owner: '', ...by }
  const reason = `no service has "${push.repository}" in its caretaker:repository tag`
  const item: RollOutRecord & Key = {
    ...unfollowedKey(push),
    ...recordItem(nobody, push, { verdict: 'not-taken', reason }),
  }
  await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
}

function recordItem(
  { service, serviceArn, owner, execution, running, scan, now }: WriteContext,
  { at, ...image }: Push,
  { verdict, reason, asked, previous = running, notes = [] }: Written,
): Omit<RollOutRecord, 'pk' | 'sk'> {
  const [cluster, name] = service.split('/')
  const known = service === '' ? {} : { service: name, cluster, serviceArn }
  return {
    version: VERSION,
    kind: 'roll-out',
    subject: service,
    owner,
    at,
    verdict,
    reason: cut(reason, REASON_CHARACTERS),
    execution,
    [isVerdict(verdict) ? 'endedAt' : 'startedAt']: now.toISOString(),
    expires: epochSeconds(now) + KEPT_SECONDS,
    ...(notes.length > 0 && { notes }),
    detail: {
      ...known,
      ...image,
      ...(previous && { previous: { digest: previous.digest, tag: previous.tag } }),
      ...(asked && { asked: readable(asked) }),
      ...(scan && { findings: scan === 'pending' ? 'not scanned yet' : scan.findings }),
    },
  }
}

const readable = ({ by, reason, retry }: Asked): Asked => ({
  by: cut(by, ASKER_CHARACTERS),
  reason: cut(reason, REASON_CHARACTERS),
  retry,
})
