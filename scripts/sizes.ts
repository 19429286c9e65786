/** Bytes of each function's bundle, by the function's name. */
export type Sizes = Record<string, number>

/** The sizes as a table for the terminal. */
export function sizeTable(sizes: Sizes): string {
  const width = Math.max(...Object.keys(sizes).map((name) => name.length))
  return Object.entries(sizes)
    .map(([name, bytes]) => `${name.padEnd(width)}  ${(bytes / 1000).toFixed(1).padStart(6)} kB`)
    .join('\n')
}
