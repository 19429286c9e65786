import type { NormalizedSchema } from '@smithy/core/schema'
import { missingMembers } from '../aws/schema.ts'

/** Thrown for a value whose result only real serialisation gives. Without a stack, which takes time. */
const UNUSUAL = { unusual: true } as const

type Copy = (value: unknown) => unknown

const known = new WeakMap<object, Copy>()

/**
 * What the JSON protocols make of a value when one side writes it and the other reads it: a copy
 * with the members of its shape in the shape's order, without those that are undefined or null.
 *
 * @returns undefined for a value that is not plainly of its shape, lacks a required member, or
 *   holds what the protocols treat in a way of their own: it has to be written and read.
 */
export function copyOf(value: object, schema: NormalizedSchema): object | undefined {
  try {
    return copierOf(schema)(value) as object
  } catch (error) {
    if (error === UNUSUAL || error instanceof RangeError) return undefined
    throw error
  }
}

/** One copier for each shape; a member's own traits make it another shape. */
function copierOf(schema: NormalizedSchema): Copy {
  const shape = schema.getSchema()
  if (typeof shape !== 'object' || shape === null) return compile(schema)
  const found = known.get(shape)
  if (found !== undefined) return found
  // Shapes may contain themselves: what is being made can be referred to already.
  let made: Copy | undefined
  known.set(shape, (value) => (made as Copy)(value))
  made = compile(schema)
  known.set(shape, made)
  return made
}

function compile(schema: NormalizedSchema): Copy {
  if (schema.isUnitSchema()) return nothing
  if (schema.isStructSchema()) return structure(schema)
  if (schema.isListSchema()) return list(schema)
  if (schema.isMapSchema()) return map(schema)
  if (schema.isStreaming()) return unusual
  if (schema.isBlobSchema()) return blob
  if (schema.isTimestampSchema()) return timestamp
  if (schema.isStringSchema()) return string
  if (schema.isBooleanSchema()) return boolean
  if (schema.isNumericSchema()) return number
  return unusual
}

const unusual: Copy = () => {
  throw UNUSUAL
}

const nothing: Copy = (value) => (Object.keys(value as object).length === 0 ? {} : unusual(value))

const string: Copy = (value) => (typeof value === 'string' ? value : unusual(value))

const boolean: Copy = (value) => (typeof value === 'boolean' ? value : unusual(value))

/** JSON has no negative zero. */
const number: Copy = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value + 0 : unusual(value)

const blob: Copy = (value) => (value instanceof Uint8Array ? new Uint8Array(value) : unusual(value))

const timestamp: Copy = (value) =>
  value instanceof Date && isInTextRange(value) ? new Date(value.getTime()) : unusual(value)

/** Years of four digits; others are written in more ways than one. */
function isInTextRange(date: Date): boolean {
  const year = date.getUTCFullYear()
  return year >= 1900 && year <= 9999
}

function list(schema: NormalizedSchema): Copy {
  const copy = memberCopier(schema.getValueSchema())
  return (value) => {
    if (!Array.isArray(value)) return unusual(value)
    const result: unknown[] = []
    for (const item of value) result.push(copy(item))
    return result
  }
}

function map(schema: NormalizedSchema): Copy {
  const copy = memberCopier(schema.getValueSchema())
  return (value) => {
    const given = members(value)
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(given)) {
      if (key === '__proto__') return unusual(value)
      const item = given[key]
      if (item !== undefined) result[key] = copy(item)
    }
    return result
  }
}

type Member = { name: string; copy: Copy; required: boolean; token: boolean }

function structure(schema: NormalizedSchema): Copy {
  const required = new Set(missingMembers({}, schema))
  const list: Member[] = [...schema.structIterator()].map(([name, member]) => ({
    name,
    copy: memberCopier(member),
    required: required.has(name),
    // The SDK fills it with chance of its own.
    token: member.isIdempotencyToken(),
  }))
  return schema.isUnionSchema() ? union(list) : (value) => copyMembers(list, members(value))
}

function copyMembers(list: readonly Member[], given: Record<string, unknown>): object {
  const result: Record<string, unknown> = {}
  for (const { name, copy, required, token } of list) {
    const item = given[name]
    if (item !== undefined && item !== null) result[name] = copy(item)
    else if (required || token) return unusual(given) as object
  }
  return result
}

/** A union holds one member; anything else is the protocols' to make sense of. */
function union(list: readonly Member[]): Copy {
  const byName = new Map(list.map(({ name, copy }) => [name, copy]))
  return (value) => {
    const given = members(value)
    const [name, ...more] = Object.keys(given)
    const copy = more.length > 0 || name === undefined ? undefined : byName.get(name)
    if (copy === undefined || name === undefined) return unusual(value)
    return { [name]: copy(given[name]) }
  }
}

/** A member's traits may ask for more than its shape does. */
function memberCopier(member: NormalizedSchema): Copy {
  const { mediaType } = member.getMergedTraits()
  if (mediaType !== undefined || member.isStreaming()) return unusual
  return copierOf(member)
}

function members(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return unusual(value) as never
  if (Array.isArray(value) || value instanceof Date || value instanceof Uint8Array) {
    return unusual(value) as never
  }
  const given = value as Record<string, unknown>
  return typeof given.__type === 'string' ? (unusual(value) as never) : given
}
