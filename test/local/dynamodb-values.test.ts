import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AttributeValue, canonical, compare, same } from '../../local/aws/dynamodb/value.ts'

const bytes = fc.uint8Array({ maxLength: 4 })
const number = fc.integer({ min: -1_000, max: 1_000 }).map(String)
const setOf = <T>(one: fc.Arbitrary<T>) =>
  fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: String })

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({ S: fc.string({ maxLength: 4 }) }),
    fc.record({ N: number }),
    fc.record({ B: bytes }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true as const }),
    fc.record({ SS: setOf(fc.string({ maxLength: 3 })) }),
    fc.record({ NS: setOf(number) }),
    fc.record({ BS: setOf(bytes) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3 }) }),
  ),
}))

/** The same value written in another order, and its numbers otherwise. */
function otherwise({ N, L, M, SS, NS, BS, ...rest }: AttributeValue): AttributeValue {
  if (N !== undefined) return { N: `${N}.00` }
  if (L !== undefined) return { L: L.map(otherwise) }
  if (M !== undefined) {
    const members = Object.entries(M).toReversed()
    return { M: Object.fromEntries(members.map(([name, one]) => [name, otherwise(one)])) }
  }
  if (SS !== undefined) return { SS: SS.toReversed() }
  if (NS !== undefined) return { NS: NS.toReversed().map((one) => `${one}.0`) }
  if (BS !== undefined) return { BS: BS.toReversed() }
  return rest as AttributeValue
}

/** What a value says: sets in order, bytes as hexadecimal digits. */
function plain({ L, M, SS, NS, B, BS, ...rest }: AttributeValue): unknown {
  const hex = (one: Uint8Array) => Buffer.from(one).toString('hex')
  if (L !== undefined) return ['L', ...L.map(plain)]
  if (M !== undefined) {
    const members = Object.entries(M).map(([name, one]) => ({ name, one: plain(one) }))
    return { M: members.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  }
  if (B !== undefined) return { B: hex(B) }
  if (BS !== undefined) return { BS: BS.map(hex).sort() }
  if (NS !== undefined) return { NS: NS.toSorted() }
  return SS === undefined ? rest : { SS: SS.toSorted() }
}

describe('values of DynamoDB', () => {
  test('are the same in any order of a set or a map, and however a number is written', () => {
    fc.assert(fc.property(value, (one) => same(one, otherwise(one)) && same(one, one)))
  })

  test('are the same only if they say the same', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(same(one, other)).toBe(JSON.stringify(plain(one)) === JSON.stringify(plain(other)))
      }),
      { numRuns: 300 },
    )
  })

  test.each<[AttributeValue, AttributeValue]>([
    [{ S: '1' }, { N: '1' }],
    [{ B: new Uint8Array([1]) }, { BS: [new Uint8Array([1])] }],
    [{ BS: [new Uint8Array([1])] }, { BS: [new Uint8Array([2])] }],
    [{ SS: ['a', 'b'] }, { L: [{ S: 'a' }, { S: 'b' }] }],
    [{ SS: ['a,b'] }, { SS: ['a', 'b'] }],
    [{ NS: ['1'] }, { SS: ['1'] }],
    [{ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }],
    [{ L: [{ S: 'a' }, { L: [] }] }, { L: [{ L: [{ S: 'a' }] }] }],
    [{ M: { a: { S: 'b' } } }, { M: { b: { S: 'a' } } }],
    [{ BOOL: true }, { BOOL: false }],
    [{ NULL: true }, { BOOL: true }],
  ])('%j is not %j', (one, other) => {
    expect(same(one, other)).toBe(false)
    expect(canonical(one)).not.toBe(canonical(other))
  })

  test('that are there are not the same as those that are not', () => {
    expect(same(undefined, undefined)).toBe(true)
    expect(same({ S: '' }, undefined)).toBe(false)
    expect(same(undefined, { S: '' })).toBe(false)
  })

  test('have the order of their bytes, or of their size; those of two types have none', () => {
    const order = (one: AttributeValue, other: AttributeValue) =>
      Math.sign(compare(one, other) ?? NaN)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const bytewise = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(order({ S: a }, { S: b })).toBe(bytewise)
      }),
    )
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(order({ B: a }, { B: b })).toBe(Buffer.compare(a, b))
      }),
    )
    expect(order({ N: '9' }, { N: '10' })).toBe(-1)
    expect(compare({ N: '9' }, { S: '10' })).toBeUndefined()
  })
})
