import type { Placeholders } from './placeholders.ts'
import { isReserved } from './reserved.ts'
import { Tokens } from './tokens.ts'
import { type AttributeValue, validation } from './value.ts'

/** A document path: `a.b[0]`, its names resolved. */
export type Path = (string | number)[]

export type Operand =
  | { kind: 'path'; path: Path }
  | { kind: 'value'; value: AttributeValue }
  | { kind: 'size'; path: Path }

export type Condition =
  | { kind: 'compare'; operator: string; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; low: Operand; high: Operand }
  | { kind: 'in'; operand: Operand; list: Operand[] }
  | { kind: 'function'; name: string; path: Path; argument?: Operand }
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }

/** Reads a document path at the tokens' present place. */
export function readPath(tokens: Tokens, placeholders: Placeholders): Path {
  const path: Path = [readName(tokens, placeholders)]
  for (;;) {
    if (tokens.take('.')) path.push(readName(tokens, placeholders))
    else if (tokens.take('[')) {
      const index = tokens.next()
      if (index.kind !== 'number') throw tokens.error()
      path.push(Number(index.text))
      tokens.expect(']')
    } else return path
  }
}

function readName(tokens: Tokens, placeholders: Placeholders): string {
  const token = tokens.peek()
  if (token?.kind === 'name') return placeholders.name(tokens.what, tokens.next().text)
  if (token?.kind !== 'word') throw tokens.error()
  if (isReserved(token.text)) {
    throw validation(
      `Invalid ${tokens.what}: Attribute name is a reserved keyword; reserved keyword: ${token.text}`,
    )
  }
  return tokens.next().text
}

/** Two paths must not name the same place, nor one a place inside the other. */
export function refuseOverlaps(what: string, paths: readonly Path[]): void {
  for (const [index, one] of paths.entries()) {
    for (const other of paths.slice(index + 1)) {
      const length = Math.min(one.length, other.length)
      if (one.slice(0, length).join('\0') !== other.slice(0, length).join('\0')) continue
      const show = (path: Path) => `[${path.join(', ')}]`
      throw validation(
        `Invalid ${what}: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${show(one)}, path two: ${show(other)}`,
      )
    }
  }
}

const COMPARATORS = ['=', '<>', '<=', '>=', '<', '>']
const FUNCTIONS = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
]

/** Reads a condition, filter or key condition. */
export function parseCondition(
  what: string,
  expression: string,
  placeholders: Placeholders,
): Condition {
  const tokens = new Tokens(what, expression)
  const condition = readOr(tokens, placeholders)
  if (!tokens.ended) throw tokens.error()
  return condition
}

function readOr(tokens: Tokens, placeholders: Placeholders): Condition {
  let left = readAnd(tokens, placeholders)
  while (tokens.take('OR')) left = { kind: 'or', left, right: readAnd(tokens, placeholders) }
  return left
}

function readAnd(tokens: Tokens, placeholders: Placeholders): Condition {
  let left = readNot(tokens, placeholders)
  while (tokens.take('AND')) left = { kind: 'and', left, right: readNot(tokens, placeholders) }
  return left
}

function readNot(tokens: Tokens, placeholders: Placeholders): Condition {
  if (tokens.take('NOT')) return { kind: 'not', condition: readNot(tokens, placeholders) }
  if (tokens.peek()?.text === '(') return readParentheses(tokens, placeholders)
  return readFunction(tokens, placeholders) ?? readComparison(tokens, placeholders)
}

/** @throws ValidationException for parentheses directly within parentheses. */
function readParentheses(tokens: Tokens, placeholders: Placeholders): Condition {
  tokens.expect('(')
  const inner = tokens.peek()?.text === '(' ? tokens.closing() : undefined
  const condition = readOr(tokens, placeholders)
  if (inner !== undefined && inner === tokens.position) {
    throw validation(`Invalid ${tokens.what}: The expression has redundant parentheses;`)
  }
  tokens.expect(')')
  return condition
}

function readFunction(tokens: Tokens, placeholders: Placeholders): Condition | undefined {
  const token = tokens.peek()
  if (token?.kind !== 'word' || tokens.peek(1)?.text !== '(' || token.text === 'size')
    return undefined
  const name = tokens.next().text
  if (!FUNCTIONS.includes(name)) {
    throw validation(`Invalid ${tokens.what}: Invalid function name; function: ${name}`)
  }
  tokens.expect('(')
  const path = readPath(tokens, placeholders)
  if (!tokens.take(',')) {
    tokens.expect(')')
    return { kind: 'function', name, path }
  }
  const argument = readOperand(tokens, placeholders)
  tokens.expect(')')
  return { kind: 'function', name, path, argument }
}

function readComparison(tokens: Tokens, placeholders: Placeholders): Condition {
  const operand = readOperand(tokens, placeholders)
  if (tokens.take('BETWEEN')) {
    const low = readOperand(tokens, placeholders)
    tokens.expect('AND')
    return { kind: 'between', operand, low, high: readOperand(tokens, placeholders) }
  }
  if (tokens.take('IN')) {
    tokens.expect('(')
    const list = [readOperand(tokens, placeholders)]
    while (tokens.take(',')) list.push(readOperand(tokens, placeholders))
    tokens.expect(')')
    return { kind: 'in', operand, list }
  }
  const operator = COMPARATORS.find((symbol) => tokens.take(symbol))
  if (operator === undefined) throw tokens.error()
  return { kind: 'compare', operator, left: operand, right: readOperand(tokens, placeholders) }
}

/** A path, a `:value`, or `size(path)`. */
export function readOperand(tokens: Tokens, placeholders: Placeholders): Operand {
  const token = tokens.peek()
  if (token?.kind === 'value') {
    return { kind: 'value', value: placeholders.value(tokens.what, tokens.next().text) }
  }
  if (token?.kind === 'word' && token.text === 'size' && tokens.peek(1)?.text === '(') {
    tokens.next()
    tokens.expect('(')
    const path = readPath(tokens, placeholders)
    tokens.expect(')')
    return { kind: 'size', path }
  }
  return { kind: 'path', path: readPath(tokens, placeholders) }
}
