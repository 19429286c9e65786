import { parseAddress } from '../cidr.ts'
import { invalidPattern } from './model.ts'

/** A range of addresses as numbers, both ends in it. */
export type AddressRange = { version: 4 | 6; bottom: bigint; top: bigint }

/**
 * Reads `10.0.0.0/24` or `2001:db8::/32`. Of the address only the masked part
 * counts: `10.0.0.5/24` is `10.0.0.0/24`.
 *
 * @throws AwsError InvalidEventPatternException
 */
export function readCidr(text: string): AddressRange {
  const [address = '', length, ...rest] = text.split('/')
  if (length === undefined || rest.length > 0) {
    throw invalidPattern("Malformed CIDR, one '/' required")
  }
  if (!/^\d+$/.test(length)) throw invalidPattern('Malformed CIDR, mask bits must be an integer')
  const range = addressRange(address)
  if (range === undefined) throw invalidPattern(`Nonstandard IP address: ${address}`)
  const width = range.version === 4 ? 32 : 128
  const free = width - Number(length)
  if (free < 1) throw invalidPattern(`IPv${range.version} mask bits must be < ${width}`)
  const bottom = (range.bottom >> BigInt(free)) << BigInt(free)
  return { ...range, bottom, top: bottom | ((1n << BigInt(free)) - 1n) }
}

/** The range of one address, so that it matches in any spelling; undefined for other text. */
export function addressRange(text: string): AddressRange | undefined {
  const parsed = parseAddress(text)
  return parsed && { version: parsed.version, bottom: parsed.bits, top: parsed.bits }
}

/** Whether an address lies in the range; false for what is no address, or of the other version. */
export function inRange({ version, bottom, top }: AddressRange, address: string): boolean {
  const parsed = parseAddress(address)
  return parsed?.version === version && parsed.bits >= bottom && parsed.bits <= top
}
