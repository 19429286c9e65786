import { BlockList } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cidrContains, parseAddress, parseCidr } from '../../local/aws/cidr.ts'

/** What Node makes of the same range. */
function nodeSays(address: string, length: number, asked: string): boolean {
  const kind = (text: string) => (text.includes(':') ? 'ipv6' : 'ipv4')
  const list = new BlockList()
  list.addSubnet(address, length, kind(address))
  return kind(address) === kind(asked) && list.check(asked, kind(asked))
}

/** The address with one bit turned over, so that some are in the range and some are just not. */
const flipped = (groups: readonly number[], width: number, bit: number) =>
  groups.map((one, at) => (at === Math.floor(bit / width) ? one ^ (1 << (bit % width)) : one))

const KINDS = [
  { bits: 32, width: 8, shown: (groups: readonly number[]) => groups.join('.') },
  {
    bits: 128,
    width: 16,
    shown: (groups: readonly number[]) => groups.map((one) => one.toString(16)).join(':'),
  },
]

test.each(KINDS)(
  'a range of $bits bits takes what Node says it takes',
  ({ bits, width, shown }) => {
    const group = fc.integer({ min: 0, max: 2 ** width - 1 })
    const groups = fc.array(group, { minLength: bits / width, maxLength: bits / width })
    const at = fc.integer({ min: 0, max: bits - 1 })
    fc.assert(
      fc.property(groups, at, at, (network, length, bit) => {
        const [address, asked] = [shown(network), shown(flipped(network, width, bit))]
        const range = parseCidr(`${address}/${length}`)
        if (range === undefined) throw new Error(`${address}/${length} is a range`)
        expect(cidrContains(range, asked)).toBe(nodeSays(address, length, asked))
        expect(cidrContains(range, address)).toBe(true)
      }),
    )
  },
)

test.each([
  ['::', 0n],
  ['::1', 1n],
  ['1::', 1n << 112n],
  ['2001:db8::1:2', 0x2001_0db8_0000_0000_0000_0000_0001_0002n],
  ['1:2:3:4:5:6:7:8', 0x0001_0002_0003_0004_0005_0006_0007_0008n],
  ['::ffff:1.2.3.4', 0xffff_0102_0304n],
])('the address %s is a number', (text, bits) => {
  expect(parseAddress(text)).toEqual({ version: 6, bits })
})

test.each([
  '10.0.0.0/33',
  '10.0.0.0',
  '10.0.0.0/8/8',
  '10.0.0.0/x',
  '10.0.0/8',
  '::/129',
  'fe80::1%1/64',
  '/8',
])('%s is no range', (text) => expect(parseCidr(text)).toBeUndefined())

test.each([
  ['10.0.0.1/32', { version: 4, bits: 0x0a00_0001n, length: 32 }],
  ['::1/128', { version: 6, bits: 1n, length: 128 }],
  ['0.0.0.0/0', { version: 4, bits: 0n, length: 0 }],
])('%s is a range', (text, range) => expect(parseCidr(text)).toEqual(range))

test('a range takes no address of the other version, and nothing that is none', () => {
  const all = parseCidr('0.0.0.0/0')
  if (all === undefined) throw new Error('it is a range')
  expect(cidrContains(all, '::1')).toBe(false)
  expect(cidrContains(all, 'nothing')).toBe(false)
})
