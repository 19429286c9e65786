import { type Fact, factsOf } from '../../domain/sleep/facts.ts'
import { nightOf } from '../../domain/sleep/night.ts'
import type { Known } from '../../domain/sleep/steps.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { nightKey, overrideKey, sleepFactKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { SleepFact } from '../../domain/table/sleep-fact.ts'
import type { SleepRecord } from '../../domain/table/sleep-record.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import { factsSeen } from './tell-facts.ts'
import { tellIdle } from './tell-idle.ts'
import { type NightAhead, nightsIn } from './tell-nights.ts'
import type { Telling } from './telling.ts'

/**
 * Writes what people are told: a record for each night of a team, and one for each fact that is new.
 * What cannot be told holds nothing up: it is logged, and the next look tells it.
 */
export async function tell(telling: Telling): Promise<void> {
  const { decided, sleepers, log } = telling
  const known = decided.known.map((one) => ({
    ...one,
    kept: sleepers.get(one.seen.id) ?? one.kept,
  }))
  try {
    await tellNights(telling, nightsIn(telling, known))
    await tellIdle(telling, known, telling.judged)
    if (telling.catalog.features.sleep === 'act') await tellFacts(telling, known)
  } catch (error) {
    log.error('what people are to be told could not be written', { error })
  }
}

async function tellNights({ table, now }: Telling, nights: readonly NightAhead[]): Promise<void> {
  const keys = nights.map(({ team, edge }) => nightKey(team, edge))
  const items = keys.length === 0 ? [] : await getItems(table, keys)
  for (const [place, ahead] of nights.entries()) {
    const item = items[place]
    const before = item && readItem('sleep', item)
    const night = nightOf({ ...ahead, before, now })
    if (night === undefined || (before !== undefined && isSame(night, before))) continue
    const { acted: _, ...rest } = item ?? {}
    const record: SleepRecord = {
      ...nightKey(ahead.team, ahead.edge),
      ...{ version: VERSION, kind: 'sleep', subject: ahead.team, owner: ahead.team },
      ...{ at: before?.at ?? instant(now), reason: '', execution: '', ...night },
      revision: (before?.revision ?? 0) + 1,
      expires: epochSeconds(now) + KEPT_SECONDS,
    }
    await putItem(table, {
      item: { ...rest, ...record },
      condition: 'attribute_not_exists(pk) OR revision = :revision',
      values: { ':revision': before?.revision ?? 0 },
    })
  }
}

/** A press on a button has been looked at by now: it is said again what can be done. */
const isSame = (night: ReturnType<typeof nightOf>, before: SleepRecord): boolean =>
  before.acted === undefined &&
  JSON.stringify(sorted(night)) ===
    JSON.stringify(
      sorted({ verdict: before.verdict, detail: before.detail, endedAt: before.endedAt }),
    )

/** Members in one order, whatever order they were written in; absent ones are left out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(
    members.toSorted(([a], [b]) => a.localeCompare(b)).map(([name, one]) => [name, sorted(one)]),
  )
}

async function tellFacts(telling: Telling, known: readonly Known[]): Promise<void> {
  const { table, now } = telling
  const facts = factsOf(factsSeen(telling, known))
  const keys = facts.map(({ about, key }) => sleepFactKey(about, key))
  const items = keys.length === 0 ? [] : await getItems(table, keys)
  for (const [place, fact] of facts.entries()) {
    if (items[place] === undefined) await put(telling, fact)
    if (fact.verdict === 'keep-ends') await markAsked(telling, fact.about)
  }
  for (const { id, asked, until, ended } of telling.read.overrides) {
    const isOver = until <= now.toISOString() || ended !== undefined
    if (asked === undefined || !isOver) continue
    await updateItem(table, {
      key: sleepFactKey(id, 'keep-ends'),
      expression: 'SET endedAt = :now',
      condition: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
      values: { ':now': instant(now) },
    })
  }
}

function put({ table, now }: Telling, { about, key, later, ...fact }: Fact): Promise<boolean> {
  const item: SleepFact = {
    ...sleepFactKey(about, key),
    ...{ version: VERSION, kind: 'sleep-fact', at: instant(now), execution: '', ...fact },
    ...(later && { reason: later() }),
    // What nobody can press any more was over when it was told.
    ...(fact.detail.choices.length === 0 && { endedAt: instant(now) }),
    // What is so for good is told once, ever.
    ...(fact.verdict !== 'no-backup' && { expires: epochSeconds(now) + KEPT_SECONDS }),
  }
  return putItem(table, { item, condition: 'attribute_not_exists(pk)' })
}

const markAsked = ({ table, now }: Telling, id: string): Promise<boolean> => {
  const [from = '', act = ''] = id.split('#')
  return updateItem(table, {
    key: overrideKey(from, act),
    expression: 'SET asked = :now',
    condition: 'attribute_exists(pk)',
    values: { ':now': now.toISOString() },
  })
}
