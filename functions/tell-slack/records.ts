import type { Logger } from '@aws-lambda-powertools/logger'
import type { Told } from '../../domain/acts/offers.ts'
import type { Key } from '../../domain/table/keys.ts'
import { kindOf, readItem } from '../../domain/table/read.ts'
import { getItems } from '../shared/table/get.ts'
import type { Context } from './context.ts'
import { RENDERERS } from './renderers.ts'

const KINDS = Object.keys(RENDERERS) as (keyof typeof RENDERERS)[]
type Kind = keyof typeof RENDERERS

/** A record that is told, of whatever kind its key says; undefined for one that nobody can read. */
export function asRecord(item: Record<string, unknown>, log: Logger): Told | undefined {
  const kind = kindOf(item)
  if (!KINDS.includes(kind as Kind)) return undefined
  try {
    return readItem(kind as Kind, item)
  } catch (error) {
    log.error('a record cannot be read and is not told', { error })
    return undefined
  }
}

/** The record as it stands now. */
export async function readRecord(
  { table, log }: Pick<Context, 'table' | 'log'>,
  key: Key,
): Promise<Told | undefined> {
  const [item] = await getItems(table, [key])
  return item && asRecord(item, log)
}
