import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

type Known<Value> = { size: number; modified: number; value: Value }

/** Younger files (milliseconds) may yet change without a sign: clocks of file systems are coarse. */
const SETTLED_MILLISECONDS = 1_000

/** What was made of files, for as long as the files stay as they are. */
export class Files<Value> {
  readonly #make: (content: Buffer, path: string) => Value
  readonly #most: number
  readonly #known = new Map<string, Known<Value>>()

  /** @param most files that are remembered at a time. */
  constructor(most: number, make: (content: Buffer, path: string) => Value) {
    this.#make = make
    this.#most = most
  }

  /** @throws what reading the file or making something of it throws. */
  get(path: string): Value {
    const { size, mtimeMs: modified } = statSync(path)
    const before = this.#known.get(path)
    if (before?.size === size && before.modified === modified) return before.value
    const value = this.#make(readFileSync(path), path)
    this.#known.delete(path)
    if (Date.now() - modified < SETTLED_MILLISECONDS) return value
    if (this.#known.size >= this.#most) this.#known.clear()
    this.#known.set(path, { size, modified, value })
    return value
  }
}

/** A value of plain objects and lists that nobody can change from here on. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const one of Object.values(value)) frozen(one)
  return Object.freeze(value)
}

/** All sources, and the files of a few catalogs. */
const MOST_DIGESTS = 2_000

/** SHA-256 of what files hold. */
export const digests = new Files(MOST_DIGESTS, (content) =>
  createHash('sha256').update(content).digest(),
)

export function filesBelow(folder: string, which: RegExp): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => which.test(name))
    .map((name) => join(folder, name))
    .toSorted()
}
