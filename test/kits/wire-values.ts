import type { NormalizedSchema } from '@smithy/core/schema'
import fc from 'fast-check'

/** How a protocol narrows what can travel unchanged. */
export type Wire = {
  /** Characters of a string. */
  text: fc.Arbitrary<string>
  /** Milliseconds a timestamp is exact to. */
  precision: 1 | 1000
  /** Whether `{}` can be told from nothing. */
  emptyStructures: boolean
  /** Whether `[]` can be told from nothing. */
  emptyLists: boolean
}

/** JSON and CBOR take anything. */
export const ANYTHING: Wire = {
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
  precision: 1,
  emptyStructures: true,
  emptyLists: true,
}

/** Forms and XML: no control characters, no blanks at the ends, nothing that stands for nothing. */
export const TEXTUAL: Wire = {
  text: fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text === text.trim() && !/\p{C}/u.test(text)),
  precision: 1,
  emptyStructures: false,
  emptyLists: true,
}

/** EC2's forms number the elements of a list and say nothing of one without any. */
export const NUMBERED: Wire = { ...TEXTUAL, emptyLists: false }

/** The endpoint refuses a key called `__proto__`: test/local/endpoint.test.ts. */
const word = fc
  .stringMatching(/^[A-Za-z0-9_.:/ -]{1,12}$/)
  .filter((text) => text === text.trim() && text !== '__proto__')
/** Labels and headers: words, as AWS's names and ARNs are. */
const WORDS: Wire = { text: word, precision: 1000, emptyStructures: false, emptyLists: false }

/** Deeper than this, optional members are left out; recursive shapes end there. */
const DEPTH = 4

/** Values of a shape: required members always, the others now and then. */
export function valuesOf(
  schema: NormalizedSchema,
  wire: Wire,
  depth = 0,
): fc.Arbitrary<Record<string, unknown>> {
  const members = [...schema.structIterator()]
    .filter(([name]) => !EXCLUDED.includes(name))
    .filter(([, member]) => wire.emptyStructures || !isEmpty(member))
  const flat = members.filter(([, member]) => !isNested(member))
  const shallow = depth < DEPTH || flat.length === 0 ? members : flat
  if (schema.isUnionSchema()) {
    return fc.oneof(
      ...shallow.map(([name, member]) => fc.record({ [name]: valueOfMember(member, wire, depth) })),
    )
  }
  const required = requiredOf(schema)
  if (!wire.emptyStructures && shallow[0] !== undefined) required.add(shallow[0][0])
  const kept = members.filter(([name]) => required.has(name) || depth < DEPTH)
  return fc.record(
    Object.fromEntries(kept.map(([name, member]) => [name, valueOfMember(member, wire, depth)])),
    { requiredKeys: [...required] },
  ) as fc.Arbitrary<Record<string, unknown>>
}

/**
 * A Region-spanning endpoint changes the host; the two names of SQS's system attributes are one in
 * its query protocol.
 */
const EXCLUDED = ['EndpointId', 'MessageSystemAttributeNames']

const isEmpty = (schema: NormalizedSchema): boolean =>
  schema.isStructSchema() && [...schema.structIterator()].length === 0

function valueOfMember(schema: NormalizedSchema, wire: Wire, depth: number): fc.Arbitrary<unknown> {
  const traits = schema.getMergedTraits()
  if (traits.httpResponseCode) return fc.integer({ min: 200, max: 299 })
  const narrow = traits.httpLabel || traits.httpHeader || traits.httpQuery ? WORDS : wire
  if (schema.isDocumentSchema()) return fc.constant({ a: [1, 'b', null, true] })
  if (schema.isListSchema()) {
    const minLength = narrow.emptyLists && !traits.xmlFlattened ? 0 : 1
    const item = valueOfMember(schema.getValueSchema(), narrow, depth + 1)
    return fc.array(item, { minLength, maxLength: Math.max(minLength, sizeAt(depth)) })
  }
  if (schema.isMapSchema()) {
    const value = valueOfMember(schema.getValueSchema(), narrow, depth + 1)
    const minKeys = narrow.emptyStructures ? 0 : 1
    return fc.dictionary(word, value, { minKeys, maxKeys: Math.max(minKeys, sizeAt(depth)) })
  }
  if (schema.isStructSchema()) return valuesOf(schema, narrow, depth + 1)
  return scalarOf(schema, narrow)
}

function scalarOf(schema: NormalizedSchema, wire: Wire): fc.Arbitrary<unknown> {
  if (schema.isTimestampSchema()) {
    return fc
      .integer({ min: 0, max: 4_000_000_000 })
      .map((second) => new Date(second * 1000 + (wire.precision === 1 ? second % 1000 : 0)))
  }
  if (schema.isBlobSchema()) return fc.uint8Array({ minLength: 1, maxLength: 8 })
  if (schema.isBooleanSchema()) return fc.boolean()
  if (schema.isNumericSchema()) return fc.integer({ min: -1_000_000, max: 1_000_000 })
  return wire.text
}

const sizeAt = (depth: number): number => (depth >= DEPTH ? 0 : 2)

const isNested = (schema: NormalizedSchema): boolean =>
  schema.isStructSchema() || schema.isListSchema() || schema.isMapSchema()

/** The required members, and the status, which every answer has. */
function requiredOf(schema: NormalizedSchema): Set<string> {
  const [, , , , members = [], , required = 0] = schema.getSchema() as unknown as [
    ...[unknown, unknown, unknown, unknown],
    string[]?,
    unknown?,
    number?,
  ]
  const status = [...schema.structIterator()].filter(
    ([, member]) => member.getMergedTraits().httpResponseCode,
  )
  return new Set([...members.slice(0, required), ...status.map(([name]) => name)])
}
