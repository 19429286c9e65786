import type { Level } from '../features.ts'
import type { Choice } from '../table/sleep-record.ts'
import type { Idle } from '../table/sleeper.ts'
import { instant } from '../time.ts'
import type { Fact } from './facts.ts'
import { nameOf } from './night.ts'
import { holds, isAbout, type Named } from './overrides.ts'
import type { Known } from './steps.ts'

/** What is looked at. */
export type IdleSeen = {
  known: readonly Known[]
  overrides: readonly Named[]
  /** What people were told sleeps, and does not: why. */
  over: readonly { id: string; idle: Idle; why: string }[]
  level: Level
  /** What a person may choose before it sleeps, at that time, and while it sleeps. */
  keepOffers(one: Known, sleeps: Date): Choice[]
  wakeOffers(one: Known, since: string): Choice[]
  now: Date
}

/** One record for each time that something is unused, from the notice until it is awake again. */
export type IdleFact = Fact & { endedAt?: string | undefined }

/** An end is news for so long. */
const NEWS_MS = 24 * 60 * 60_000

/** How what nobody uses stands. */
export function idleFacts(seen: IdleSeen): IdleFact[] {
  const { known, overrides, over } = seen
  const byId = new Map(known.map((one) => [one.seen.id, one]))
  return [
    ...known.flatMap((one) => soon(seen, one)),
    ...overrides.flatMap((order) => ofOrder(seen, order)),
    ...over.flatMap(({ id, idle, why }) => {
      const one = byId.get(id)
      return one ? [about(one, idle.sleeps, 'idle-over', why, { endedAt: instant(seen.now) })] : []
    }),
  ]
}

/** It sleeps at its time, if nobody uses it until then. */
function soon({ level, keepOffers, now }: IdleSeen, one: Known): IdleFact[] {
  const { sleeps, why = '' } = one.kept.idle ?? {}
  if (sleeps === undefined || Date.parse(sleeps) <= now.getTime()) return []
  const until = sleeps
  if (level !== 'act') {
    return [about(one, sleeps, 'idle-would', why, { until, endedAt: instant(now) })]
  }
  const choices = keepOffers(one, new Date(sleeps))
  return [about(one, sleeps, 'idle-soon', why, { until, choices })]
}

function ofOrder({ known, level, wakeOffers, now }: IdleSeen, order: Named): IdleFact[] {
  const one = known.find(({ seen }) => order.source === 'idle' && isAbout(order, seen))
  if (one === undefined || level !== 'act') return []
  const { from, until, why, ended } = order
  if (holds(order, now)) {
    return [about(one, from, 'idle-asleep', why, { until, choices: wakeOffers(one, from) })]
  }
  const endedAt = ended?.at ?? until
  if (now.getTime() - Date.parse(endedAt) > NEWS_MS) return []
  const by = ended?.by ?? 'its time is over'
  return [about(one, from, 'idle-over', by, { until, endedAt: instant(endedAt) })]
}

type Parts = { until?: string; choices?: Choice[]; endedAt?: string }

const about = (
  one: Known,
  key = '',
  verdict: Fact['verdict'],
  reason: string,
  { until, choices = [], endedAt }: Parts,
): IdleFact => ({
  ...{ verdict, reason, subject: nameOf(one), owner: one.seen.owner, about: one.seen.id },
  key: `idle ${key}`,
  detail: { choices, ...(until !== undefined && { until }) },
  ...(endedAt !== undefined && { endedAt }),
})
