/**
 * The word that was probably meant: one that differs only in how it is written, or in one letter in
 * three; else the one that it is short for, or that is short for it. Undefined where none is near,
 * or two are equally near.
 *
 * @param written as it stands in the file.
 * @param known the words that there are.
 */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const spelled = plain(written)
  const distances = known
    .map((word) => ({ word, steps: distance(spelled, plain(word)) }))
    .toSorted((a, b) => a.steps - b.steps)
  const [best, second] = distances
  if (best === undefined || best.steps > Math.floor(spelled.length / 3)) {
    const [short, ...others] = known.filter((word) => isShort(spelled, plain(word)))
    return others.length > 0 ? undefined : short
  }
  return second?.steps === best.steps ? undefined : best.word
}

/** Whether one of two words begins with the other, with at least three letters. */
const isShort = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) > 2 && (one.startsWith(other) || other.startsWith(one))

/** What follows a mistake: the word that was probably meant, else what to do in any case. */
export function didYouMean(written: string, known: readonly string[], otherwise: string): string {
  const word = nearest(written, known)
  return word === undefined ? otherwise : `did you mean ${word}?`
}

/** `health-path`, `HEALTH_PATH` and `healthPath` are one word. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '')

/** Letters to add, leave out, change, or swap with the next (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    const above = rows[row - 1] ?? []
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + same,
        swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    rows[row] = line
  }
  return rows[from.length]?.[to.length] ?? 0
}
