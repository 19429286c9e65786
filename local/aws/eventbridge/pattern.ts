import { malformed } from './json-text.ts'
import { type Leaf, parseMatcher } from './matcher.ts'
import { invalidPattern, validation } from './model.ts'

/** A compiled pattern: fields to match, all of them; `or` lists alternatives of such fields. */
type Node = { fields: Map<string, Field>; or: Node[][] }
type Field = { kind: 'leaf'; matchers: Leaf[] } | { kind: 'object'; node: Node }

/** The longest pattern text the API takes, of a rule or a test. */
const LONGEST = 4096

/** `$or` may not unfold into more rules than this. */
const COMBINATIONS = 1000

/**
 * Compiles an event pattern.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 *
 * @param pattern the pattern as JSON text or as the object it stands for.
 * @throws AwsError InvalidEventPatternException for what AWS refuses.
 */
export function compilePattern(pattern: string | object): (event: unknown) => boolean {
  if (typeof pattern !== 'string') return compile(pattern)
  if (pattern.length > LONGEST) throw tooLong()
  let matches = compiled.get(pattern)
  if (matches === undefined) {
    const root = readJson(pattern)
    // The parser has read the first token by then.
    if (!isObject(root)) throw invalidPattern(`Filter is not an object${place(pattern, 2)}`)
    matches = compile(root)
    if (compiled.size >= MOST_COMPILED) compiled.clear()
    compiled.set(pattern, matches)
  }
  return matches
}

/** An environment has some dozen; pollers ask for theirs at every poll. */
const MOST_COMPILED = 500

const compiled = new Map<string, (event: unknown) => boolean>()

function compile(root: unknown): (event: unknown) => boolean {
  if (!isObject(root)) throw invalidPattern('Filter is not an object')
  const node = readNode(withoutDots(root), [])
  if (combinations(node) > COMBINATIONS) {
    throw invalidPattern('Pattern has too many $or combinations; at most 1000 are allowed')
  }
  return (event) => isObject(event) && matchesNode(node, [withoutDots(event)])
}

const tooLong = () =>
  validation(
    `1 validation error detected: Value at 'eventPattern' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST}`,
  )

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const { reason, column } = malformed(text)
    throw invalidPattern(`${reason}${place(text, column)}`)
  }
}

/** Where the parser was. */
const place = (text: string, column: number): string =>
  `\n at [Source: (String)${JSON.stringify(text)}; line: 1, column: ${column}]`

const undotted = new WeakMap<object, Record<string, unknown>>()

/** A name with dots is the path of the names between them: `a.b` and `b` in `a` are one field. */
function withoutDots(object: Record<string, unknown>): Record<string, unknown> {
  let plain = undotted.get(object)
  if (plain === undefined) {
    plain = hasDots(object) ? (nested(object) as Record<string, unknown>) : object
    undotted.set(object, plain)
  }
  return plain
}

function hasDots(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasDots)
  if (!isObject(value)) return false
  for (const name in value) if (name.includes('.') || hasDots(value[name])) return true
  return false
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested)
  if (!isObject(value)) return value
  const result: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    const names = name.split('.')
    const last = names.pop() ?? ''
    let place = result
    for (const one of names) {
      const below = place[one]
      const object = isObject(below) ? below : {}
      place[one] = object
      place = object
    }
    const before = place[last]
    const made = nested(item)
    place[last] = isObject(before) && isObject(made) ? { ...before, ...made } : made
  }
  return result
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readNode(object: Record<string, unknown>, path: string[]): Node {
  if (Object.keys(object).length === 0) throw invalidPattern('Empty objects are not allowed')
  const node: Node = { fields: new Map(), or: [] }
  for (const [name, value] of Object.entries(object)) {
    if (name === '$or' && isAlternatives(value)) {
      node.or.push(value.map((one) => readNode(one, path)))
    } else node.fields.set(name, readField(name, value, path))
  }
  return withoutReplaced(node)
}

/** A field that an alternative of `$or` names too is that alternative's there. */
function withoutReplaced(node: Node): Node {
  if (node.or.length === 0) return node
  const named = new Set(node.or.flat().flatMap(({ fields }) => [...fields.keys()]))
  const both = [...node.fields].filter(([name]) => named.has(name))
  if (both.length === 0) return node
  for (const [name] of both) node.fields.delete(name)
  const or = node.or.map((alternatives) => {
    const replaces = alternatives.some(({ fields }) => both.some(([name]) => fields.has(name)))
    if (!replaces) return alternatives
    return alternatives.map(({ fields, or: inner }) => ({
      fields: new Map([...both, ...fields]),
      or: inner,
    }))
  })
  return { fields: node.fields, or }
}

/** `$or` is the operator only with two or more objects in it; else it is a field of that name. */
function isAlternatives(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every(isObject) &&
    !value.some((one) => Object.keys(one).some((key) => OPERATORS.has(key)))
  )
}

const OPERATORS = new Set([
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'cidr',
  'exists',
  'equals-ignore-case',
  'wildcard',
])

function readField(name: string, value: unknown, path: string[]): Field {
  if (isObject(value)) return { kind: 'object', node: readNode(value, [...path, name]) }
  if (!Array.isArray(value)) {
    throw invalidPattern(`"${name}" must be an object or an array`)
  }
  if (value.length === 0) throw invalidPattern('Empty arrays are not allowed')
  return { kind: 'leaf', matchers: value.map((one) => parseMatcher(one)) }
}

function combinations({ fields, or }: Node): number {
  let product = 1
  for (const alternatives of or) {
    product *= alternatives.reduce((sum, one) => sum + combinations(one), 0)
  }
  for (const field of fields.values()) {
    if (field.kind === 'object') product *= combinations(field.node)
  }
  return product
}

/**
 * Whether one of these objects (the elements of an array, or one object alone) matches as a whole:
 * fields of different elements never add up to a match.
 */
function matchesNode(node: Node, candidates: Record<string, unknown>[]): boolean {
  return candidates.some((candidate) => {
    for (const [name, field] of node.fields) {
      if (!matchesField(field, candidate, name)) return false
    }
    return node.or.every((alternatives) =>
      alternatives.some((one) => matchesNode(one, [candidate])),
    )
  })
}

function matchesField(field: Field, candidate: Record<string, unknown>, name: string): boolean {
  const present = Object.hasOwn(candidate, name)
  const value = candidate[name]
  if (field.kind === 'leaf') return matchesLeaf(field.matchers, present, value)
  const objects = flatten(value).filter(isObject)
  // What is absent can still be asked not to exist.
  return matchesNode(field.node, objects.length > 0 ? objects : [{}])
}

function matchesLeaf(matchers: readonly Leaf[], present: boolean, value: unknown): boolean {
  // Most rules are left by their first field, which is plain: `source`.
  if (present && typeof value !== 'object') {
    return matchers.some((one) => (one.kind === 'exists' ? one.exists : one.matches(value)))
  }
  const values = present ? flatten(value).filter((one) => !isObject(one)) : []
  return matchers.some((matcher) =>
    matcher.kind === 'exists'
      ? matcher.exists === values.length > 0
      : values.some((one) => matcher.matches(one)),
  )
}

/** The elements of an array, however deep; a plain value alone. */
function flatten(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(flatten) : [value]
}
