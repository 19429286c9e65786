import { NotImplemented } from '../errors.ts'
import { invalid } from './store.ts'

type Terms = { all: string[]; any: string[]; none: string[] }

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
  const { all, any, none } = readTerms(text)
  // Optional terms mean nothing beside a required one.
  const optional = all.length > 0 ? [] : any
  return (message) =>
    all.every((term) => message.includes(term)) &&
    !none.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)))
}

function readTerms(text: string): Terms {
  const terms: Terms = { all: [], any: [], none: [] }
  let rest = text
  while (rest !== '') {
    const found = TERM.exec(rest)
    if (found === null) throw invalid('Invalid filter pattern')
    const [whole, sign, quoted, word = ''] = found
    const kind = sign === '?' ? 'any' : sign === '-' ? 'none' : 'all'
    terms[kind].push(quoted?.replaceAll(/\\(.)/g, '$1') ?? word)
    rest = rest.slice(whole.length)
  }
  return terms
}
