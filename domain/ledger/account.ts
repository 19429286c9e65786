import type { Seen } from '../sleep/resource.ts'
import type { LedgerEntry } from '../table/ledger-entry.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { VERSION } from '../table/version.ts'
import { epochSeconds } from '../time.ts'
import { UNKNOWN } from './rate.ts'

/** Entries are kept for thirteen months: a year can be held against the one before. */
const KEPT_SECONDS = 400 * 24 * 60 * 60

export type Accounted = { kept: Sleeper; entry?: LedgerEntry }

/**
 * Counts a sleep: from the moment at which Caretaker has stopped it to the moment at which it runs
 * again, or is asked to. What somebody else has stopped is not counted: it would not have run.
 *
 * @param before what was kept; undefined for a resource that is new.
 * @param after what is kept from now on.
 * @returns the sleeper with what is counted of it, and the entry of a sleep that is over.
 */
export function account(
  { id, name, owner, phase }: Pick<Seen, 'id' | 'name' | 'owner' | 'phase'>,
  before: Sleeper | undefined,
  after: Sleeper,
  now: Date,
): Accounted {
  const { counted, moving, rest } = after
  if (counted === undefined) {
    const begins = before?.moving?.to === 'asleep' && moving === undefined && rest === 'asleep'
    return { kept: begins ? { ...after, counted: { from: after.since, name, owner } } : after }
  }
  if (moving?.to === 'awake') return closed(id, after, new Date(moving.since))
  const isOver = rest === 'awake' || phase !== 'down'
  return isOver ? closed(id, after, now) : { kept: after }
}

/** Ends what is counted of a resource: it runs, or it is there no more. */
export function closed(id: string, { counted, ...kept }: Sleeper, until: Date): Accounted {
  if (counted === undefined) return { kept }
  const entry = {
    version: VERSION,
    resource: id,
    ...counted,
    until: until.toISOString(),
    rate: kept.rate ?? UNKNOWN,
    expires: epochSeconds(until) + KEPT_SECONDS,
  }
  return { kept, entry }
}

/** Sleeps that are not over yet, as if they ended now. */
export const openEntries = (sleepers: ReadonlyMap<string, Sleeper>, now: Date): LedgerEntry[] =>
  [...sleepers].flatMap(([id, kept]) => closed(id, kept, now).entry ?? [])
