/** One thing wrong in one line of the catalog. */
export type Problem = {
  /** Relative to where the command was run. */
  file: string
  line: number
  field: string
  found: string
  allowed: string
  remedy: string
}

/** The catalog cannot be used; nothing was synthesized. One line per problem. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(sentence).join('\n'))
    this.problems = problems
  }
}

function sentence({ file, line, field, found, allowed, remedy }: Problem): string {
  return `${file}:${line} ${field}: found ${found}, allowed: ${allowed}; ${remedy}`
}

/** A value as the reader wrote it, short enough for a line. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
