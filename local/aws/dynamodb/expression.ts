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

/** The names and values an expression may use, and which of them it has used. */
export class Placeholders {
  readonly #names: Record<string, string>
  readonly #values: Record<string, AttributeValue>
  readonly #used = new Set<string>()

  constructor(
    names: Record<string, string> | undefined,
    values: Record<string, AttributeValue> | undefined,
  ) {
    this.#names = names ?? {}
    this.#values = values ?? {}
  }

  name(what: string, placeholder: string): string {
    const name = this.#names[placeholder]
    if (name === undefined) {
      throw validation(
        `Invalid ${what}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      )
    }
    this.#used.add(placeholder)
    return name
  }

  value(what: string, placeholder: string): AttributeValue {
    const value = this.#values[placeholder]
    if (value === undefined) {
      throw validation(
        `Invalid ${what}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      )
    }
    this.#used.add(placeholder)
    return value
  }

  /** @throws ValidationException for a name or value that no expression used. */
  finish(): void {
    const unused = (all: object) => Object.keys(all).filter((key) => !this.#used.has(key))
    const names = unused(this.#names)
    if (names.length > 0) {
      throw validation(
        `Value provided in ExpressionAttributeNames unused in expressions: keys: {${names.join(', ')}}`,
      )
    }
    const values = unused(this.#values)
    if (values.length > 0) {
      throw validation(
        `Value provided in ExpressionAttributeValues unused in expressions: keys: {${values.join(', ')}}`,
      )
    }
  }
}

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
  if (tokens.take('(')) {
    const condition = readOr(tokens, placeholders)
    tokens.expect(')')
    return condition
  }
  return readFunction(tokens, placeholders) ?? readComparison(tokens, placeholders)
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
