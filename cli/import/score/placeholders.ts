/** A text of Score in parts: what stands there, and what a placeholder names. */
export type Piece = string | { names: readonly string[] }

/**
 * The placeholders of a text: `${metadata.name}`, `${resources.db.host}`; `$$` is a `$`, and `\.`
 * a dot that belongs to a name.
 * https://docs.score.dev/docs/score-specification/score-spec-reference/
 */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let plain = ''
  let at = 0
  for (const found of text.matchAll(/\$(?:\$|\{([^}]*)\})/g)) {
    plain += text.slice(at, found.index)
    at = found.index + found[0].length
    const inside = found[1]
    if (inside === undefined) {
      plain += '$'
      continue
    }
    if (plain !== '') pieces.push(plain)
    plain = ''
    pieces.push({ names: namesOf(inside) })
  }
  plain += text.slice(at)
  return plain === '' && pieces.length > 0 ? pieces : [...pieces, plain]
}

const namesOf = (inside: string): string[] =>
  inside
    .trim()
    .split(/(?<!\\)\./)
    .map((name) => name.replaceAll('\\.', '.'))
