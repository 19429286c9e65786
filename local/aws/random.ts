/**
 * A seeded source of chance. Every purpose draws from its own stream (seed + label), so that one
 * more draw in one place never shifts what another place gets.
 */
export class Random {
  readonly #seed: number
  readonly #streams = new Map<string, Stream>()

  constructor(seed: number) {
    this.#seed = seed >>> 0
  }

  /** The next number of the stream `label`, in [0, 1). */
  next(label: string): number {
    return draw(this.#stream(label)) / 4294967296
  }

  #stream(label: string): Stream {
    let stream = this.#streams.get(label)
    if (stream === undefined) {
      stream = { state: hash(`${this.#seed}/${label}`) }
      this.#streams.set(label, stream)
    }
    return stream
  }

  /** A number in [low, high). */
  between(label: string, low: number, high: number): number {
    return low + this.next(label) * (high - low)
  }

  /** True with the given probability (0 never, 1 always). */
  chance(label: string, probability: number): boolean {
    return this.next(label) < probability
  }

  /** `length` lower-case hexadecimal digits. */
  hex(label: string, length: number): string {
    const stream = this.#stream(label)
    let digits = ''
    while (digits.length < length) {
      const bits = draw(stream)
      digits += `${BYTES[bits >>> 24]}${BYTES[(bits >>> 16) & 255]}${BYTES[(bits >>> 8) & 255]}${BYTES[bits & 255]}`
    }
    return digits.length === length ? digits : digits.slice(0, length)
  }

  /** A version 4 UUID. */
  uuid(label: string): string {
    const digits = this.hex(label, 32)
    const variant = '89ab'[Math.floor(this.next(label) * 4)]
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
  }
}

type Stream = { state: number }

/** Each byte as two hexadecimal digits. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * The next 32 bits of a stream. mulberry32: small, fast, and good enough for delays and faults;
 * nothing secret comes from it.
 */
function draw(stream: Stream): number {
  let state = (stream.state + 0x6d2b79f5) >>> 0
  stream.state = state
  state = Math.imul(state ^ (state >>> 15), state | 1)
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61)
  return (state ^ (state >>> 14)) >>> 0
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}
