/**
 * `count` blocks of an IPv4 network, each with `bits` bits for hosts, as `Fn::Cidr` gives them.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html
 *
 * @param block `10.0.0.0/16`.
 * @throws TypeError when the block is not IPv4, or has not room for that many.
 */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [, address = '', prefix = ''] = /^([\d.]+)\/(\d+)$/.exec(block) ?? []
  const bytes = address.split('.').map(Number)
  if (bytes.length !== 4 || count * 2 ** bits > 2 ** (32 - Number(prefix))) {
    throw new TypeError(`${block} has no room for ${count} blocks of ${bits} bits`)
  }
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * 2 ** bits
    const dotted = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256)
    return `${dotted.join('.')}/${32 - bits}`
  })
}
