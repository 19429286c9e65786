import { isOver } from '../../../domain/alarms.ts'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { weekBefore } from '../../../domain/ledger/week.ts'
import { alarmRecord, alarmState } from '../../../domain/table/alarm-record.ts'
import {
  ALARMS,
  BUDGET,
  BUDGETS,
  circuitKey,
  environmentKey,
  type Key,
  LEDGER,
  ledgerSince,
  messageKey,
  RECEIPT,
  ROLL_OUT,
  SLEEP,
  servicePartition,
  stateKey,
} from '../../../domain/table/keys.ts'
import {
  TAG_CASES,
  TAG_CASES_BETWEEN,
  TAG_REPORT,
  tagStateKey,
} from '../../../domain/table/tag-keys.ts'
import { getItems } from '../../shared/table/get.ts'
import { itemsBetween, newestItems } from '../../shared/table/query.ts'
import type { Item, Table } from '../../shared/table/table.ts'

/** Of each service: the home page shows the newest of all, a service's own page more. */
const OF_EACH = 3
/** Steps of a budget in a month are three or four; reports of tags come once a week. */
const STEPS = 12
const REPORTS = 8
const RECEIPTS = 20
/** Queries under way at one time: DynamoDB takes more, and a function has two cores at most. */
const AT_ONCE = 20

/** What the page needs of the table, for all of it. */
export async function itemsOf(
  table: Table,
  catalog: CompiledCatalog,
  services: readonly string[],
  now: Date,
): Promise<Item[]> {
  const week = weekBefore(now, catalog.timeZone).from.toISOString().slice(0, 10)
  const pages = await inTurn(services, (id) => ofService(table, id, OF_EACH))
  const common = await Promise.all([
    keyed(table, [
      environmentKey,
      tagStateKey,
      ...services.flatMap((id) => [stateKey(id), circuitKey(id)]),
    ]),
    itemsBetween(table, SLEEP, '!', '~'),
    itemsBetween(table, LEDGER, ledgerSince(week), '~'),
    itemsBetween(table, BUDGETS, '!', '~'),
    newestItems(table, environmentKey.pk, RECEIPT, RECEIPTS),
    episodesOf(table),
    ...reportsOf(table, catalog),
  ])
  const told = await toldOf(table, catalog)
  const rollOuts = pages.flat().filter(({ sk }) => String(sk).startsWith(ROLL_OUT))
  const messages = await keyed(table, rollOuts.map(keyOf).map(messageKey))
  const items: Item[] = [...pages.flat(), ...common.flat(), ...told, ...messages]
  return items.map(withoutSecrets)
}

/** The newest roll-outs of a service, and the newest receipts of acts on it. */
export async function ofService(table: Table, id: string, most: number): Promise<Item[]> {
  const each = [ROLL_OUT, RECEIPT].map((kind) =>
    newestItems(table, servicePartition(id), kind, most),
  )
  return (await Promise.all(each)).flat()
}

async function keyed(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const items = await getItems(table, keys)
  return items.filter((item) => item !== undefined)
}

function reportsOf(table: Table, { teams }: CompiledCatalog): Promise<Item[]>[] {
  return Object.keys(teams).map((team) =>
    newestItems(table, `${TAG_REPORT}${team}`, TAG_REPORT, REPORTS),
  )
}

/** Steps of budgets and cases of tags, with where each was told. */
async function toldOf(table: Table, { budgets }: CompiledCatalog): Promise<Item[]> {
  const steps = await Promise.all(
    budgets.map(({ name }) => newestItems(table, `${BUDGET}${name}`, BUDGET, STEPS)),
  )
  const cases = await itemsBetween(table, TAG_CASES, ...TAG_CASES_BETWEEN)
  const records = [...steps.flat().map(keyOf), ...cases.flatMap(noticesOf)]
  const messages = await keyed(table, unique(records).map(messageKey))
  return [...steps.flat(), ...cases, ...messages]
}

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) })

const noticesOf = (item: Item): Key[] =>
  ['tell', 'mark', 'stop'].flatMap((step) => {
    const { notice } = (item[step] ?? {}) as { notice?: Item }
    return notice === undefined ? [] : [keyOf(notice)]
  })

const unique = (keys: readonly Key[]): Key[] => [
  ...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values(),
]

/** Episodes of alarms that are not over. */
async function episodesOf(table: Table): Promise<Item[]> {
  const states = await itemsBetween(table, ALARMS, '!', '~')
  const keys = states.flatMap((item) => {
    const state = alarmState.safeParse(item)
    return state.success && state.data.episode !== undefined ? [state.data.episode] : []
  })
  return (await keyed(table, keys)).filter((item) => {
    const record = alarmRecord.safeParse(item)
    return record.success && !isOver(record.data.verdict)
  })
}

/** A token ends a roll-out's waiting: it is nothing to be shown. The summary of tags is long. */
function withoutSecrets(item: Item): Item {
  const { seen: _, rolling, ...rest } = item
  if (typeof rolling !== 'object' || rolling === null) return rest
  const { token: __, ...shown } = rolling as Item
  return { ...rest, rolling: shown }
}

/** Each in its turn, so many at one time; the answers in their order. */
async function inTurn<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < all.length; start += AT_ONCE) {
    results.push(...(await Promise.all(all.slice(start, start + AT_ONCE).map(work))))
  }
  return results
}
