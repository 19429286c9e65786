import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { AwsError } from '../errors.ts'
import { addDecimals, canonicalDecimal, compareDecimals, NumberRefused } from './decimal.ts'

export type { AttributeValue }
export type Item = Record<string, AttributeValue>

/** A write to one item, before anything is stored. */
export type Change = { key: Item; before: Item | undefined; after: Item | undefined }

export const validation = (message: string): AwsError =>
  new AwsError('ValidationException', message)

/** `S`, `N`, `M`…: the one member an attribute value has. */
export function typeOf(value: AttributeValue): string {
  for (const key in value) if (key !== '$unknown') return key
  return 'NULL'
}

/** A number as DynamoDB keeps it. @throws AwsError ValidationException for what is none. */
export const canonicalNumber = (text: string): string => refusing(() => canonicalDecimal(text))

/** @throws AwsError ValidationException outside the limits. */
export const sumOf = (left: string, right: string): string =>
  refusing(() => addDecimals(left, right))

function refusing(compute: () => string): string {
  try {
    return compute()
  } catch (error) {
    if (error instanceof NumberRefused) throw validation(error.message)
    throw error
  }
}

/** Whether two values are the same: type and content; sets regardless of order. */
export function same(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonical(a) === canonical(b)
}

/** One text per value, equal for equal values. */
export const canonical = (value: AttributeValue): string => `${typeOf(value)}${contentOf(value)}`

function contentOf({ N, B, M, L, SS, NS, BS, ...scalar }: AttributeValue): string {
  if (N !== undefined) return canonicalNumber(N)
  if (B !== undefined) return base64(B)
  if (L !== undefined) return JSON.stringify(L.map(canonical))
  if (M !== undefined) {
    const members = Object.entries(M).map(([name, member]) => [name, canonical(member)])
    return JSON.stringify(members.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
  }
  const set = SS ?? NS?.map(canonicalNumber) ?? BS?.map(base64)
  return JSON.stringify(set?.toSorted() ?? Object.values(scalar))
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/**
 * Negative, zero or positive, for two values of the same scalar type; undefined when they cannot
 * be ordered. Strings and binaries by their bytes, as DynamoDB does.
 */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return compareTexts(a.S, b.S)
  if (a.N !== undefined && b.N !== undefined) return compareDecimals(a.N, b.N)
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B)
  return undefined
}

/** From here on the order of UTF-16, which JavaScript compares, is another than that of UTF-8. */
const SURROGATES = 0xd800

function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left === right) continue
    if (left < SURROGATES && right < SURROGATES) return left - right
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return a.length - b.length
}

/**
 * Bytes as AWS counts them, closely enough for the 400 KB limit.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1
  if (value.B !== undefined) return value.B.length
  if (value.M !== undefined) return 3 + itemSize(value.M)
  if (value.L !== undefined) return 3 + value.L.reduce((sum, one) => sum + 1 + sizeOf(one), 0)
  const set = value.SS ?? value.NS ?? value.BS
  return set === undefined ? 1 : set.reduce((sum, one) => sum + one.length, 0)
}

export function itemSize(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value),
    0,
  )
}

const SETS = { SS: 'string', NS: 'number', BS: 'binary' } as const

/** Refuses values DynamoDB refuses (empty sets, numbers that are none) and puts numbers in form. */
function accept(value: AttributeValue): AttributeValue {
  const members = Object.keys(value).filter((key) => key !== '$unknown')
  if (members.length !== 1) {
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    )
  }
  if (value.N !== undefined) return { N: canonicalNumber(value.N) }
  if (value.NULL === false) {
    throw validation(
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    )
  }
  if (value.M !== undefined) return { M: acceptItem(value.M) }
  if (value.L !== undefined) return { L: value.L.map(accept) }
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const set = value[type] as unknown[] | undefined
    if (set === undefined) continue
    if (set.length === 0) {
      throw validation(
        `One or more parameter values were invalid: An ${SETS[type]} set  may not be empty`,
      )
    }
    const texts = set.map((one) => String(one))
    if (new Set(texts).size !== texts.length) {
      throw validation(
        `One or more parameter values were invalid: Input collection [${texts.join(', ')}] contains duplicates.`,
      )
    }
    if (type === 'NS') return { NS: texts.map(canonicalNumber) }
  }
  return value
}

export function acceptItem(item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, accept(value)]))
}
