import type * as z from 'zod/mini'
import { readItem } from '../../domain/table/read.ts'
import type { CiSession, TagCase } from '../../domain/table/tag-case.ts'
import { ciSessionKey } from '../../domain/table/tag-keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { repositoryIn } from '../../domain/tagging/session.ts'
import { epochSeconds } from '../../domain/time.ts'
import type { schema } from '../../events/session-begun.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import type { Sources } from './sources.ts'

/** A session lasts twelve hours at the most; the next daily sweep still finds it. */
const KEPT_SECONDS = 2 * 24 * 60 * 60

type Maker = NonNullable<TagCase['creator']>

/** Keeps whose pipeline has begun a session: what it makes says the session's key, and no more. */
export async function seeSession(
  { table, now }: Pick<Sources, 'table' | 'now'>,
  { detail }: z.infer<typeof schema>,
) {
  const repository = repositoryIn(detail.userIdentity.userName)
  if (repository === undefined) return { done: 'nothing', because: 'it names no repository' }
  const expires = epochSeconds(now) + KEPT_SECONDS
  const session: CiSession = { version: VERSION, repository, at: detail.eventTime, expires }
  const key = ciSessionKey(detail.responseElements.credentials.accessKeyId)
  await putItem(table, { item: { ...key, ...session } })
  return { done: 'kept', because: `a session of ${repository}` }
}

/** Who has made something, with the repository whose pipeline it was, where that is known by now. */
export async function withRepository(
  sources: Pick<Sources, 'table'>,
  makers: readonly Maker[],
): Promise<Maker[]> {
  // One session makes many things.
  const keys = [...new Set(makers.filter(isOpen).map(({ key = '' }) => key))]
  const items = await getItems(sources.table, keys.map(ciSessionKey))
  const repositories = new Map(
    keys.flatMap((key, place) => {
      const item = items[place]
      return item === undefined ? [] : [[key, readItem('ci-session', item).repository] as const]
    }),
  )
  return makers.map((one) => {
    const repository = isOpen(one) ? repositories.get(one.key ?? '') : undefined
    return repository === undefined ? one : { ...one, repository }
  })
}

const isOpen = ({ kind, key, repository }: Maker): boolean =>
  kind === 'role' && key !== undefined && repository === undefined

/** The cases of the last days whose sessions were told of after what they have made. */
export async function withSessions(
  sources: Pick<Sources, 'table' | 'now'>,
  cases: ReadonlyMap<string, TagCase>,
): Promise<Map<string, TagCase>> {
  const since = sources.now.getTime() - KEPT_SECONDS * 1000
  const made = [...cases.values()].flatMap((one) =>
    one.creator !== undefined && Date.parse(one.creator.at) >= since
      ? [{ one, creator: one.creator }]
      : [],
  )
  const makers = await withRepository(
    sources,
    made.map(({ creator }) => creator),
  )
  const known = made.map(({ one }, place) => [one.id, { ...one, creator: makers[place] }] as const)
  return new Map([...cases, ...known])
}
