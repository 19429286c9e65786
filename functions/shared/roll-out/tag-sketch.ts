import { createHash } from 'node:crypto'

/** A tag and the image it names. */
type Naming = { tag: string; digest: string }

/**
 * A summary of which tags name which images, of one size however many there are. It cannot say what
 * it holds, but two of them say what one has and the other has not, up to some thirty namings: an
 * invertible Bloom lookup table (Goodrich and Mitzenmacher, https://arxiv.org/abs/1101.2245).
 *
 * Each naming is a key of a few bytes, added to one cell of each part: a cell counts its keys and
 * keeps the exclusive or of them. In the difference of two summaries a cell with one key is that
 * key; taken out of its other cells, it leaves further cells with one key.
 */
const PARTS = 3
const CELLS_OF_PART = 20
const CELLS = PARTS * CELLS_OF_PART
/** Eight bytes that name it, and four by which a single key is told from several. */
const NAME_BYTES = 8
const KEY_BYTES = NAME_BYTES + 4
/** Before the key, how many there are. */
const COUNT_BYTES = 4
const CELL_BYTES = COUNT_BYTES + KEY_BYTES

/** The summary of these namings, as text. */
export const sketchOf = (namings: readonly Naming[]): string => {
  const cells = Buffer.alloc(CELLS * CELL_BYTES)
  for (const naming of namings) toggle(cells, keyOf(naming), 1)
  return cells.toString('base64')
}

/**
 * The namings that were not there when the summary was made.
 *
 * @returns undefined when too much has changed since to tell, or the summary cannot be read.
 */
export function addedSince<Item extends Naming>(
  sketch: string,
  namings: readonly Item[],
): Item[] | undefined {
  const before = Buffer.from(sketch, 'base64')
  if (before.length !== CELLS * CELL_BYTES) return undefined
  const known = new Map(namings.map((naming) => [keyOf(naming).toString('hex'), naming]))
  const cells = difference(Buffer.from(sketchOf(namings), 'base64'), before)
  const added: Item[] = []
  for (let left = CELLS; left > 0; left--) {
    const single = singleIn(cells)
    if (single === undefined) break
    const naming = known.get(single.key.toString('hex'))
    if (single.count > 0 && naming !== undefined) added.push(naming)
    toggle(cells, single.key, -single.count)
  }
  return cells.every((byte) => byte === 0) ? added : undefined
}

function keyOf({ tag, digest }: Naming): Buffer {
  const name = hashOf(`${tag}@${digest}`).subarray(0, NAME_BYTES)
  return Buffer.concat([name, checkOf(name)])
}

const hashOf = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest()
const checkOf = (name: Buffer): Buffer => hashOf(name).subarray(0, KEY_BYTES - NAME_BYTES)

/** Adds a key to its cells, or takes it out. */
function toggle(cells: Buffer, key: Buffer, by: number): void {
  for (let part = 0; part < PARTS; part++) {
    const cell = part * CELLS_OF_PART + (key.readUInt16BE(2 * part) % CELLS_OF_PART)
    const start = cell * CELL_BYTES
    cells.writeInt32BE(cells.readInt32BE(start) + by, start)
    for (const [place, byte] of key.entries()) {
      const at = start + COUNT_BYTES + place
      cells.writeUInt8(cells.readUInt8(at) ^ byte, at)
    }
  }
}

function difference(now: Buffer, before: Buffer): Buffer {
  const cells = Buffer.from(now.map((byte, place) => byte ^ (before[place] ?? 0)))
  for (let start = 0; start < cells.length; start += CELL_BYTES) {
    cells.writeInt32BE(now.readInt32BE(start) - before.readInt32BE(start), start)
  }
  return cells
}

/** A key that is alone in a cell, and whether it was added (1) or is gone (-1). */
function singleIn(cells: Buffer): { key: Buffer; count: number } | undefined {
  for (let start = 0; start < cells.length; start += CELL_BYTES) {
    const count = cells.readInt32BE(start)
    if (count !== 1 && count !== -1) continue
    const key = Buffer.from(cells.subarray(start + COUNT_BYTES, start + CELL_BYTES))
    const name = key.subarray(0, NAME_BYTES)
    if (checkOf(name).equals(key.subarray(NAME_BYTES))) return { key, count }
  }
  return undefined
}
