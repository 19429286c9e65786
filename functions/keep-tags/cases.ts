import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { readItem } from '../../domain/table/read.ts'
import type { TagCase } from '../../domain/table/tag-case.ts'
import { TAG_CASES, TAG_CASES_BETWEEN, tagCaseKey } from '../../domain/table/tag-keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import type { Resource } from '../../domain/tagging/resource.ts'
import { epochSeconds } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import type { Sources } from './sources.ts'

/** All cases by their resources' ids; one that cannot be read is said, and its resource left alone. */
export async function readCases({ table, log }: Pick<Sources, 'table' | 'log'>) {
  const cases = new Map<string, TagCase>()
  const unread = new Set<string>()
  for (const item of await itemsBetween(table, TAG_CASES, ...TAG_CASES_BETWEEN)) {
    try {
      const one = readItem('tag-case', item)
      cases.set(one.id, one)
    } catch (error) {
      unread.add(String(item.sk).slice(TAG_CASES_BETWEEN[0].length))
      log.error('what is kept of its tags cannot be read', { resource: item.sk, error })
    }
  }
  return { cases, unread }
}

/** A case as nothing is known of it yet. */
export const newCase = ({ id, arn, type, name }: Resource): TagCase => ({
  version: VERSION,
  ...{ id, arn, type, name },
  owner: '',
  wrote: {},
  left: [],
})

/** Keeps a case; what is over is forgotten after half a year, and what is open stays. */
export async function keepCase({ table, now }: Pick<Sources, 'table' | 'now'>, one: TagCase) {
  const { expires: _, ...kept } = one
  const isOpen = kept.left.length > 0
  await putItem(table, {
    item: {
      ...tagCaseKey(one.id),
      ...kept,
      ...(!isOpen && { expires: epochSeconds(now) + KEPT_SECONDS }),
    },
  })
}

/** Whether two say the same, whatever the order of their members. */
export function isSameCase(one: TagCase, other: TagCase | undefined): boolean {
  if (other === undefined) return false
  const text = ({ expires: _, ...rest }: TagCase) => JSON.stringify(readItem('tag-case', rest))
  return text(one) === text(other)
}
