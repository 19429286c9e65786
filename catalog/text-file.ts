import { readFileSync } from 'node:fs'

/** A file's text, or the line at which it is no text of the kind that is read here. */
export type TextFile = { text: string } | { line: number; found: string }

/** Reads a file in UTF-8, with a byte order mark or without. */
export function readText(path: string): TextFile {
  const bytes = readFileSync(path)
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { line: 1, found: 'text in UTF-16' }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { line: firstBadLine(bytes), found: 'a character that is not in UTF-8' }
  }
}

/** A line ends with the same byte in every encoding that has ASCII in it, so each is read alone. */
function firstBadLine(bytes: Uint8Array): number {
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  const isBad = (line: string) => {
    const own = Buffer.from(line, 'latin1')
    return Buffer.compare(Buffer.from(own.toString('utf8'), 'utf8'), own) !== 0
  }
  return Math.max(1, lines.findIndex(isBad) + 1)
}
