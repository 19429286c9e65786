/** A decimal number, exactly: `digits * 10 ** exponent`. */
type Decimal = { digits: bigint; exponent: number }

/** Why DynamoDB does not take a number. */
export class NumberRefused extends Error {
  override readonly name = 'NumberRefused'
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types-numbers */
const MOST_DIGITS = 38
/** Magnitudes of ten between which a number lies that is not zero. */
const MAGNITUDES = { least: -130, most: 125 }

/** What needs no work: whole numbers of a few digits. */
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/

/**
 * A number as DynamoDB keeps it: no plus sign, no exponent, no zeros that say nothing.
 *
 * @throws NumberRefused with DynamoDB's words.
 */
export function canonicalDecimal(text: string): string {
  return PLAIN.test(text) ? text : written(read(text))
}

/** Exact, within DynamoDB's limits: 0.1 + 0.2 is 0.3. @throws NumberRefused */
export function addDecimals(left: string, right: string): string {
  const [one, other] = aligned(read(left), read(right))
  return written(checked({ digits: one.digits + other.digits, exponent: one.exponent }))
}

/** Negative, zero or positive. */
export function compareDecimals(left: string, right: string): number {
  if (PLAIN.test(left) && PLAIN.test(right)) return Number(left) - Number(right)
  const [one, other] = aligned(read(left), read(right))
  return one.digits < other.digits ? -1 : one.digits > other.digits ? 1 : 0
}

function read(text: string): Decimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  if (match === null || whole + fraction === '') {
    throw new NumberRefused(`The parameter cannot be converted to a numeric value: ${text}`)
  }
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
  return checked({ digits, exponent: Number(exponent) - fraction.length })
}

/** Without zeros at its end, and within the limits. */
function checked({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits, exponent: 0 }
  const text = digits.toString()
  const kept = text.replace(/0+$/, '')
  const count = kept.replace('-', '').length
  const shorter = { digits: BigInt(kept), exponent: exponent + text.length - kept.length }
  const magnitude = shorter.exponent + count - 1
  if (magnitude > MAGNITUDES.most) throw outside('overflow', 'larger')
  if (magnitude < MAGNITUDES.least) throw outside('underflow', 'smaller')
  if (count > MOST_DIGITS) {
    throw new NumberRefused(
      `Attempting to store more than ${MOST_DIGITS} significant digits in a Number`,
    )
  }
  return shorter
}

const outside = (what: string, than: string): NumberRefused =>
  new NumberRefused(
    `Number ${what}. Attempting to store a number with magnitude ${than} than supported range`,
  )

/** Both with the smaller exponent. */
function aligned(left: Decimal, right: Decimal): [Decimal, Decimal] {
  const exponent = Math.min(left.exponent, right.exponent)
  const atExponent = (one: Decimal): Decimal => ({
    digits: one.digits * 10n ** BigInt(one.exponent - exponent),
    exponent,
  })
  return [atExponent(left), atExponent(right)]
}

function written({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return (digits * 10n ** BigInt(exponent)).toString()
  const sign = digits < 0n ? '-' : ''
  const text = digits
    .toString()
    .replace('-', '')
    .padStart(1 - exponent, '0')
  return `${sign}${text.slice(0, exponent)}.${text.slice(exponent)}`
}
