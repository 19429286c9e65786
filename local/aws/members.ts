import { AwsError, NotImplemented } from './errors.ts'

/**
 * Refuses the members of a request that the simulation would have to ignore.
 *
 * @param what `<service>:<Operation>`.
 * @param simulated the members whose meaning is simulated, or which change nothing that is.
 * @throws NotImplemented naming the first other member that is given.
 */
export function onlyMembers(what: string, input: object, simulated: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    if (simulated.includes(member) || value === undefined || isNothing(value)) continue
    throw new NotImplemented(`the member ${member} of ${what}`)
  }
}

/** An empty list or structure asks for nothing. */
function isNothing(value: unknown): boolean {
  // Of bytes the keys would be one for each.
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/**
 * One page of a list. The token is the position of the next page, so lists that grow at the end
 * keep their pages.
 *
 * @throws AwsError with `invalid` for a token this did not give.
 */
export function page<Item>(
  items: readonly Item[],
  asked: { token?: string | undefined; limit: number; invalid: string },
): { items: Item[]; next?: string } {
  const start = asked.token ? Number(Buffer.from(asked.token, 'base64').toString()) : 0
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError(asked.invalid, 'The specified pagination token is invalid.')
  }
  const end = start + asked.limit
  const more = end < items.length
  return {
    items: items.slice(start, end),
    ...(more ? { next: Buffer.from(String(end)).toString('base64') } : {}),
  }
}

/** How one service gives its lists: what it calls a wrong token, and how long a page usually is. */
export function pager(invalid: string, usual: number) {
  return <Item>(items: readonly Item[], token: string | undefined, limit = usual) =>
    page(items, { token, limit, invalid })
}
