import type { Key } from '../../../domain/table/keys.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { getItems } from '../table/get.ts'
import type { Put } from '../table/table.ts'
import { transact } from '../table/transact.ts'
import type { Acting } from './acting.ts'

/** An attribute of an item, however it was written. */
export async function seenIn({ table }: Acting, key: Key, attribute: string): Promise<unknown> {
  const [item] = await getItems(table, [key])
  return item?.[attribute]
}

export type Replaced = {
  key: Key
  attribute: string
  /** What was there when it was decided; undefined for nothing. */
  seen: unknown
  /** Undefined takes it away. */
  value: unknown
}

/**
 * Writes an attribute and the receipt together, if nobody has changed the attribute meanwhile.
 *
 * @returns why it was not done; undefined when it was.
 */
export async function setOrRemove(
  { table }: Acting,
  { key, attribute, seen, value }: Replaced,
  receipt: Put,
): Promise<string | undefined> {
  const set = ['version = :version', ...(value === undefined ? [] : ['#it = :value'])].join(', ')
  const done = await transact(table, [
    {
      update: {
        key,
        expression: `SET ${set}${value === undefined ? ' REMOVE #it' : ''}`,
        condition: seen === undefined ? 'attribute_not_exists(#it)' : '#it = :seen',
        names: { '#it': attribute },
        values: {
          ':version': VERSION,
          ...(value === undefined ? {} : { ':value': value }),
          ...(seen === undefined ? {} : { ':seen': seen }),
        },
      },
    },
    { put: receipt },
  ])
  return done ? undefined : 'Nothing was done: somebody changed the same at this moment. Ask again.'
}
