import type * as z from 'zod/mini'
import { readItem } from '../../domain/table/read.ts'
import type { TagCase } from '../../domain/table/tag-case.ts'
import { tagCaseKey } from '../../domain/table/tag-keys.ts'
import { type Created, createdBy } from '../../domain/tagging/created.ts'
import { type Creator, creatorOf } from '../../domain/tagging/creator.ts'
import { judged, type Looked } from '../../domain/tagging/look.ts'
import { isWatched, placeOf, type Resource } from '../../domain/tagging/resource.ts'
import { typeOf, watchedOf } from '../../domain/tagging/types.ts'
import type { schema } from '../../events/resource-created.ts'
import { getItems } from '../shared/table/get.ts'
import { keepCase } from './cases.ts'
import { write } from './fix.ts'
import { readWhole } from './read-again.ts'
import { withRepository } from './sessions.ts'
import { readPlaces, type Sources } from './sources.ts'
import { keepStackMakers } from './stacks.ts'

type Event = z.infer<typeof schema>

/** A read may lag behind the event of what it reads: three times, then the sweep finds it. */
const [TRIES, PAUSE_MS] = [3, 5_000]

/** Of these the sweep sees to: a stack may still be made, and a group is judged for its members. */
const LATER: readonly Creator['kind'][] = ['stack', 'group']

/** @returns what was done, in words, and what was tagged. */
export async function seeMade(sources: Sources, { detail }: Event) {
  const created = createdBy(detail)
  if ('nothing' in created) return { done: 'nothing', because: created.nothing }
  const who = creatorOf(detail.userIdentity, detail.sourceIPAddress)
  const made = { ...who, at: detail.eventTime }
  const [creator = made] = await withRepository(sources, [made])
  await keepStackMakers(sources, created, creator)
  const watched = created.flatMap((one) => {
    const found = watchedOf(one.arn)
    const isOurs = found !== undefined && sources.policy.watch.includes(found.type)
    return isOurs ? [{ ...one, ...found }] : []
  })
  if (watched.length === 0) return { done: 'nothing', because: 'its type is not watched' }
  const cases = await keepCreator(sources, watched, creator)
  if (LATER.includes(creator.kind)) return { done: 'kept', because: `made by ${creator.name}` }
  const looked = await look(sources, watched, cases)
  if (sources.catalog.features.tags !== 'act') return { done: 'kept', because: 'tags only tell' }
  const fixed = await write(sources, looked)
  return { done: 'tagged', resources: fixed.map(({ resource }) => resource.id) }
}

type Watched = Created & Pick<Resource, 'id' | 'type'>

/** Who has made it, beside what is known of it already. */
async function keepCreator(
  sources: Sources,
  watched: readonly Watched[],
  creator: NonNullable<TagCase['creator']>,
): Promise<Map<string, TagCase>> {
  const items = await getItems(
    sources.table,
    watched.map(({ id }) => tagCaseKey(id)),
  )
  const cases = new Map<string, TagCase>()
  for (const [place, { id, arn, type }] of watched.entries()) {
    const item = items[place]
    const known = item === undefined ? undefined : readItem('tag-case', item)
    const name = id.slice(id.indexOf('/') + 1)
    const empty = { version: 1, ...{ id, arn, type, name }, owner: '', wrote: {}, left: [] }
    // What had this name before is gone: nothing of it counts for what was made now.
    const isSame = known !== undefined && (known.creator?.at ?? creator.at) >= creator.at
    const one = isSame ? { ...known, creator: known.creator ?? creator } : { ...empty, creator }
    cases.set(id, one)
    if (typeOf(type).passing) continue
    if (!isSame || known.creator === undefined) await keepCase(sources, one)
  }
  return cases
}

/** What is to be written, by tags that are read now and those that it was made with. */
async function look(
  sources: Sources,
  watched: readonly Watched[],
  cases: ReadonlyMap<string, TagCase>,
): Promise<Looked[]> {
  const places = await readPlaces(sources)
  const found = await readLate(sources, watched)
  return found.flatMap((resource) => {
    const made = watched.find(({ id }) => id === resource.id)
    const one = { ...resource, tags: { ...made?.tags, ...resource.tags } }
    const isOurs = isWatched(placeOf(one, places), sources.policy.where)
    if (!isOurs || one.parent !== undefined) return []
    return [judged(sources, one, cases.get(one.id))]
  })
}

async function readLate(sources: Sources, watched: readonly Watched[]): Promise<Resource[]> {
  const found = await readWhole(sources, watched)
  for (let tries = 1; found.length < watched.length && tries < TRIES; tries++) {
    await sources.pause(PAUSE_MS)
    const missing = watched.filter(({ id }) => !found.some((one) => one.id === id))
    found.push(...(await readWhole(sources, missing)))
  }
  return found
}
