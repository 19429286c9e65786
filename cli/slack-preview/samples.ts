import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'samples')

/** A record of every kind that is told, as it lies in the table, by the names of their files. */
export const samples = (): string[] =>
  readdirSync(FOLDER)
    .map((file) => file.replace(/\.json$/, ''))
    .toSorted()

export const sampleFile = (name: string): string => join(FOLDER, `${name}.json`)
