import type { Filter } from '@aws-sdk/client-ec2'
import { NotImplemented } from '../errors.ts'
import { matchesWildcard } from '../iam/wildcard.ts'
import { page } from '../members.ts'
import { type Stored, shown } from './model.ts'

/** What a filter looks at, by the filter's name. */
export type Filters<Shape> = Readonly<
  Record<string, (shape: Shape) => (string | undefined)[] | string | undefined>
>

/** What `Describe…` asks for: ids, filters, a page. */
export type Asked = {
  ids?: readonly string[] | undefined
  filters?: readonly Filter[] | undefined
  token?: string | undefined
  limit?: number | undefined
}

/**
 * What fits all filters; within one, any of its values, which may have wildcards.
 *
 * @param missing makes the error for an id that is not there.
 * @throws NotImplemented for a filter of another name.
 */
export function find<Shape extends object>(
  kept: ReadonlyMap<string, Stored<Shape>>,
  { ids = [], filters = [], token, limit = 1000 }: Asked,
  known: Filters<Shape>,
  missing: (id: string) => Error,
): { items: Shape[]; next?: string } {
  for (const id of ids) if (!kept.has(id)) throw missing(id)
  const found = [...kept.values()].filter(
    (one) =>
      (ids.length === 0 || ids.includes(one.id)) &&
      filters.every((filter) => matches(one, filter, known)),
  )
  const { items, ...more } = page(found, { token, limit, invalid: 'InvalidNextToken' })
  return { items: items.map(shown), ...more }
}

function matches<Shape>(one: Stored<Shape>, filter: Filter, known: Filters<Shape>): boolean {
  const { Name = '', Values = [] } = filter
  const values = valuesOf(one, Name, known)
  return Values.some((pattern) => values.some((value) => matchesWildcard(pattern, value)))
}

function valuesOf<Shape>(one: Stored<Shape>, name: string, known: Filters<Shape>): string[] {
  if (name === 'tag-key') return Object.keys(one.tags)
  if (name.startsWith('tag:')) {
    const value = one.tags[name.slice('tag:'.length)]
    return value === undefined ? [] : [value]
  }
  const look = known[name]
  if (look === undefined) throw new NotImplemented(`the filter ${name} of ec2`)
  return [look(one.shape)].flat().filter((value) => value !== undefined)
}
