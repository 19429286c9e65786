import type { Filled } from '../tree.ts'

/** Values by name, from `.env`. */
export type Values = Readonly<Record<string, string>>

/**
 * Puts values into a text as Compose does: `$A`, `${A}`, `${A:-b}`, `${A-b}`, `${A:?e}`, `${A:+b}`,
 * one inside another, and `$$` for a `$`.
 * https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
 */
export function filled(text: string, values: Values): Filled {
  let out = ''
  const lacks: string[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$') {
      out += text[at]
      continue
    }
    const rest = text.slice(at + 1)
    if (rest.startsWith('$')) {
      out += '$'
      at += 1
      continue
    }
    const [bare] = /^[A-Za-z_]\w*/.exec(rest) ?? []
    const end = rest.startsWith('{') ? closing(rest) : -1
    if (bare === undefined && end < 0) {
      out += '$'
      continue
    }
    const one = bare === undefined ? valueIn(rest.slice(1, end), values) : valueIn(bare, values)
    out += one.text
    lacks.push(...one.lacks)
    at += bare === undefined ? end + 1 : bare.length
  }
  return { text: out, lacks }
}

/** Where the brace ends that a text begins with. */
function closing(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

/** What stands between the braces: a name, and what holds with or without its value. */
function valueIn(inside: string, values: Values): Filled {
  const [, name = '', operator = '', other = ''] =
    /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(inside) ?? []
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  const isThere = value !== undefined && (!operator.startsWith(':') || value !== '')
  if (operator.endsWith('+')) return isThere ? filled(other, values) : { text: '', lacks: [] }
  if (isThere) return { text: value, lacks: [] }
  if (operator.endsWith('-')) return filled(other, values)
  return { text: value ?? '', lacks: [name] }
}
