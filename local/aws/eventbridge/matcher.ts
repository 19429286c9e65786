import { cidrContains, parseCidr } from './cidr.ts'
import { invalidPattern } from './pattern.ts'
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
  if (typeof member === 'string' || member === null || typeof member === 'boolean') {
    return value((one) => one === member)
  }
  if (typeof member === 'number') return value((one) => one === member)
  if (Array.isArray(member))
    throw invalidPattern('Match value must be String, number, true, false, or null')
  const entries = Object.entries(member as object)
  const [first] = entries
  if (first === undefined) throw invalidPattern('Empty match expression')
  if (entries.length > 1) throw invalidPattern('Only one key allowed in match expression')
  const [operator, operand] = first
  const read = READERS[operator]
  if (read === undefined) throw invalidPattern(`Unrecognized match type ${operator}`)
  return read(operand)
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

function affix(kind: 'prefix' | 'suffix', operand: unknown): Test {
  const folded = ignoreCaseOperand(kind, operand)
  const text = folded ?? operand
  if (typeof text !== 'string') throw invalidPattern(`${kind} match pattern must be a string`)
  if (text === '' && folded !== undefined) throw invalidPattern(`Null prefix/suffix not allowed`)
  const fold = folded === undefined ? (one: string) => one : (one: string) => one.toLowerCase()
  const wanted = fold(text)
  return (one) =>
    typeof one === 'string' &&
    (kind === 'prefix' ? fold(one).startsWith(wanted) : fold(one).endsWith(wanted))
}

/** `{ "prefix": { "equals-ignore-case": "x" } }` */
function ignoreCaseOperand(kind: string, operand: unknown): string | undefined {
  if (typeof operand !== 'object' || operand === null || Array.isArray(operand)) return undefined
  const [[key, text] = [], ...others] = Object.entries(operand)
  if (key !== 'equals-ignore-case' || others.length > 0) {
    throw invalidPattern(`Unsupported ${kind} match pattern: ${key ?? '{}'}`)
  }
  if (typeof text !== 'string')
    throw invalidPattern('equals-ignore-case match pattern must be a string')
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
  const range = parseCidr(operand)
  if (range === undefined) throw invalidPattern(`Malformed CIDR, one '/' required`)
  return (one) => typeof one === 'string' && cidrContains(range, one)
}

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
  if (operand.length === 0) throw invalidPattern('Invalid member in numeric match: ]')
  const [operator, bound, second, upper, ...rest] = operand
  const first = comparison(operator, bound)
  if (operand.length === 2) return (one) => typeof one === 'number' && first(one)
  if (operand.length < 2) throw invalidPattern('Value of numeric must be a number.')
  if (rest.length > 0) throw invalidPattern('Too many terms in numeric range')
  if (!['>', '>='].includes(operator))
    throw invalidPattern(`Bad numeric range operator: ${operator}`)
  if (!['<', '<='].includes(second)) throw invalidPattern(`Bad numeric range operator: ${second}`)
  const last = comparison(second, upper)
  if (bound >= upper) throw invalidPattern('Bottom must be less than top')
  return (one) => typeof one === 'number' && first(one) && last(one)
}

function comparison(operator: unknown, bound: unknown): (one: number) => boolean {
  if (typeof operator !== 'string')
    throw invalidPattern(`Invalid member in numeric match: ${operator}`)
  const compare = COMPARISONS[operator]
  if (compare === undefined)
    throw invalidPattern(`Unrecognized numeric range operator: ${operator}`)
  if (typeof bound !== 'number') throw invalidPattern('Value of equals must be numeric')
  if (Math.abs(bound) > LARGEST) {
    throw invalidPattern(`Value must be between -5.0E9 and 5.0E9, inclusive`)
  }
  return (one) => compare(one, bound)
}

/** Anything, of any type, except these. */
function anythingBut(operand: unknown): Test {
  const list = Array.isArray(operand) ? operand : [operand]
  if (Array.isArray(operand)) {
    if (list.length === 0) throw invalidPattern('Empty arrays are not allowed')
    return exceptValues(list)
  }
  if (typeof operand !== 'object' || operand === null) return exceptValues(list)
  const [[kind, inner] = [], ...others] = Object.entries(operand)
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression')
  const texts = Array.isArray(inner) ? inner : [inner]
  if (texts.length === 0) throw invalidPattern('Empty arrays are not allowed')
  const read = EXCEPTIONS[kind ?? '']
  if (read === undefined) throw invalidPattern(`Unsupported anything-but pattern: ${kind ?? '{}'}`)
  const tests = texts.map((text) => {
    const test = read(text)
    if (text === '') throw invalidPattern(`Null prefix/suffix not allowed`)
    return test
  })
  return (one) => !tests.some((test) => test(one))
}

const EXCEPTIONS: Record<string, (operand: unknown) => Test> = {
  prefix: (operand) => affix('prefix', operand),
  suffix: (operand) => affix('suffix', operand),
  'equals-ignore-case': ignoringCase,
  wildcard,
}

function exceptValues(list: readonly unknown[]): Test {
  const types = new Set(list.map((one) => typeof one))
  if (types.size > 1 || !(types.has('string') || types.has('number'))) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.')
  }
  return (one) => !list.includes(one)
}
