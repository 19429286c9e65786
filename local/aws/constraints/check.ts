import type { Guard } from '../aws.ts'
import { expression } from './expression.ts'
import { refuseReservedTags } from './reserved-tags.ts'
import { CONSTRAINTS, type ShapeRule, type Violation } from './rules.ts'
import { refusal } from './words.ts'

/** A rule, with the rules that it refers to in place of their names. */
type Rule = Omit<ShapeRule, 'member' | 'key' | 'value' | 'members' | 'pattern'> & {
  member?: Rule
  key?: Rule
  value?: Rule
  members: { name: string; rule: Rule | undefined; required: boolean }[]
  /** AWS's own text, and what it means here. */
  pattern?: string
  matches?: RegExp
}

type Place = { above: Place | undefined; name: string | number }

const known = new Map<string, Map<string, Rule>>()

/**
 * Refuses a call whose input lacks a required member or breaks a constraint of AWS's model:
 * `aws.guards.push(constraints)`.
 *
 * @throws AwsError naming every such member, in the words of the service.
 */
export const constraints: Guard = ({ service, operation, input, caller }) => {
  const found = violations(service, operation, input)
  const stack = caller.kind === 'cloudformation'
  if (!stack && caller.kind !== 'aws') refuseReservedTags(service, input)
  if (found.length === 0) return
  const refused = found.filter((one) => !(saysItself(service, one) || (stack && isOfStack(one))))
  if (refused.length > 0) throw refusal(service, refused)
}

/** What has an error of its own: SQS's unknown attributes, EC2's unknown instance types. */
const saysItself = (service: string, { value, path }: Violation): boolean =>
  (service === 'sqs' && value !== null) || (service === 'ec2' && path.startsWith('instanceType'))

/** Only AWS may give tags that begin with `aws:`; those of stacks do. */
const isOfStack = ({ value }: Violation): boolean =>
  typeof value === 'string' && value.startsWith('aws:cloudformation:')

/** Everything about an input that AWS's model does not allow, in the model's order. */
export function violations(service: string, operation: string, input: object): Violation[] {
  const rule = inputRule(service, operation)
  const found: Violation[] = []
  if (rule !== undefined) visit(rule, input, undefined, found)
  return found
}

function inputRule(service: string, operation: string): Rule | undefined {
  const shape = CONSTRAINTS.services[service]?.operations[operation]
  return shape === undefined ? undefined : ruleOf(service, shape)
}

/** Shapes may hold themselves: a rule is known before what it refers to is. */
function ruleOf(service: string, shape: string): Rule {
  const rules = known.get(service) ?? new Map<string, Rule>()
  known.set(service, rules)
  const before = rules.get(shape)
  if (before !== undefined) return before
  const written = CONSTRAINTS.services[service]?.shapes[shape]
  if (written === undefined) throw new Error(`The constraints of ${service} have no ${shape}`)
  const { member, key, value, members = {}, required = [], pattern, ...plain } = written
  const rule: Rule = { ...plain, members: [] }
  rules.set(shape, rule)
  if (member !== undefined) rule.member = ruleOf(service, member)
  if (key !== undefined) rule.key = ruleOf(service, key)
  if (value !== undefined) rule.value = ruleOf(service, value)
  for (const name of new Set([...required, ...Object.keys(members)])) {
    const below = members[name]
    rule.members.push({
      name,
      rule: below === undefined ? undefined : ruleOf(service, below),
      required: required.includes(name),
    })
  }
  if (pattern !== undefined) Object.assign(rule, { pattern, matches: expression(pattern) })
  return rule
}

function visit(rule: Rule, value: unknown, place: Place | undefined, found: Violation[]): void {
  if (value === undefined || value === null) return
  if (rule.type === 'structure') visitMembers(rule, value, place, found)
  else if (rule.type === 'list') visitItems(rule, value, place, found)
  else if (rule.type === 'map') visitEntries(rule, value, place, found)
  else visitScalar(rule, value, place, found)
}

function visitScalar(rule: Rule, value: unknown, place: Place | undefined, found: Violation[]) {
  if (isFine(rule, value)) return
  for (const { text, holds } of constraintsOf(rule)) {
    if (!holds(value)) add(found, rule, value, place, text)
  }
}

function visitMembers(
  { members }: Rule,
  value: unknown,
  place: Place | undefined,
  found: Violation[],
) {
  if (typeof value !== 'object') return
  const given = value as Record<string, unknown>
  for (const { name, rule, required } of members) {
    const item = given[name]
    if (item !== undefined && item !== null) {
      if (rule !== undefined) visit(rule, item, { above: place, name }, found)
    } else if (required) {
      add(found, undefined, null, { above: place, name }, 'Member must not be null')
    }
  }
}

