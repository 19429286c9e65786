import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

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

type Listing = { files: string[]; folders: string[] }

/** Folders of sources and of a few catalogs. */
const MOST_LISTINGS = 500

const listings = new Map<string, { modified: number; listing: Listing }>()

/** What is directly in a folder; a folder's own time tells when that changes. */
function listingOf(folder: string): Listing {
  const { mtimeMs: modified } = statSync(folder)
  const before = listings.get(folder)
  if (before?.modified === modified) return before.listing
  const listing: Listing = { files: [], folders: [] }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const isFolder = entry.isSymbolicLink() ? statSync(path).isDirectory() : entry.isDirectory()
    listing[isFolder ? 'folders' : 'files'].push(path)
  }
  listings.delete(folder)
  if (Date.now() - modified < SETTLED_MILLISECONDS) return listing
  if (listings.size >= MOST_LISTINGS) listings.clear()
  listings.set(folder, { modified, listing })
  return listing
}

/** The files at any depth whose path inside the folder is one of these, in order. */
export function filesBelow(folder: string, which: RegExp): string[] {
  if (!existsSync(folder)) return []
  const found: string[] = []
  const visit = (here: string) => {
    const { files, folders } = listingOf(here)
    for (const file of files) if (which.test(relative(folder, file))) found.push(file)
    for (const one of folders) visit(one)
  }
  visit(folder)
  return found.toSorted()
}
