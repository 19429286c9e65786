/** What Java writes otherwise in its patterns, of what AWS's models use. */
const JAVA: readonly [RegExp, string][] = [
  // The two halves of characters beyond the first 65536.
  [/\\uD800\\uDC00-\\uDBFF\\uDFFF/g, '\\u{10000}-\\u{10FFFF}'],
  [/\\p\{Print\}/g, '[\\x20-\\x7E]'],
  // Holds to the end of its group.
  [/\(\?i\)([^)]*)/g, '(?i:$1)'],
]

/** A `-` that stands for itself, and what needs no `\` before it: refused where Unicode is meant. */
const STRICT: readonly [RegExp, string][] = [
  [/(?<!\\)-(?=\])/g, '\\-'],
  [/(\\[pP]\{\w+\})-/g, '$1\\-'],
  [/\\([@_=<>%#~"' ])/g, '$1'],
]

/** A pattern of AWS's models, which Java matches against the whole value. */
export function expression(pattern: string): RegExp {
  const here = replaced(pattern, JAVA)
  if (!/\\[pPu]\{/.test(here)) return new RegExp(`^(?:${here})$`)
  return new RegExp(`^(?:${replaced(here, STRICT)})$`, 'u')
}

function replaced(pattern: string, list: readonly [RegExp, string][]): string {
  return list.reduce((text, [what, instead]) => text.replaceAll(what, instead), pattern)
}
