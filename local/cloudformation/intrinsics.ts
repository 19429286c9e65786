import { cidrBlocks } from './cidr.ts'
import { at, below, Unanswerable } from './template.ts'

/** What intrinsic functions read from their stack. */
export type Scope = {
  readonly region: string
  /** A parameter, a pseudo parameter or a resource. @throws Unanswerable */
  ref(name: string): unknown
  /** @throws Unanswerable */
  attribute(logicalId: string, name: string): unknown
  /** The value another stack exports. @throws Unanswerable */
  imported(name: string): unknown
  /** @throws Unanswerable */
  condition(name: string): boolean
  mapping(map: string, top: string, second: string): unknown
}

/** What `AWS::NoValue` is: the property or element that has it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue')

/**
 * A value with every intrinsic function in it answered.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 *
 * @param path where the value stands, for errors: `Statement[0].Resource`.
 * @throws TemplateError for a function that is not known, or cannot be answered.
 */
export function resolve(value: unknown, scope: Scope, path = ''): unknown {
  if (typeof value !== 'object' || value === null || isConstant(value)) return value
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolve(item, scope, below(path, index)))
      .filter((item) => item !== NO_VALUE)
  }
  const called = intrinsicOf(value)
  if (called !== undefined) return answer(called, scope, path)
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const resolved = resolve(item, scope, below(path, key))
    if (resolved !== NO_VALUE) result[key] = resolved
  }
  return result
}

const constants = new WeakMap<object, boolean>()

/** Whether a value can neither be changed nor calls a function: then it is its own answer. */
export function isConstant(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  const known = constants.get(value)
  if (known !== undefined) return known
  if (!Object.isFrozen(value)) return false
  const calls = !Array.isArray(value) && intrinsicOf(value) !== undefined
  const constant = !calls && Object.values(value).every(isConstant)
  constants.set(value, constant)
  return constant
}

type Intrinsic = { name: string; argument: unknown }

/** The function an object calls, if it does: it has one member, named like a function. */
export function intrinsicOf(value: object): Intrinsic | undefined {
  const [name, ...more] = Object.keys(value)
  if (name === undefined || more.length > 0) return undefined
  const argument = (value as Record<string, unknown>)[name]
  // A policy statement may consist of a Condition alone; then it is a structure.
  const isCondition = name === 'Condition' && typeof argument === 'string'
  return name === 'Ref' || name.startsWith('Fn::') || isCondition ? { name, argument } : undefined
}

function answer({ name, argument }: Intrinsic, scope: Scope, path: string): unknown {
  const own = OF_THE_STACK[name]
  const plain = OF_VALUES[name]
  if (own === undefined && plain === undefined) {
    throw at(path, `the function ${name} is not known to the local AWS`)
  }
  try {
    if (own !== undefined) return own(argument, scope, path)
    return plain?.(resolve(argument, scope, path) as never, scope)
  } catch (error) {
    if (error instanceof Unanswerable) throw at(path, error.message)
    // The functions below take their arguments as the reference says; others are wrong.
    if (error instanceof TypeError) {
      throw at(path, `${name} cannot take ${JSON.stringify(argument)}`)
    }
    throw error
  }
}

/** Functions that look their arguments up, or do not want all of them answered. */
const OF_THE_STACK: Record<string, (argument: unknown, scope: Scope, path: string) => unknown> = {
  Ref: (name, scope) => scope.ref(String(name)),
  Condition: (name, scope) => scope.condition(String(name)),
  'Fn::GetAtt': (argument, scope, path) => {
    const [id = '', ...name] = typeof argument === 'string' ? argument.split('.') : list(argument)
    return scope.attribute(String(id), name.map((part) => resolve(part, scope, path)).join('.'))
  },
  'Fn::If': (argument, scope, path) => {
    const [condition, yes, no] = list(argument)
    return resolve(scope.condition(String(condition)) ? yes : no, scope, path)
  },
  'Fn::Sub': (argument, scope, path) => {
    const [text, values] = typeof argument === 'string' ? [argument, {}] : list(argument)
    const given = resolve(values ?? {}, scope, path) as Record<string, unknown>
    return substitute(String(text), (name) => {
      if (Object.hasOwn(given, name)) return given[name]
      const [id = '', ...attribute] = name.split('.')
      return attribute.length > 0 ? scope.attribute(id, attribute.join('.')) : scope.ref(name)
    })
  },
  'Fn::FindInMap': (argument, scope, path) => {
    const [map, top, second, otherwise] = list(argument).map((part) => resolve(part, scope, path))
    const found = scope.mapping(String(map), String(top), String(second))
    const fallback = (otherwise as { DefaultValue?: unknown } | undefined)?.DefaultValue
    if (found !== undefined || fallback !== undefined) return found ?? fallback
    throw at(path, `the mapping ${map} has no ${top}, ${second}`)
  },
}

/** Functions of values alone. */
const OF_VALUES: Record<string, (argument: never, scope: Scope) => unknown> = {
  'Fn::ImportValue': (name: string, scope) => scope.imported(name),
  'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.map(String).join(separator),
  'Fn::Split': ([separator, text]: [string, string]) => text.split(separator),
  'Fn::Select': ([index, from]: [number | string, unknown[]]) => {
    const found = from[Number(index)]
    if (found === undefined) throw new TypeError('out of range')
    return found
  },
  'Fn::GetAZs': (region: string, scope) =>
    [...'abc'].map((letter) => `${region || scope.region}${letter}`),
  'Fn::Base64': (text: string) => Buffer.from(text).toString('base64'),
  'Fn::Cidr': ([block, count, bits]: [string, number, number]) =>
    cidrBlocks(block, Number(count), Number(bits)),
  'Fn::Length': (items: unknown[]) => items.length,
  'Fn::ToJsonString': (value: unknown) => JSON.stringify(value),
  'Fn::Equals': ([a, b]: [unknown, unknown]) => JSON.stringify(a) === JSON.stringify(b),
  'Fn::And': (all: boolean[]) => all.every((one) => one === true),
  'Fn::Or': (any: boolean[]) => any.some((one) => one === true),
  'Fn::Not': ([one]: [boolean]) => !one,
  'Fn::Contains': ([values, one]: [unknown[], unknown]) => values.includes(one),
}

const PLACEHOLDER = /\$\{(!?)([^}]+)\}/g

/** `${Name}` becomes what `lookup` gives for it; `${!Name}` stays, as `${Name}`. */
function substitute(text: string, lookup: (name: string) => unknown): string {
  return text.replaceAll(PLACEHOLDER, (_, literal: string, name: string) =>
    literal ? `\${${name}}` : String(lookup(name.trim())),
  )
}

/** The names of resources, parameters and attributes a `Fn::Sub` text looks up. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)]
    .filter(([, literal]) => !literal)
    .map(([, , name = '']) => name.trim())
}

function list(argument: unknown): unknown[] {
  if (!Array.isArray(argument)) throw new TypeError('a list is needed')
  return argument
}
