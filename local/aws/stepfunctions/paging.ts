import { AwsError } from '../errors.ts'

/** The most a page may hold, and what it holds when 0 or nothing is asked for. */
const LARGEST_PAGE = 1000
const USUAL_PAGE = 100

/** One page of a list. @throws AwsError InvalidToken, ValidationException */
export function page<Item>(
  items: readonly Item[],
  request: { maxResults?: number | undefined; nextToken?: string | undefined },
): { items: Item[]; nextToken?: string } {
  const size = request.maxResults ?? 0
  if (size < 0 || size > LARGEST_PAGE) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${LARGEST_PAGE}`,
    )
  }
  const from = request.nextToken === undefined ? 0 : offsetOf(request.nextToken)
  const to = from + (size === 0 ? USUAL_PAGE : size)
  const more = to < items.length
  return { items: items.slice(from, to), ...(more ? { nextToken: tokenOf(to) } : {}) }
}

function tokenOf(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64')
}

function offsetOf(token: string): number {
  const [, digits] = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? []
  if (digits === undefined) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`)
  return Number(digits)
}
