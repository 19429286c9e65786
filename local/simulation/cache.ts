import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/** Younger entries and folders stay, however many there are: another process may be using them. */
const IN_USE_MILLISECONDS = 60 * 60_000
const UNFINISHED = 'making-'

const CHANGED = 'Files that it is made from were changed while it was made: run it again.'

type Make = (folder: string) => Promise<void>

/** Folders that are made once and found by a key, also by other processes at the same time. */
export class Cache {
  readonly #directory: string
  readonly #kept: number
  readonly #making = new Map<string, Promise<string>>()

  /**
   * @param directory where the folders are.
   * @param kept how many of those that were used last are not thrown away.
   */
  constructor(directory: string, { kept }: { kept: number }) {
    this.#directory = directory
    this.#kept = kept
  }

  /** The folder of the key, if it has been made. */
  find(key: string): string | undefined {
    const folder = join(this.#directory, key)
    return used(folder) ? resolve(folder) : undefined
  }

  /**
   * @param make fills a new folder.
   * @param isCurrent whether the key is that of what it is made from, still.
   * @returns the folder of the key.
   * @throws Error where it is not, once the folder is made: nobody finds that later.
   */
  async get(key: string, make: Make, isCurrent: () => boolean = () => true): Promise<string> {
    const found = this.find(key)
    if (found !== undefined) return found
    const folder = join(this.#directory, key)
    const making = this.#making.get(key) ?? this.#make(folder, make, isCurrent)
    this.#making.set(key, making)
    try {
      return await making
    } finally {
      this.#making.delete(key)
    }
  }

  async #make(folder: string, make: Make, isCurrent: () => boolean): Promise<string> {
    const made = this.#unfinished()
    try {
      await make(made)
      if (!isCurrent()) throw new Error(CHANGED)
      moveTo(folder, made)
    } finally {
      rmSync(made, { recursive: true, force: true })
    }
    this.#forgetOld()
    return resolve(folder)
  }

  #unfinished(): string {
    mkdirSync(this.#directory, { recursive: true })
    return mkdtempSync(join(this.#directory, UNFINISHED))
  }

  #forgetOld(): void {
    const unused = Date.now() - IN_USE_MILLISECONDS
    const entries = readdirSync(this.#directory)
      .map((name) => ({ name, at: lastUse(join(this.#directory, name)) }))
      .toSorted((a, b) => b.at - a.at)
    const unfinished = entries.filter(({ name }) => name.startsWith(UNFINISHED))
    const old = entries.filter((entry) => !unfinished.includes(entry)).slice(this.#kept)
    for (const { name, at } of [...unfinished, ...old]) {
      if (at > unused) continue
      // Nobody may find half an entry.
      const removed = join(this.#unfinished(), 'removed')
      moveTo(removed, join(this.#directory, name))
      rmSync(join(removed, '..'), { recursive: true, force: true })
    }
  }
}

/** Notes that a folder is used now. @returns false when it is not there. */
function used(folder: string): boolean {
  const now = new Date()
  try {
    utimesSync(folder, now, now)
    return true
  } catch {
    return false
  }
}

/** Whoever comes second leaves its own where it is: both are the same. */
function moveTo(folder: string, made: string): void {
  try {
    renameSync(made, folder)
  } catch (error) {
    if (existsSync(made) && !existsSync(folder)) throw error
  }
}

/** 0 for what another process has just removed. */
function lastUse(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
