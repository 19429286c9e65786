import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import type { Stack } from '../../scripts/assembly.ts'

/** The templates that a released version made of the example catalog. */
export type Released = { version: string; stacks: Stack[] }

/** Of the last version; JSON, compressed with Brotli. */
const FILE = join(import.meta.dirname, 'templates.json.br')

export const readReleased = (): Released =>
  JSON.parse(brotliDecompressSync(readFileSync(FILE)).toString()) as Released

export function writeReleased({ version, stacks }: Released): void {
  const inOrder = stacks.toSorted((a, b) => a.name.localeCompare(b.name))
  writeFileSync(FILE, brotliCompressSync(JSON.stringify({ version, stacks: inOrder })))
}
