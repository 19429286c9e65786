import type { Resource } from '../../../domain/tagging/resource.ts'
import type { WatchedType } from '../../../domain/tagging/types.ts'

/** Reads the resources of one type, with the tags that their own service shows. */
export type Reader = {
  type: WatchedType
  /** All there are in the account and Region. */
  list(): Promise<Resource[]>
  /** Those of these that are there, as they are now. */
  read(resources: readonly Named[]): Promise<Resource[]>
}

/** Where the account is: what an ARN is made of. */
export type Place = { region: string; account: string; partition: string }

/** Why it ends at the mark. */
export const NOTHING_TO_STOP = 'there is nothing of its kind to stop'

/** What a resource is asked for by. */
export type Named = Pick<Resource, 'id' | 'arn'>

/** The last part of an id: `instance/i-1` is `i-1` to EC2. */
export const nameOf = ({ id }: Pick<Resource, 'id'>): string => id.slice(id.indexOf('/') + 1)

/** Everything that pages of answers hold. */
export async function everyPage<Item>(
  page: (token: string | undefined) => Promise<{ items: Item[]; next: string | undefined }>,
): Promise<Item[]> {
  const all: Item[] = []
  let token: string | undefined
  do {
    const { items, next } = await page(token)
    all.push(...items)
    token = next || undefined
  } while (token !== undefined)
  return all
}

/** What `ask` answers for so many at once. */
export async function inChunks<One, Item>(
  all: readonly One[],
  size: number,
  ask: (chunk: One[]) => Promise<Item[]>,
): Promise<Item[]> {
  const found: Item[] = []
  for (let start = 0; start < all.length; start += size) {
    found.push(...(await ask(all.slice(start, start + size))))
  }
  return found
}
