import type { NormalizedSchema } from '@smithy/core/schema'
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
