import { readItem } from '../../domain/table/read.ts'
import { tagCaseKey } from '../../domain/table/tag-keys.ts'
import { judged } from '../../domain/tagging/look.ts'
import { getItems } from '../shared/table/get.ts'
import { write } from './fix.ts'
import { readWhole } from './read-again.ts'
import type { Sources } from './sources.ts'

/**
 * Somebody has said whose a resource is: its owner is written now, if it is absent now. What was told
 * of it is brought in line by the next sweep, as everything is.
 */
export async function seeOwned(sources: Sources, resource: string) {
  const [item] = await getItems(sources.table, [tagCaseKey(resource)])
  if (item === undefined) return { done: 'nothing', because: 'nothing is kept of it' }
  const kept = readItem('tag-case', item)
  if (sources.catalog.features.tags !== 'act') return { done: 'kept', because: 'tags only tell' }
  const found = await readWhole(sources, [kept])
  const fixed = await write(
    sources,
    found.map((one) => judged(sources, one, kept)),
  )
  return { done: 'tagged', resources: fixed.map((one) => one.resource.id) }
}
