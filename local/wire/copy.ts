import type { NormalizedSchema } from '@smithy/core/schema'
import { missingMembers } from '../aws/schema.ts'

/** Thrown for a value whose result only real serialisation gives. Without a stack, which takes time. */
const UNUSUAL = { unusual: true } as const

type Copy = (value: unknown) => unknown

/** How values are written: as JSON, or as a form (an input) and XML (an output). */
export type Notation = 'json' | 'form' | 'xml'

const known: Record<Notation, WeakMap<object, Copy>> = {
  json: new WeakMap(),
  form: new WeakMap(),
  xml: new WeakMap(),
}

/**
 * What the protocols make of a value when one side writes it and the other reads it: a copy
 * with the members of its shape in the shape's order, without those that are undefined or null.
 *
 * @returns undefined for a value that is not plainly of its shape, lacks a required member, or
 *   holds what the protocols treat in a way of their own: it has to be written and read.
 */
export function copyOf(
  value: object,
  schema: NormalizedSchema,
  notation: Notation = 'json',
): object | undefined {
  try {
    return copierOf(schema, notation)(value) as object
  } catch (error) {
    if (error === UNUSUAL || error instanceof RangeError) return undefined
    throw error
  }
}

/** One copier for each shape; a member's own traits make it another shape. */
function copierOf(schema: NormalizedSchema, notation: Notation): Copy {
  const shape = schema.getSchema()
  if (typeof shape !== 'object' || shape === null) return compile(schema, notation)
  const found = known[notation].get(shape)
  if (found !== undefined) return found
  // Shapes may contain themselves: what is being made can be referred to already.
  let made: Copy | undefined
  known[notation].set(shape, (value) => (made as Copy)(value))
  made = compile(schema, notation)
  known[notation].set(shape, made)
  return made
}

function compile(schema: NormalizedSchema, notation: Notation): Copy {
  if (schema.isUnitSchema()) return nothing
  if (schema.isStructSchema()) return structure(schema, notation)
  if (schema.isListSchema()) return list(schema, notation)
  if (schema.isMapSchema()) return map(schema, notation)
  if (schema.isStreaming()) return unusual
  if (schema.isBlobSchema()) return blob
  if (schema.isTimestampSchema()) return timestamp
  if (schema.isStringSchema()) return STRINGS[notation]
  if (schema.isBooleanSchema()) return boolean
  if (schema.isNumericSchema()) return number
  return unusual
}

const unusual: Copy = () => {
  throw UNUSUAL
}

const nothing: Copy = (value) => (Object.keys(value as object).length === 0 ? {} : unusual(value))

const string: Copy = (value) => (typeof value === 'string' ? value : unusual(value))

/** Whitespace at an end, and what is not plain text, are written in ways of their own. */
const plainText: Copy = (value) =>
  typeof value === 'string' && /^[!-~](?:[ -~]*[!-~])?$/.test(value) ? value : unusual(value)

/** An element without content is read as the empty string; a form's member as nothing. */
const plainOrEmpty: Copy = (value) => (value === '' ? value : plainText(value))

const STRINGS: Record<Notation, Copy> = { json: string, form: plainText, xml: plainOrEmpty }

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

function list(schema: NormalizedSchema, notation: Notation): Copy {
  const copy = memberCopier(schema.getValueSchema(), notation)
  return (value) => {
    if (!Array.isArray(value)) return unusual(value)
    // A form leaves out what is empty, or writes it in a way of its own.
    if (value.length === 0 && notation === 'form') return unusual(value)
    const result: unknown[] = []
    for (const item of value) result.push(copy(item))
    return result
  }
}

function map(schema: NormalizedSchema, notation: Notation): Copy {
  if (notation !== 'json') return unusual
  const copy = memberCopier(schema.getValueSchema(), notation)
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

function structure(schema: NormalizedSchema, notation: Notation): Copy {
  const required = new Set(missingMembers({}, schema))
  const list: Member[] = [...schema.structIterator()].map(([name, member]) => ({
    name,
    copy: memberCopier(member, notation),
    required: required.has(name),
    // The SDK fills it with chance of its own.
    token: member.isIdempotencyToken(),
  }))
  if (schema.isUnionSchema()) return union(list)
  return (value) => copyMembers(list, members(value))
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
function memberCopier(member: NormalizedSchema, notation: Notation): Copy {
  const { mediaType } = member.getMergedTraits()
  if (mediaType !== undefined || member.isStreaming()) return unusual
  const copy = copierOf(member, notation)
  if (notation !== 'form' || !member.isStructSchema()) return copy
  // A form says nothing of a structure that holds nothing.
  return (value) => {
    const made = copy(value) as object
    return Object.keys(made).length === 0 ? unusual(value) : made
  }
}

function members(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return unusual(value) as never
  if (Array.isArray(value) || value instanceof Date || value instanceof Uint8Array) {
    return unusual(value) as never
  }
  const given = value as Record<string, unknown>
  return typeof given.__type === 'string' ? (unusual(value) as never) : given
}
