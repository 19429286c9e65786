/**
 * One address of an IPv4 network.
 *
 * @param block `10.20.0.0/20`.
 * @param index counted from the network's own address.
 */
export function addressIn(block: string, index: number): string {
  const bytes = (block.split('/')[0] ?? '').split('.').map(Number)
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + index
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** How many addresses a network has. */
export function sizeOf(block: string): number {
  return 2 ** (32 - Number(block.split('/')[1]))
}
