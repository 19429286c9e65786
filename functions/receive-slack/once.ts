import { signatureKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { claimItem, putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'

/** Longer than the function may run (`infra/control-plane/acts.ts`). */
const LEASE_MILLISECONDS = 15_000
/** Slack sends an event again for some five minutes. */
const KEPT_SECONDS = 60 * 60

/** Whether an event is to be handed on: not while another request does that, nor once it is done. */
export type Claim = 'ours' | 'under way' | 'handed on'

/**
 * Claims an event. Slack sends one that was not answered in time again, with another signature and
 * the same id: a mention that only asks would be answered twice.
 * https://docs.slack.dev/apis/events-api#retries
 *
 * @param id the event's, as `Asked.id` has it.
 */
export async function claimEvent(table: Table, id: string, now: Date): Promise<Claim> {
  const item = itemOf(id, now)
  const found = await claimItem(table, item)
  if (found === undefined) return 'ours'
  if (found.handedOn === true) return 'handed on'
  const before = String(found.claimedAt)
  if (now.getTime() - Date.parse(before) < LEASE_MILLISECONDS) return 'under way'
  const taken = await putItem(table, {
    item,
    condition: 'claimedAt = :before AND attribute_not_exists(handedOn)',
    values: { ':before': before },
  })
  return taken ? 'ours' : 'under way'
}

/** An event was handed on: it is not taken any more. */
export const noteHandedOn = (table: Table, id: string, now: Date): Promise<boolean> =>
  putItem(table, { item: { ...itemOf(id, now), handedOn: true } })

const itemOf = (id: string, now: Date) => ({
  ...signatureKey(`event-${id}`),
  version: VERSION,
  at: now.toISOString(),
  claimedAt: now.toISOString(),
  expires: epochSeconds(now) + KEPT_SECONDS,
})
