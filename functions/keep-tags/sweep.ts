import type { TagCase } from '../../domain/table/tag-case.ts'
import { type Looked, lookAt } from '../../domain/tagging/look.ts'
import type { Resource } from '../../domain/tagging/resource.ts'
import { readCases } from './cases.ts'
import { climb } from './climb.ts'
import { companyKeys } from './company.ts'
import { fix } from './fix.ts'
import { keepState, readState, report } from './report.ts'
import { withSessions } from './sessions.ts'
import { readPlaces, type Sources } from './sources.ts'
import { withStackMakers } from './stacks.ts'

/**
 * Looks at everything that is watched, writes what is certain, goes one step further with the rest,
 * and reports once a week. A type that cannot be read is left as it is.
 */
export async function sweepTags(sources: Sources) {
  const { catalog, policy, log } = sources
  const before = await readState(sources)
  const company = await companyKeys(sources, before.company)
  const state = { ...before, company }
  if (JSON.stringify(company) !== JSON.stringify(before.company)) await keepState(sources, state)
  const places = await readPlaces(sources)
  const { resources, unread } = await readAll(sources)
  const { cases: kept, unread: unreadCases } = await readCases(sources)
  const known = resources.filter(({ id }) => !unreadCases.has(id))
  const cases = await withStackMakers(sources, known, await withSessions(sources, kept))
  const look = lookAt({ policy, catalog, places, company }, known, cases, unread)
  const fixed =
    catalog.features.tags === 'act' ? await fix({ ...sources, company }, look.looked) : []
  const after = new Map(fixed.map((one) => [one.resource.id, one]))
  const looked = look.looked.map((one): Looked => after.get(one.resource.id) ?? one)
  const since = new Date(state.since)
  await climb({ ...sources, company }, { looked, cases: withKept(cases, fixed), unread, since })
  await report(sources, state, { looked, unread, nowhere: look.nowhere })
  log.info('looked', { resources: looked.length, unread: [...unread] })
  return { done: 'swept', looked: looked.length, tagged: fixed.length, unread: [...unread] }
}

/** The cases as they are after what was written: how often, and what AWS has refused. */
function withKept(cases: ReadonlyMap<string, TagCase>, fixed: readonly Looked[]) {
  const kept = fixed.flatMap((one) => (one.kept === undefined ? [] : [one.kept]))
  return new Map([...cases, ...kept.map((one) => [one.id, one] as const)])
}

/** All of each type; a type that cannot be read is unknown, not empty. */
async function readAll({ readers, log }: Pick<Sources, 'readers' | 'log'>) {
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
