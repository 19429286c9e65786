import { dayAfter, localTime } from '../../domain/local-time.ts'
import { idleOverride } from '../../domain/sleep/idle-due.ts'
import { type IdleFact, idleFacts } from '../../domain/sleep/idle-told.ts'
import type { Named } from '../../domain/sleep/overrides.ts'
import { priceOf, sayDollars } from '../../domain/sleep/price.ts'
import type { Known } from '../../domain/sleep/steps.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { sleepFactKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { SleepFact } from '../../domain/table/sleep-fact.ts'
import type { Choice } from '../../domain/table/sleep-record.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { edgeOf, morningOf } from '../shared/sleep/edges.ts'
import { staysFor } from '../shared/sleep/outlook.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import { sayChoice } from './choices.ts'
import type { Judged } from './idle.ts'
import type { Telling } from './telling.ts'

const KEEP_MS = 2 * 60 * 60_000
const MINUTE_MS = 60_000

/** One message for each time that nobody uses something: it goes on as that goes on. */
export async function tellIdle(
  telling: Telling,
  known: readonly Known[],
  { over }: Pick<Judged, 'over'>,
): Promise<void> {
  const { catalog, read, now } = telling
  const facts = idleFacts({
    ...{ known, over, now, overrides: read.overrides, level: catalog.features.sleep },
    keepOffers: (one, sleeps) => keepOffers(telling, known, one, sleeps),
    wakeOffers: (one, since) => [{ verb: 'wake', input: aboutOf(one), label: 'Wake', key: since }],
  })
  if (facts.length === 0) return
  const keys = facts.map(({ about, key }) => sleepFactKey(about, key))
  const items = await getItems(telling.table, keys)
  for (const [place, fact] of facts.entries()) await put(telling, fact, items[place])
}

async function put(
  { table, now }: Telling,
  { about, key, endedAt, ...fact }: IdleFact,
  item: Record<string, unknown> | undefined,
): Promise<void> {
  const before = item && readItem('sleep-fact', item)
  // Of what was never told the end is no news either.
  if (before === undefined ? fact.verdict === 'idle-over' : isSame(before, { ...fact, endedAt })) {
    return
  }
  const { acted: _, endedAt: __, ...rest } = item ?? {}
  const record: SleepFact = {
    ...sleepFactKey(about, key),
    ...{ version: VERSION, kind: 'sleep-fact', at: before?.at ?? instant(now), execution: '' },
    ...fact,
    ...(endedAt !== undefined && { endedAt }),
    // It is asleep since that was said.
    ...(fact.verdict === 'idle-asleep' && before?.verdict !== fact.verdict && { at: instant(now) }),
    expires: epochSeconds(now) + KEPT_SECONDS,
  }
  await putItem(table, { item: { ...rest, ...record } })
}

/** A press on a button has been looked at by now: it is said again what can be done. */
const isSame = (before: SleepFact, fact: Pick<SleepFact, 'verdict' | 'endedAt'>): boolean =>
  before.acted === undefined &&
  before.verdict === fact.verdict &&
  (before.endedAt === undefined) === (fact.endedAt === undefined)

/** A service by its name, as people say it; everything else by its id. */
const aboutOf = ({ seen: { kind, id, service } }: Known): Record<string, unknown> => ({
  service: kind === 'service' && service !== undefined ? service : id,
})

/** Two hours, and until it sleeps by its schedule or the morning, with what that costs. */
function keepOffers(
  { catalog, read, now }: Telling,
  known: readonly Known[],
  one: Known,
  sleeps: Date,
): Choice[] {
  const day = dayAfter(localTime(sleeps, catalog.timeZone).date)
  const night = edgeOf(catalog, [one], 'stopped', sleeps)
  const long = new Date(sleeps.getTime() + KEEP_MS)
  const morning = new Date(morningOf(catalog, [one], day, sleeps))
  const last = night !== undefined && night < morning ? night : morning
  const { id, service } = one.seen
  const about = { resource: id, service: service ?? id }
  const keep: Named = {
    ...{ version: VERSION, kind: 'awake', source: 'person', id: '', by: '', why: '', ...about },
    ...{ from: now.toISOString(), until: last.toISOString() },
  }
  // Without it all sleeps that people were told of.
  const idle = known.flatMap(({ seen, kept: { idle: { sleeps: from } = {} } }) =>
    from === undefined ? [] : [idleOverride(seen, { from, until: keep.until, why: '' })],
  )
  const at = new Date(sleeps.getTime() + MINUTE_MS)
  const stays = staysFor(catalog, known, [...read.overrides, ...idle], keep, at)
  const { hour } = priceOf(stays, catalog)
  const ends = [
    { until: long, words: 'Keep 2 h ' },
    { until: last, words: 'Keep ' },
  ]
  return ends
    .filter(({ until }, place) => place === 0 || until > long)
    .map(({ until, words }) => {
      const dollars = sayDollars((hour * (until.getTime() - sleeps.getTime())) / 3_600_000)
      return sayChoice(catalog, { words, until, at: sleeps, dollars, about: aboutOf(one) })
    })
}
