import type { Accounted } from '../../domain/ledger/account.ts'
import { type Call, type Move, movesOf } from '../../domain/sleep/calls.ts'
import type { Rest } from '../../domain/sleep/resource.ts'
import { begun } from '../../domain/sleep/settle.ts'
import type { Known } from '../../domain/sleep/steps.ts'
import { ledgerKey, movesKey, sleeperKey } from '../../domain/table/keys.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { VERSION } from '../../domain/table/version.ts'
import { cut } from '../../domain/text.ts'
import { epochSeconds } from '../../domain/time.ts'
import { deleteItem } from '../shared/table/delete.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { transact } from '../shared/table/transact.ts'
import type { Refused } from './contract.ts'

const WHY_CHARACTERS = 300
/** The first pause before AWS is asked again, and the longest. */
const [PAUSE_MS, LONGEST_PAUSE_MS] = [15_000, 5 * 60_000]
/** Items that are written at once. */
const AT_ONCE = 20
const DAY_SECONDS = 24 * 60 * 60

/** What is due, with the move written down: AWS is asked next. */
export type Due = { known: Known; to: Rest }

/** What is asked of the load balancer, beside what moves. */
export type RuleMoves = {
  /** By the resource's id: calls that are made before those that move it. */
  first: ReadonlyMap<string, Call[]>
  /** Of rules that stand before nobody any more. */
  strays: Move[]
}

/** The sleeper once AWS is asked: its size is kept before the first write. */
export function asked({ known, to }: Due, now: Date): Sleeper {
  const { seen, kept, want } = known
  const move =
    kept.moving?.to === to ? kept : begun({ seen, kept }, to, cut(want.reason, WHY_CHARACTERS), now)
  const moving = move.moving ?? { to, since: now.toISOString(), why: want.reason, tries: 0 }
  const tries = moving.tries + 1
  const pause = Math.min(PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
  const again = new Date(now.getTime() + pause).toISOString()
  const { name, owner, service, schedule, order } = seen
  const about = { name, owner, ...(service !== undefined && { service }), schedule, order }
  return { ...move, about, moving: { ...moving, tries, again } }
}

/**
 * Writes what is kept of these resources, each with the sleep that is over.
 *
 * @returns those that were written: the others were written by somebody else since they were read.
 */
export async function writeSleepers(
  table: Table,
  sleepers: ReadonlyMap<string, Accounted>,
): Promise<Set<string>> {
  const all = [...sleepers]
  const written = new Set<string>()
  for (let start = 0; start < all.length; start += AT_ONCE) {
    const page = all.slice(start, start + AT_ONCE)
    const done = await Promise.all(page.map(([id, one]) => writeSleeper(table, id, one)))
    for (const [place, [id]] of page.entries()) if (done[place]) written.add(id)
  }
  return written
}

function writeSleeper(table: Table, id: string, { kept, entry }: Accounted): Promise<boolean> {
  const { revision, ...sleeper } = kept
  const put = {
    item: { ...sleeperKey(id), ...sleeper, version: VERSION, revision: revision + 1 },
    condition: 'attribute_not_exists(pk) OR revision = :revision',
    values: { ':revision': revision },
  }
  if (entry === undefined) return putItem(table, put)
  // Both or neither: a sleep is counted once.
  return transact(table, [{ put }, { put: { item: { ...ledgerKey(entry), ...entry } } }])
}

/** Forgets what is gone, once the sleep that was counted of it is written down. */
export async function forget(
  table: Table,
  gone: readonly string[],
  sleepers: ReadonlyMap<string, Sleeper>,
): Promise<void> {
  for (const id of gone) {
    const { counted, revision } = sleepers.get(id) ?? { revision: 0 }
    if (counted === undefined) await deleteItem(table, sleeperKey(id), revision)
  }
}

/**
 * Moves that the machine makes together: half of what ECS takes in one go, and as many more in ten
 * seconds as half of its rate allows.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const MOVES_AT_ONCE = 25

/** It is about nothing that moves: AWS's refusal is no refusal of a move. */
const ruleMove = ([, calls]: [string, Call[]]): Move => ({ of: [], calls })

/** Writes the calls down, a page of them each, and says how many pages there are. */
export async function writeMoves(
  table: Table,
  { execution, looks }: { execution: string; looks: number },
  { due, written, rules }: { due: readonly Due[]; written: ReadonlySet<string>; rules: RuleMoves },
  refused: readonly Refused[],
  now: Date,
): Promise<{ id: string; pages: number }> {
  const of = refused.filter((one) => one.of.length > 1).map((one) => one.of)
  const first = [...rules.first].filter(([id]) => written.has(id))
  const moves = [
    ...movesOf(due, of, new Map(first)),
    ...first.filter(([id]) => !due.some((one) => one.known.seen.id === id)).map(ruleMove),
    ...rules.strays,
  ].filter(({ calls }) => calls.length > 0)
  const id = `${execution.split(':').at(-1)}-${looks}`
  const pages = Math.ceil(moves.length / MOVES_AT_ONCE)
  for (let page = 0; page < pages; page++) {
    const some: Move[] = moves.slice(page * MOVES_AT_ONCE, (page + 1) * MOVES_AT_ONCE)
    const item = {
      ...movesKey(id, page),
      version: VERSION,
      moves: JSON.stringify(some),
      expires: epochSeconds(now) + DAY_SECONDS,
    }
    await putItem(table, { item })
  }
  return { id, pages }
}
