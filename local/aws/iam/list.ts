import { page } from '../members.ts'

/** One page of a list, as every list of IAM is given. */
export function listPage<Item, Name extends string>(
  { Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined },
  name: Name,
  all: readonly Item[],
) {
  const { items, next } = page(all, {
    token: Marker,
    limit: MaxItems ?? 100,
    invalid: 'ValidationError',
  })
  const answer = { [name]: items } as Record<Name, Item[]>
  return { ...answer, IsTruncated: next !== undefined, ...(next && { Marker: next }) }
}
