import type * as z from 'zod/mini'
import { type Changed, callerOf, changedBy } from '../../domain/sleep/changed.ts'
import type { Told } from '../../domain/table/sleeper.ts'
import { type DatabaseStarted, STARTED_BY_AWS } from '../../events/database-started.ts'
import type { ResourceChanged } from '../../events/resource-changed.ts'
import type { event } from './contract.ts'

/** What an event says. */
export type Noticed = Pick<Changed, 'ids' | 'tags'> & {
  /** Who did it; undefined when it says no more than that it is so. */
  told?: Told
  /** Whether it may be time to do something. */
  looks: boolean
}

/**
 * @param own ARNs of Caretaker's own roles.
 * @returns `nothing`: why it is about nobody who has started or stopped something.
 */
export function noticedOf(
  input: z.output<typeof event>,
  own: readonly string[],
  now: Date,
): Noticed | { nothing: string } {
  return input['detail-type'] === 'AWS API Call via CloudTrail'
    ? called(input, own, now)
    : started(input, now)
}

function called({ detail }: ResourceChanged, own: readonly string[], now: Date) {
  const changed = changedBy(detail)
  if (changed === undefined) return { nothing: 'it starts and stops nothing' }
  const caller = callerOf(detail, own)
  if (caller === undefined) return { nothing: 'it was Caretaker itself' }
  const { ids, to, tags } = changed
  const at = new Date(detail.eventTime).toISOString()
  return { ids, tags, told: { ...caller, to, at, arrived: now.toISOString() }, looks: true }
}

/** AWS begins to start one: who did it is known from then on; there is something to do once it is up. */
function started(input: DatabaseStarted, now: Date): Noticed {
  const { EventID, SourceIdentifier } = input.detail
  const kind = input['detail-type'] === 'RDS DB Cluster Event' ? 'cluster' : 'database'
  const ids = [`${kind}/${SourceIdentifier}`]
  if (!STARTED_BY_AWS.includes(EventID)) return { ids, looks: true }
  const [at, arrived] = [new Date(input.time).toISOString(), now.toISOString()]
  return { ids, told: { to: 'awake', at, arrived, by: 'AWS', tool: true, aws: true }, looks: false }
}
