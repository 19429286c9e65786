import { AwsError } from '../../local/aws/errors.ts'
import { operationSchema } from '../../local/aws/schema.ts'
import type { Account } from '../../local/simulation/account.ts'
import { PERSON } from './account.ts'

type Members = Record<string, unknown>

const SIZES = ['MaxResults', 'maxResults', 'MaxRecords', 'MaxItems', 'PageSize', 'Limit', 'limit']
const TOKENS = ['NextToken', 'nextToken', 'Marker', 'NextMarker', 'PaginationToken']

/**
 * What a call that has answered with several items answers a page of one item at a time: the number
 * of pages, when they have the same items; undefined for a call that has no pages.
 */
export async function pagesOf(
  { aws }: Account,
  { service, operation, input }: { service: string; operation: string; input: Members },
  answer: Members,
): Promise<number | string | undefined> {
  const schema = operationSchema(service, operation)?.input
  const members = schema?.isStructSchema() ? [...schema.structIterator()].map(([name]) => name) : []
  const size = SIZES.find((name) => members.includes(name))
  const token = TOKENS.find((name) => members.includes(name))
  const [list, whole] = Object.entries(answer).find(([, value]) => isLong(value)) ?? []
  if (size === undefined || token === undefined || list === undefined) return undefined
  if (size in input || token in input) return undefined
  // Models' constraints want more items than there are here.
  const ask = aws.services.find(({ id }) => id === service)?.operations[operation]
  const items: unknown[] = []
  let next: unknown
  for (let pages = 1; pages <= 100; pages++) {
    const asked = { ...input, [size]: 1, ...(next === undefined ? {} : { [token]: next }) }
    const page = await answered(() => ask?.(asked as never, PERSON))
    if (page === undefined) return undefined
    items.push(...(page[list] as unknown[]))
    next = TOKENS.map((name) => page[name]).find((one) => one !== undefined && one !== '')
    if (next === undefined) {
      return JSON.stringify(items) === JSON.stringify(whole) ? pages : 'other items'
    }
  }
  return 'no end'
}

/** Undefined when it is refused: pages are not simulated. */
async function answered(ask: () => unknown): Promise<Members | undefined> {
  try {
    return (await ask()) as Members
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}

const isLong = (value: unknown): boolean => Array.isArray(value) && value.length > 1
