import { lookAt } from '../../domain/tagging/look.ts'
import type { Resource } from '../../domain/tagging/resource.ts'
import { readCases } from './cases.ts'
import { fix } from './fix.ts'
import { readPlaces, type Sources } from './sources.ts'

/**
 * Looks at everything that is watched, and writes what is certain. A type that cannot be read is
 * left as it is.
 */
export async function sweepTags(sources: Sources) {
  const { catalog, policy, log } = sources
  const places = await readPlaces(sources)
  const { resources, unread } = await readAll(sources)
  const { cases, unread: unreadCases } = await readCases(sources)
  const known = resources.filter(({ id }) => !unreadCases.has(id))
  const { looked } = lookAt({ policy, catalog, places }, known, cases)
  const parents = new Map(
    looked.map(({ resource, writes }) => [resource.id, { ...resource.tags, ...writes }]),
  )
  const fixed = catalog.features.tags === 'act' ? await fix(sources, looked, parents) : []
  log.info('looked', { resources: looked.length, unread: [...unread] })
  return { done: 'swept', looked: looked.length, tagged: fixed.length, unread: [...unread] }
}

/** All of each type; a type that cannot be read is unknown, not empty. */
export async function readAll({ readers, log }: Pick<Sources, 'readers' | 'log'>) {
  const resources: Resource[] = []
  const unread = new Set<string>()
  for (const [type, reader] of readers) {
    try {
      resources.push(...(await reader.list()))
    } catch (error) {
      unread.add(type)
      log.error('a type cannot be listed', { type, error })
    }
  }
  return { resources, unread }
}
