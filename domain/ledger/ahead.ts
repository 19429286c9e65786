import type { LedgerEntry } from '../table/ledger-entry.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { VERSION } from '../table/version.ts'
import { type Rate, UNKNOWN } from './rate.ts'

/** Something that may sleep tonight, with what is not paid for it then, where that is known. */
export type MaySleep = {
  id: string
  name: string
  owner: string
  schedule: string
  kept: Sleeper
  rate: Rate | undefined
}

/** When something sleeps by its schedule. */
export type Span = { from: Date; until: Date }

/**
 * The sleeps of the coming night, or of the one that has begun, as the ledger would count them: by
 * the schedules and by who keeps something awake into it. What somebody else has stopped is not
 * counted. What sleeps while nobody needs it sleeps while everything else does.
 *
 * @param spanOf a schedule's next sleep, or the one that has begun; undefined when none comes soon.
 * @param keptUntil until when something is kept awake, whatever its schedule says.
 * @param whenNeeded the schedule of what sleeps while nobody needs it.
 */
export function nightAhead(
  all: readonly MaySleep[],
  spanOf: (schedule: string) => Span | undefined,
  keptUntil: (one: MaySleep) => Date | undefined,
  whenNeeded: string,
): LedgerEntry[] {
  const entries = all.flatMap((one) => {
    const span = spanOf(one.schedule)
    return span === undefined || !isCounted(one.kept, span)
      ? []
      : entryOf(one, { ...span, from: laterOf(span.from, keptUntil(one)) })
  })
  const begins = entries.map(({ from }) => Date.parse(from))
  const ends = entries.map(({ until }) => Date.parse(until))
  const together = { from: new Date(Math.max(...begins)), until: new Date(Math.min(...ends)) }
  const needed = all.filter(({ schedule, rate }) => schedule === whenNeeded && rate !== undefined)
  return [
    ...entries,
    ...(entries.length === 0 ? [] : needed.flatMap((one) => entryOf(one, together))),
  ]
}

const laterOf = (from: Date, kept: Date | undefined): Date =>
  kept !== undefined && kept > from ? kept : from

const isCounted = ({ hand, problem }: Sleeper, { from }: Span): boolean =>
  problem === undefined &&
  (hand?.to !== 'asleep' || (hand.until !== undefined && Date.parse(hand.until) <= from.getTime()))

function entryOf({ id, name, owner, rate = UNKNOWN }: MaySleep, span: Span): LedgerEntry[] {
  if (span.from >= span.until) return []
  const [from, until] = [span.from.toISOString(), span.until.toISOString()]
  return [{ version: VERSION, resource: id, name, owner, from, until, rate, expires: 0 }]
}
