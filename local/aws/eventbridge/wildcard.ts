import { invalidPattern } from './model.ts'

/**
 * `*` stands for any characters, also none; `\*` and `\\` for themselves.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 *
 * Positions in messages count the quote before the text.
 *
 * @throws InvalidEventPatternException for two `*` in a row, for other escapes and for too many `*`.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const parts: string[] = ['']
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string
    if (character === '\\') {
      const escaped = pattern[++at]
      if (escaped !== '*' && escaped !== '\\') {
        throw invalidPattern(`Invalid escape character at pos ${at}`)
      }
      parts[parts.length - 1] += escaped
    } else if (character === '*') {
      if (pattern[at + 1] === '*') {
        throw invalidPattern(`Consecutive wildcard characters at pos ${at + 1}`)
      }
      parts.push('')
    } else parts[parts.length - 1] += character
  }
  if (isTooComplex(parts)) {
    throw invalidPattern(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    )
  }
  return (text) => matches(parts, text)
}

/** So many wildcards before the same character; AWS does not say how it counts. */
const MOST_ALIKE = 5

function isTooComplex([, ...behind]: readonly string[]): boolean {
  const alike = Map.groupBy(behind, (part) => part.charAt(0))
  return [...alike].some(([first, parts]) => first !== '' && parts.length >= MOST_ALIKE)
}

/** The first part at the start, the last at the end, the others in between, leftmost first. */
function matches(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}
