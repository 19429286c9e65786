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
    matches = compile(readJson(pattern))
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
  const node = readNode(root, [])
  if (combinations(node) > COMBINATIONS) {
    throw invalidPattern('Pattern has too many $or combinations; at most 1000 are allowed')
  }
  return (event) => isObject(event) && matchesNode(node, [event])
}

const tooLong = () =>
  validation(
    `1 validation error detected: Value at 'eventPattern' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST}`,
  )

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalidPattern(`${(error as Error).message}`)
  }
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
  return node
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
