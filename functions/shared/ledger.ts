import { openEntries } from '../../domain/ledger/account.ts'
import { LEDGER, ledgerSince } from '../../domain/table/keys.ts'
import type { LedgerEntry } from '../../domain/table/ledger-entry.ts'
import { readItem } from '../../domain/table/read.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { itemsBetween } from './table/query.ts'
import type { Table } from './table/table.ts'

/**
 * The sleeps that have ended since an instant, and those that go on, as if they ended now.
 *
 * @throws UnreadableItem for an entry that cannot be read: a sum without it would be wrong.
 */
export async function sleepsSince(
  table: Table,
  sleepers: ReadonlyMap<string, Sleeper>,
  from: Date,
  now: Date,
): Promise<LedgerEntry[]> {
  const day = from.toISOString().slice(0, 10)
  const items = await itemsBetween(table, LEDGER, ledgerSince(day), '~')
  return [...items.map((item) => readItem('ledger-entry', item)), ...openEntries(sleepers, now)]
}
