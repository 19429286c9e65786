import { type AddressRange, addressRange, inRange, readCidr } from './address-range.ts'
import { invalidPattern } from './model.ts'
import { compileWildcard } from './wildcard.ts'

/** One member of a pattern's array. */
export type Leaf =
  | { kind: 'exists'; exists: boolean }
  | { kind: 'value'; matches(value: unknown): boolean }

const value = (matches: (value: unknown) => boolean): Leaf => ({ kind: 'value', matches })

/** Numbers a pattern may name: -5e9 to 5e9, with six digits after the point. */
const LARGEST = 5_000_000_000

/** Reads one member of a pattern's array: a plain value or one operator. */
export function parseMatcher(member: unknown): Leaf {
  if (typeof member !== 'object' || member === null) return value(plain(member))
  if (Array.isArray(member)) {
    throw invalidPattern('Match value must be String, number, true, false, or null')
  }
  const [[operator, operand] = [], ...others] = Object.entries(member)
  if (operator === undefined) throw invalidPattern('Match expression name not found')
  const read = READERS[operator]
  if (read === undefined) throw invalidPattern(`Unrecognized match type ${operator}`)
  const leaf = read(operand)
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression')
  return leaf
}

const READERS: Record<string, (operand: unknown) => Leaf> = {
  exists: (operand) => {
    if (typeof operand !== 'boolean')
      throw invalidPattern('exists match pattern must be either true or false.')
    return { kind: 'exists', exists: operand }
  },
  prefix: (operand) => value(affix('prefix', operand)),
  suffix: (operand) => value(affix('suffix', operand)),
  'equals-ignore-case': (operand) => value(ignoringCase(operand)),
  wildcard: (operand) => value(wildcard(operand)),
  numeric: (operand) => value(numeric(operand)),
  cidr: (operand) => value(cidr(operand)),
  'anything-but': (operand) => value(anythingBut(operand)),
}

type Test = (value: unknown) => boolean

/** The value itself; an IP address in any of its spellings. */
function plain(member: unknown): Test {
  const range = typeof member === 'string' ? addressRange(member) : undefined
  return range === undefined ? (one) => one === member : within(range)
}

function affix(kind: 'prefix' | 'suffix', operand: unknown): Test {
  const folded = ignoreCaseOperand(kind, operand)
  const text = folded ?? operand
  if (typeof text !== 'string') throw invalidPattern(`${kind} match pattern must be a string`)
  const fold = folded === undefined ? (one: string) => one : (one: string) => one.toLowerCase()
  const wanted = fold(text)
  return (one) =>
    typeof one === 'string' &&
    (kind === 'prefix' ? fold(one).startsWith(wanted) : fold(one).endsWith(wanted))
}

/** `{ "prefix": { "equals-ignore-case": "x" } }` */
function ignoreCaseOperand(kind: 'prefix' | 'suffix', operand: unknown): string | undefined {
  if (typeof operand !== 'object' || operand === null || Array.isArray(operand)) return undefined
  const [[key, text] = [], ...others] = Object.entries(operand)
  const Kind = kind === 'prefix' ? 'Prefix' : 'Suffix'
  if (key === undefined) throw invalidPattern(`${Kind} expression name not found`)
  if (key !== 'equals-ignore-case') throw invalidPattern(`Unsupported ${kind} pattern: ${key}`)
  if (typeof text !== 'string') {
    throw invalidPattern('equals-ignore-case match pattern must be a string')
  }
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression')
  return text
}

function ignoringCase(operand: unknown): Test {
  if (typeof operand !== 'string')
    throw invalidPattern('equals-ignore-case match pattern must be a string')
  const wanted = operand.toLowerCase()
  return (one) => typeof one === 'string' && one.toLowerCase() === wanted
}

function wildcard(operand: unknown): Test {
  if (typeof operand !== 'string') throw invalidPattern('wildcard match pattern must be a string')
  const matches = compileWildcard(operand)
  return (one) => typeof one === 'string' && matches(one)
}

