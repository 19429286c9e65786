import { isIPv4, isIPv6 } from 'node:net'

/** A range of addresses, as a prefix of bits. */
type Cidr = { version: 4 | 6; bits: bigint; length: number }

/** Reads `10.0.0.0/24` or `2001:db8::/32`; undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = '', ...rest] = text.split('/')
  const parsed = parseAddress(address)
  const prefix = Number(length)
  if (parsed === undefined || rest.length > 0 || !/^\d+$/.test(length)) return undefined
  const width = parsed.version === 4 ? 32 : 128
  if (prefix > width) return undefined
  return { version: parsed.version, bits: parsed.bits >> BigInt(width - prefix), length: prefix }
}

/** Whether an address lies in the range; false for what is no address, or of the other version. */
export function cidrContains(range: Cidr, address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed?.version !== range.version) return false
  const width = range.version === 4 ? 32 : 128
  return parsed.bits >> BigInt(width - range.length) === range.bits
}

/** An address as a number; undefined for other text. */
export function parseAddress(text: string): { version: 4 | 6; bits: bigint } | undefined {
  if (isIPv4(text)) return { version: 4, bits: join(text.split('.').map(Number), 8n) }
  if (!isIPv6(text) || text.includes('%')) return undefined
  return { version: 6, bits: join(groups(text), 16n) }
}

const join = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n)

/** The eight groups of an IPv6 address, `::` filled in and a trailing IPv4 address taken apart. */
function groups(text: string): number[] {
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)]
      .map((one) => one.toString(16))
      .join(':'),
  )
  const [head = '', tail] = plain.split('::')
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((one) => Number.parseInt(one, 16))
  const left = read(head)
  if (tail === undefined) return left
  const right = read(tail)
  return [...left, ...Array(8 - left.length - right.length).fill(0), ...right]
}
