import { NotImplemented } from '../errors.ts'
import { invalid } from './store.ts'

type Terms = { required: string[]; optional: string[]; excluded: string[] }

/** A word, or anything between double quotes; `?` before it makes it optional, `-` excludes it. */
const TERM = /^([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*/

/**
 * Compiles a filter pattern of terms: `ERROR timeout`, `?ERROR ?WARN`, `"out of memory"`, `-DEBUG`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * @throws NotImplemented for JSON (`{ … }`), space-delimited (`[ … ]`) and regular expressions.
 */
export function compileFilter(pattern: string): (message: string) => boolean {
  const text = pattern.trim()
  if (text.startsWith('{')) throw new NotImplemented('JSON filter patterns of log events')
  if (text.startsWith('[')) throw new NotImplemented('space-delimited filter patterns')
  if (text.startsWith('%')) throw new NotImplemented('regular expressions in filter patterns')
  const { required, optional, excluded } = readTerms(text)
  // Optional terms mean nothing beside a required one.
  const one = required.length > 0 ? [] : optional
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (one.length === 0 || one.some((term) => message.includes(term)))
}

function readTerms(text: string): Terms {
  const terms: Terms = { required: [], optional: [], excluded: [] }
  let rest = text
  while (rest !== '') {
    const found = TERM.exec(rest)
    if (found === null) throw invalid('Invalid filter pattern')
    const [whole, sign, quoted, word = ''] = found
    const kind = sign === '?' ? 'optional' : sign === '-' ? 'excluded' : 'required'
    terms[kind].push(quoted?.replaceAll(/\\(.)/g, '$1') ?? word)
    rest = rest.slice(whole.length)
  }
  return terms
}