function cidr(operand: unknown): Test {
  if (typeof operand !== 'string') throw invalidPattern('prefix match pattern must be a string')
  return within(readCidr(operand))
}

const within =
  (range: AddressRange): Test =>
  (one) =>
    typeof one === 'string' && inRange(range, one)

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** `[ ">", 0, "<=", 5 ]`: one comparison, or a lower and then an upper bound. */
function numeric(operand: unknown): Test {
  if (!Array.isArray(operand)) throw invalidPattern('Value of numeric must be an array.')
  const [operator, bound, second, upper, ...rest] = operand as unknown[]
  if (typeof operator !== 'string') {
    throw invalidPattern(`Invalid member in numeric match: ${operator ?? ']'}`)
  }
  const first = comparison(operator, bound)
  if (operand.length === 2) return (one) => typeof one === 'number' && first(one)
  if (operator !== '>' && operator !== '>=') {
    throw invalidPattern('Too many elements in numeric expression')
  }
  if (second !== '<' && second !== '<=') {
    const what =
      typeof second === 'string' ? 'Bad numeric range operator' : 'Bad value in numeric range'
    throw invalidPattern(`${what}: ${second}`)
  }
  const last = comparison(second, upper)
  if (rest.length > 0) throw invalidPattern('Too many terms in numeric range expression')
  if (Number(bound) >= Number(upper)) throw invalidPattern('Bottom must be less than top')
  return (one) => typeof one === 'number' && first(one) && last(one)
}

function comparison(operator: string, bound: unknown): (one: number) => boolean {
  const compare = COMPARISONS[operator]
  if (compare === undefined) {
    throw invalidPattern(`Unrecognized numeric range operator: ${operator}`)
  }
  if (typeof bound !== 'number') {
    throw invalidPattern(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`)
  }
  checkRange(bound)
  return (one) => compare(one, bound)
}

function checkRange(value: number): void {
  if (Math.abs(value) <= LARGEST) return
  throw invalidPattern('Value must be between -5.0E9 and 5.0E9, inclusive')
}

/** Anything, of any type, except these: values, or texts by one of the operators below. */
function anythingBut(operand: unknown): Test {
  if (typeof operand !== 'object' || operand === null) return exceptValues([scalar(operand)])
  if (Array.isArray(operand)) return exceptValues(operand)
  const [[operator, inner] = [], ...others] = Object.entries(operand)
  if (operator === undefined) throw invalidPattern('Anything-But expression name not found')
  const exception = EXCEPTIONS[operator]
  if (exception === undefined) throw invalidPattern(`Unsupported anything-but pattern: ${operator}`)
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression')
  const tests = (Array.isArray(inner) ? inner : [scalar(inner)]).map((text) => {
    if (typeof text !== 'string') throw invalidPattern(exception.onlyText)
    if (text === '' && exception.notEmpty) throw invalidPattern('Null prefix/suffix not allowed')
    return exception.read(text)
  })
  return (one) => !tests.some((test) => test(one))
}

type Exception = { read: (text: string) => Test; onlyText: string; notEmpty?: boolean }

const AFFIX_TEXT = 'prefix/suffix match pattern must be a string'

const EXCEPTIONS: Record<string, Exception> = {
  prefix: { read: (text) => affix('prefix', text), onlyText: AFFIX_TEXT, notEmpty: true },
  suffix: { read: (text) => affix('suffix', text), onlyText: AFFIX_TEXT, notEmpty: true },
  'equals-ignore-case': {
    read: ignoringCase,
    onlyText:
      'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  },
  wildcard: { read: wildcard, onlyText: 'wildcard match pattern must be a string' },
}

function scalar(value: unknown): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  throw invalidPattern('Value of anything-but must be an array or single string/number value.')
}

function exceptValues(list: readonly unknown[]): Test {
  const types = new Set(list.map((one) => typeof one))
  if ([...types].some((type) => type !== 'string' && type !== 'number')) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.')
  }
  if (types.size !== 1) {
    throw invalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    )
  }
  for (const one of list) if (typeof one === 'number') checkRange(one)
  return (one) => !list.includes(one)
}
