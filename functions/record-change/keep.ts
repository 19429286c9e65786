import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { scheduleIn } from '../../domain/sleep/changed.ts'
import { isNews, OWN_START } from '../../domain/sleep/hand.ts'
import { first } from '../../domain/sleep/settle.ts'
import { sleeperKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { Sleeper, Told } from '../../domain/table/sleeper.ts'
import { isOfEnvironment } from '../../domain/tags.ts'
import { rulesOf } from '../shared/sleep/rules.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Noticed } from './noticed.ts'

/** Each look empties the list; one that nobody looks at does not grow. */
const MOST_TOLD = 20

/**
 * Keeps what an event says with each resource that it tells something new of.
 *
 * @returns their ids. What Caretaker does not know is none of them, unless it was made just now
 *   with the tag of a schedule.
 */
export async function keep(
  table: Table,
  catalog: CompiledCatalog,
  { ids, tags, told }: Noticed,
  now: Date,
): Promise<string[]> {
  const items = await getItems(table, ids.map(sleeperKey))
  const kept: string[] = []
  for (const [place, id] of ids.entries()) {
    const item = items[place]
    const sleeper = item === undefined ? undefined : readItem('sleeper', item)
    if (told === undefined) {
      if (sleeper !== undefined && isUnasked(sleeper)) kept.push(id)
      continue
    }
    const isNew =
      sleeper === undefined
        ? await isMade(table, catalog, { id, tags, told }, now)
        : isNews(sleeper, told) && (await append(table, id, told))
    if (isNew) kept.push(id)
  }
  return kept
}

/** It is up, as far as is known without anybody having asked for that. */
const isUnasked = ({ rest, moving, hand, why }: Sleeper): boolean =>
  moving === undefined && hand === undefined && (rest === 'asleep' || why === OWN_START)

/** The revision rises: what a look has decided without it is not written over it. */
const append = (table: Table, id: string, told: Told): Promise<boolean> =>
  updateItem(table, {
    key: sleeperKey(id),
    expression:
      'SET told = list_append(if_not_exists(told, :none), :told), revision = revision + :one',
    condition: 'attribute_exists(pk) AND (attribute_not_exists(told) OR size(told) < :most)',
    values: { ':none': [], ':told': [told], ':one': 1, ':most': MOST_TOLD },
  })

/** What was made outside of its hours, before anything else finds it. */
async function isMade(
  table: Table,
  catalog: CompiledCatalog,
  { id, tags, told }: { id: string; tags: Noticed['tags']; told: Told },
  now: Date,
): Promise<boolean> {
  const schedule = scheduleIn(tags)
  if (schedule === undefined || !isOfEnvironment(tags ?? {}, catalog.environment)) return false
  const sleeper = first(told.to, rulesOf(catalog, now).says(schedule), now, told)
  if (sleeper.hand === undefined) return false
  const item = { ...sleeperKey(id), ...sleeper }
  const isPut = await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
  // A look has found it meanwhile.
  return isPut || append(table, id, told)
}
