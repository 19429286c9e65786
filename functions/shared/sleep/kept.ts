import type { Named } from '../../../domain/sleep/overrides.ts'
import { OVERRIDE, SLEEP, sleeperId } from '../../../domain/table/keys.ts'
import { kindOf, readItem, UnreadableItem } from '../../../domain/table/read.ts'
import type { Sleeper, SleepState } from '../../../domain/table/sleeper.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { itemsBetween } from '../table/query.ts'
import type { Table } from '../table/table.ts'

/** What Caretaker keeps of everything that sleeps. */
export type Kept = {
  sleepers: Map<string, Sleeper>
  overrides: Named[]
  state: SleepState
  /** Resources whose item cannot be read: nothing is done to them. */
  unreadable: Set<string>
}

/**
 * All of it, by one query.
 *
 * @param failed told of each item that cannot be read.
 * @throws UnreadableItem for an override: what it forbids is not known.
 */
export async function readKept(
  table: Table,
  failed: (what: string, error: unknown) => void,
): Promise<Kept> {
  const kept: Kept = {
    sleepers: new Map(),
    overrides: [],
    state: { version: VERSION, execution: '', asked: 0, armed: [] },
    unreadable: new Set(),
  }
  for (const item of await itemsBetween(table, SLEEP, '!', '~')) {
    const kind = kindOf(item)
    const sk = String(item.sk)
    if (kind === 'sleep-state') kept.state = readItem('sleep-state', item)
    else if (kind === 'override') {
      kept.overrides.push({ ...readItem('override', item), id: sk.slice(OVERRIDE.length) })
    } else if (kind === 'sleeper') {
      try {
        kept.sleepers.set(sleeperId(sk), readItem('sleeper', item))
      } catch (error) {
        if (!(error instanceof UnreadableItem)) throw error
        kept.unreadable.add(sleeperId(sk))
        failed(sleeperId(sk), error)
      }
    }
  }
  return kept
}
