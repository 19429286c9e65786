import type { NormalizedSchema } from '@smithy/core/schema'
import { missingMembers } from '../aws/schema.ts'
import { wrongType } from '../aws/schema-scalars.ts'

/**
 * Refuses a value whose members do not have the types of their shapes: the SDK's deserialisers
 * pass on what they were sent, AWS does not.
 *
 * @throws ShapeError naming the first member that is of another type.
 */
export function checkTypes(value: unknown, schema: NormalizedSchema, path = ''): void {
  if (value === undefined || value === null || schema.isDocumentSchema()) return
  if (schema.isListSchema()) checkList(value, schema, path)
  else if (schema.isMapSchema()) checkMap(value, schema, path)
  else if (schema.isStructSchema()) checkStructure(value, schema, path)
  else checkScalar(value, schema, path)
}

/**
 * The first required member that is not there, as AWS's validation names it: `target.arn`,
 * `tags.1.member.key`.
 *
 * @param value of the right types.
 */
export function firstMissing(value: unknown, schema: NormalizedSchema): string | undefined {
  if (value === undefined || value === null) return undefined
  if (schema.isListSchema()) {
    const item = schema.getValueSchema()
    return first(value as unknown[], (one, index) =>
      below(`${index + 1}.member`, firstMissing(one, item)),
    )
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema()
    return first(Object.entries(value), ([key, one]) =>
      below(`${key}.member`, firstMissing(one, item)),
    )
  }
  if (!schema.isStructSchema()) return undefined
  const [missing] = missingMembers(value, schema)
  if (missing !== undefined) return uncapitalized(missing)
  const given = value as Record<string, unknown>
  return first(schema.structIterator(), ([name, member]) =>
    below(uncapitalized(name), firstMissing(given[name], member)),
  )
}

/** The first answer there is. */
function first<Item>(
  items: Iterable<Item>,
  ask: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of [...items].entries()) {
    const found = ask(item, index)
    if (found !== undefined) return found
  }
  return undefined
}

const below = (path: string, rest: string | undefined): string | undefined =>
  rest === undefined ? undefined : `${path}.${rest}`

const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

function checkScalar(value: unknown, schema: NormalizedSchema, path: string): void {
  const wanted = SCALARS.find(({ is }) => is(schema))
  if (wanted !== undefined && !wanted.holds(value)) throw wrongType(path, wanted.name)
}

type Scalar = {
  name: string
  is(schema: NormalizedSchema): boolean
  holds(value: unknown): boolean
}

const SCALARS: readonly Scalar[] = [
  {
    name: 'a TIMESTAMP',
    is: (schema) => schema.isTimestampSchema(),
    holds: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  },
  {
    name: 'a BLOB',
    is: (schema) => schema.isBlobSchema(),
    holds: (value) => value instanceof Uint8Array,
  },
  {
    name: 'a STRING',
    is: (schema) => schema.isStringSchema(),
    holds: (value) => typeof value === 'string',
  },
  {
    name: 'a BOOLEAN',
    is: (schema) => schema.isBooleanSchema(),
    holds: (value) => typeof value === 'boolean',
  },
  {
    name: 'a NUMBER',
    is: (schema) => schema.isNumericSchema(),
    holds: (value) => typeof value === 'number' && !Number.isNaN(value),
  },
]

function checkList(value: unknown, schema: NormalizedSchema, path: string): void {
  if (!Array.isArray(value)) throw wrongType(path, 'a LIST')
  const item = schema.getValueSchema()
  for (const [index, one] of value.entries()) {
    refuseNull(one, schema, `${path}[${index}]`)
    checkTypes(one, item, `${path}[${index}]`)
  }
}

/** https://smithy.io/2.0/spec/type-refinement-traits.html#sparse-trait */
function refuseNull(one: unknown, list: NormalizedSchema, path: string): void {
  if (one === undefined || one === null) {
    if (list.getMergedTraits().sparse !== 1) throw wrongType(path, 'a VALUE')
  }
}

function checkMap(value: unknown, schema: NormalizedSchema, path: string): void {
  const item = schema.getValueSchema()
  for (const [key, one] of Object.entries(members(value, path))) {
    refuseNull(one, schema, `${path}.${key}`)
    checkTypes(one, item, `${path}.${key}`)
  }
}

function checkStructure(value: unknown, schema: NormalizedSchema, path: string): void {
  const given = members(value, path)
  for (const [name, member] of schema.structIterator()) {
    checkTypes(given[name], member, path === '' ? name : `${path}.${name}`)
  }
}

function members(value: unknown, path: string): Record<string, unknown> {
  const record = typeof value === 'object' && !Array.isArray(value)
  if (!record || value instanceof Date || value instanceof Uint8Array) {
    throw wrongType(path, 'an OBJECT')
  }
  return value as Record<string, unknown>
}