function visitItems(
  list: Rule,
  value: unknown,
  place: Place | undefined,
  found: Violation[],
): void {
  if (!Array.isArray(value)) return
  checkLength(list, value, value.length, place, found)
  const { member } = list
  if (member === undefined) return
  if (isScalar(member)) {
    if (value.every((item) => isFine(member, item))) return
    const text = `Member must satisfy constraint: [${textsOf(member)}]`
    add(found, member, value, place, text)
    return
  }
  for (const [index, item] of value.entries()) {
    visit(member, item, { above: { above: place, name: index + 1 }, name: 'member' }, found)
  }
}

function visitEntries(
  map: Rule,
  value: unknown,
  place: Place | undefined,
  found: Violation[],
): void {
  if (typeof value !== 'object' || value === null) return
  const given = value as Record<string, unknown>
  const keys = Object.keys(given)
  checkLength(map, value, keys.length, place, found)
  const { key, value: item } = map
  if (key !== undefined && !keys.every((one) => isFine(key, one))) {
    add(found, key, value, place, `Map keys must satisfy constraint: [${textsOf(key)}]`)
  }
  if (item === undefined) return
  if (isScalar(item)) {
    if (keys.every((one) => isFine(item, given[one]))) return
    add(found, item, value, place, `Map value must satisfy constraint: [${textsOf(item)}]`)
    return
  }
  for (const one of keys) {
    visit(item, given[one], { above: { above: place, name: one }, name: 'member' }, found)
  }
}

function checkLength(
  rule: Rule,
  value: object,
  length: number,
  place: Place | undefined,
  found: Violation[],
): void {
  const { min, max } = rule
  if (max !== undefined && length > max) add(found, rule, value, place, atMost('length', max))
  if (min !== undefined && length < min) add(found, rule, value, place, atLeast('length', min))
}

const isScalar = ({ type }: Rule): boolean =>
  type === 'string' || type === 'number' || type === 'blob'

/** The same as its constraints say, without making them. */
function isFine(rule: Rule, value: unknown): boolean {
  const size = sizeOf(value)
  if (size === undefined) return true
  const { min, max, matches } = rule
  if (max !== undefined && size > max) return false
  if (min !== undefined && size < min) return false
  if (rule.enum !== undefined && !rule.enum.includes(value as string)) return false
  return matches === undefined || typeof value !== 'string' || matches.test(value)
}

type Constraint = { text: string; holds(value: unknown): boolean }

function constraintsOf(rule: Rule): Constraint[] {
  const { enum: values, pattern, matches, min, max } = rule
  const what = rule.type === 'number' ? 'value' : 'length'
  const list: Constraint[] = []
  if (values !== undefined) {
    const text = `Member must satisfy enum value set: [${values.join(', ')}]`
    list.push({ text, holds: (value) => values.includes(value as string) })
  }
  if (matches !== undefined) {
    const text = `Member must satisfy regular expression pattern: ${pattern}`
    list.push({ text, holds: (value) => matches.test(value as string) })
  }
  if (max !== undefined) {
    list.push({ text: atMost(what, max), holds: (value) => (sizeOf(value) ?? max) <= max })
  }
  if (min !== undefined) {
    list.push({ text: atLeast(what, min), holds: (value) => (sizeOf(value) ?? min) >= min })
  }
  return list
}

const textsOf = (rule: Rule): string =>
  constraintsOf(rule)
    .map(({ text }) => text)
    .join(', ')

const atMost = (what: string, most: number): string =>
  `Member must have ${what} less than or equal to ${most}`
const atLeast = (what: string, least: number): string =>
  `Member must have ${what} greater than or equal to ${least}`

/** Undefined for what has another type than its shape: that is no matter of constraints. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  return undefined
}

function add(
  found: Violation[],
  rule: Rule | undefined,
  value: unknown,
  place: Place | undefined,
  constraint: string,
): void {
  found.push({ path: pathOf(place), value, constraint, sensitive: rule?.sensitive === true })
}

function pathOf(place: Place | undefined): string {
  const names: string[] = []
  for (let at = place; at !== undefined; at = at.above) {
    const isMember = typeof at.name === 'string'
    names.unshift(isMember ? uncapitalized(at.name as string) : String(at.name))
  }
  return names.join('.')
}

const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
