/** Why a text is no JSON, in the words of the parser that EventBridge shows, and where. */
export type Malformed = { reason: string; column: number }

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

/** As far as it is JSON, a text is read token by token; the first that does not fit is told. */
const TOKEN =
  /\s*(?:("(?:[^"\\\p{Cc}]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([\p{L}_$][\p{L}\p{N}_$]*)|(.))/suy

type Expected = 'value' | 'name' | 'colon' | 'comma'

/**
 * Says what EventBridge says of a pattern that is not JSON. The words are recorded in
 * https://github.com/localstack/localstack/blob/master/tests/aws/services/events/test_events_patterns.snapshot.json
 */
export function malformed(text: string): Malformed {
  const closers: string[] = []
  let expected: Expected = 'value'
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [, string, number, word, symbol = ''] = match
    const end = TOKEN.lastIndex
    if (word !== undefined && (expected !== 'value' || !['null', 'true', 'false'].includes(word))) {
      if (expected !== 'value') return unexpected(word.charAt(0), expected, end - word.length + 1)
      return { reason: `Unrecognized token '${word}': was expecting ${VALUES}`, column: end + 1 }
    }
    if (string !== undefined || number !== undefined || word !== undefined) {
      const fits = expected === 'value' || (expected === 'name' && string !== undefined)
      const first = (string ?? number ?? '').charAt(0)
      if (!fits) return unexpected(first, expected, end - (string ?? number ?? '').length + 1)
      expected = expected === 'name' ? 'colon' : 'comma'
      continue
    }
    const next = after(symbol, expected, closers)
    if (next === undefined) return unexpected(symbol, expected, end)
    expected = next
  }
  return { reason: 'Unexpected end-of-input', column: text.length + 1 }
}

/** What may follow a symbol; undefined when it may not stand here. Keeps what is still open. */
function after(symbol: string, expected: Expected, closers: string[]): Expected | undefined {
  if (symbol === '{' && expected === 'value') {
    closers.push('}')
    return 'name'
  }
  if (symbol === '[' && expected === 'value') {
    closers.push(']')
    return 'value'
  }
  if (symbol === ':' && expected === 'colon') return 'value'
  if (symbol === ',' && expected === 'comma') return closers.at(-1) === '}' ? 'name' : 'value'
  if (symbol === closers.at(-1) && expected !== 'colon') {
    closers.pop()
    return 'comma'
  }
  return undefined
}

const WANTED: Record<Expected, string> = {
  value: `expected a valid value ${VALUES}`,
  name: 'was expecting double-quote to start field name',
  colon: 'was expecting a colon to separate field name and value',
  comma: 'was expecting comma to separate Object entries',
}

function unexpected(character: string, expected: Expected, column: number): Malformed {
  const code = character.charCodeAt(0)
  return {
    reason: `Unexpected character ('${character}' (code ${code})): ${WANTED[expected]}`,
    column,
  }
}
