import type { Accounted } from '../../domain/ledger/account.ts'
import { staysFor } from '../../domain/ledger/say.ts'
import { sumsOf, type TeamSlept } from '../../domain/ledger/sums.ts'
import { type Week, weekBefore } from '../../domain/ledger/week.ts'
import { localTime } from '../../domain/local-time.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { savingsKey, sleepStateKey } from '../../domain/table/keys.ts'
import type { SavingsRecord } from '../../domain/table/savings-record.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { sleepsSince } from '../shared/ledger.ts'
import type { Kept } from '../shared/sleep/kept.ts'
import { putItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Telling } from './telling.ts'

/** Nobody reads it earlier, and its message would notify. */
const MORNING = '06:00'
/** Resources that a message names. */
const NAMED = 10

/**
 * Once a week, at the first look after Monday morning: a record for each team that something has
 * slept for, which is told in its channel.
 *
 * @param accounts what was counted at this look.
 */
export async function tellSavings(
  { table, catalog, log, now }: Pick<Telling, 'table' | 'catalog' | 'log' | 'now'>,
  { sleepers, state }: Kept,
  accounts: ReadonlyMap<string, Accounted>,
): Promise<void> {
  const week = weekBefore(now, catalog.timeZone)
  const isEarly =
    now.getTime() - week.until.getTime() < DAY_MS && isBeforeMorning(now, catalog.timeZone)
  if (isEarly || (state.savings ?? '') >= week.monday) return
  try {
    const open = new Map([
      ...sleepers,
      ...[...accounts].map(([id, { kept }]) => [id, kept] as const),
    ])
    const entries = await sleepsSince(table, open, week.from, now)
    const sums = sumsOf(entries, week.from, week.until)
    const hours = (week.until.getTime() - week.from.getTime()) / HOUR_MS
    const stays = staysFor(catalog.stays, sums, hours)
    for (const slept of sums) await putItem(table, put(slept, week, stays, now))
    await updateItem(table, {
      key: sleepStateKey,
      expression: 'SET savings = :monday',
      values: { ':monday': week.monday },
    })
  } catch (error) {
    log.error('what sleep has saved could not be written', { error })
  }
}

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

const isBeforeMorning = (now: Date, timeZone: string): boolean =>
  localTime(now, timeZone).time < MORNING

function put(
  { team, hours, usd, unpriced, resources }: TeamSlept,
  { monday }: Week,
  stays: SavingsRecord['detail']['stays'],
  now: Date,
) {
  const named = resources.slice(0, NAMED)
  const item: SavingsRecord = {
    ...savingsKey(team, monday),
    version: VERSION,
    kind: 'savings',
    subject: team,
    owner: team,
    at: instant(now),
    endedAt: instant(now),
    reason: '',
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      monday,
      hours,
      usd,
      resources: named.map(({ name, hours: slept, usd: money }) => ({
        name,
        hours: slept,
        ...(money !== undefined && { usd: money }),
      })),
      more: resources.length - named.length,
      unpriced: unpriced.slice(0, NAMED),
      stays,
    },
  }
  return { item, condition: 'attribute_not_exists(pk)' }
}
