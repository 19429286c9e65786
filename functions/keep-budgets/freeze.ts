import { endOfMonth, type Figure } from '../../domain/budgets/figure.ts'
import { sayUsd } from '../../domain/ledger/say.ts'
import type { Freeze } from '../../domain/table/environment-state.ts'
import { environmentKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { getItems } from '../shared/table/get.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Budget, Looking } from './looking.ts'

/**
 * Holds the roll-outs of a team whose budget is spent, until the month is over, where the catalog
 * lets budgets act. When only the environment's is spent, nobody is held.
 *
 * @returns until when: ISO 8601; undefined when nothing is held.
 */
export async function freezeTeam(
  looking: Looking,
  { team }: Budget,
  { spent, limit }: Figure,
): Promise<string | undefined> {
  const { catalog, now } = looking
  if (team === undefined || catalog.features.budgets !== 'act') return undefined
  const until = endOfMonth(now).toISOString()
  await change(looking, (all) => ({
    ...all,
    [team]: {
      ...{ until, by: `the budget of ${team}` },
      reason: `${sayUsd(spent)} of ${sayUsd(limit)} are spent`,
    },
  }))
  return until
}

/** Lifts the budget's own hold on a team; whatever else holds it, holds on. */
export async function thawTeam(looking: Looking, { team }: Budget): Promise<void> {
  if (team === undefined) return
  await change(looking, ({ [team]: _, ...others }) => others)
}

/** Lifts the holds of teams whose budget holds nobody any more: the catalog says otherwise now. */
export const thawOthers = (looking: Looking, holds: (team: string) => boolean): Promise<void> =>
  change(looking, (all) =>
    // What somebody has written there by hand, and cannot be read, holds on.
    typeof all === 'object'
      ? Object.fromEntries(Object.entries(all).filter(([team]) => holds(team)))
      : all,
  )

type Frozen = Record<string, Freeze>

/** @throws BusyTable when others change the same all the time. */
async function change({ table }: Looking, to: (all: Frozen) => Frozen): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [item] = await getItems(table, [environmentKey])
    const seen = item?.budgetFrozen as Frozen | undefined
    const after = to(seen ?? {})
    if (JSON.stringify(after) === JSON.stringify(seen ?? {})) return
    const done = await updateItem(table, {
      key: environmentKey,
      expression: 'SET version = :version, budgetFrozen = :after',
      condition: seen === undefined ? 'attribute_not_exists(budgetFrozen)' : 'budgetFrozen = :seen',
      values: { ':version': VERSION, ':after': after, ...(seen && { ':seen': seen }) },
    })
    if (done) return
  }
  throw new BusyTable('the holds of budgets changed at every attempt; the next look tries again')
}

const ATTEMPTS = 5

/** Somebody was faster every time. */
class BusyTable extends Error {
  override readonly name = 'BusyTable'
}
