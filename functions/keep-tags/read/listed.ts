import type { Resource } from '../../../domain/tagging/resource.ts'
import { typeOf, type WatchedType, watchedOf } from '../../../domain/tagging/types.ts'
import { everyPage, type Named, NOTHING_TO_STOP, nameOf, type Reader } from './reader.ts'
import type { TagIndex } from './tag-index.ts'

type Tags = Record<string, string>

/** What a service's own list says of something: where it is, since when, and some say its tags. */
export type Found = { arn: string; tags?: Tags } & Partial<
  Pick<Resource, 'vpc' | 'subnets' | 'createdAt' | 'month'>
>

/** One page of a service's list. */
export type Page = { items: Found[]; next: string | undefined }

/** A type that is read by its row: how it is listed, and how the tags of one are read. */
export type Kind = {
  type: WatchedType
  page(token: string | undefined): Promise<Page>
  /** The tags of one, by its own service. @throws an error of a name of `GONE` where it is not there. */
  tags(one: Named): Promise<Tags>
}

/** How services say that something is not there. */
const GONE: readonly string[] = [
  'FileSystemNotFound',
  'LoadBalancerNotFoundException',
  'NotFoundException',
  'QueueDoesNotExist',
  'ReplicationGroupNotFoundFault',
  'RepositoryNotFoundException',
  'ResourceNotFoundException',
  'TargetGroupNotFoundException',
]

/** Below ten a second, the lowest rate that any of these services is published with. */
const PAUSE_MS = 110

/**
 * Reads a type by its row: what is there, from its service; its tags, where that list has none, from
 * the Tagging API in pages of a hundred for all types together; and directly before a write, from its
 * service again.
 */
export function listedReader(
  kind: Kind,
  index: TagIndex,
  pause: (milliseconds: number) => Promise<void>,
): Reader {
  return {
    type: kind.type,
    async list() {
      const all = await everyPage(async (token) => {
        if (token !== undefined) await pause(PAUSE_MS)
        return kind.page(token)
      })
      const found: Resource[] = []
      for (const one of all) {
        found.push(...resourceOf(kind, one, one.tags ?? (await index.tagsOf(one.arn))))
      }
      return found
    },
    async read(named) {
      const found: Resource[] = []
      for (const one of named) {
        await pause(PAUSE_MS)
        const tags = await tagsOrGone(kind, one)
        if (tags !== undefined) found.push(...resourceOf(kind, { arn: one.arn }, tags))
      }
      return found
    },
  }
}

async function tagsOrGone({ tags }: Kind, one: Named): Promise<Tags | undefined> {
  try {
    return await tags(one)
  } catch (error) {
    if (GONE.includes((error as Error).name)) return undefined
    throw error
  }
}

function resourceOf({ type }: Kind, { tags: _, ...found }: Found, tags: Tags): Resource[] {
  const id = watchedOf(found.arn)?.id
  if (id === undefined) return []
  const name = shownName(type, nameOf({ id }))
  return [{ ...found, id, name, type, tags, runs: true, cannotStop: NOTHING_TO_STOP }]
}

/** Load balancers have names with a kind before and an id after: `app/orders/50dc6c495c0c9188`. */
const shownName = (type: WatchedType, name: string): string =>
  typeOf(type).service === 'elasticloadbalancing'
    ? (/^(?:(?:app|net|gwy)\/)?([^/]+)\/[0-9a-f]+$/.exec(name)?.[1] ?? name)
    : name
