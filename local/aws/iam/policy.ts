import { AwsError } from '../errors.ts'
import { type Condition, parseConditions } from './conditions.ts'
import { malformed } from './errors.ts'

/** A statement as it was written, taken apart. */
export type Statement = {
  effect: 'Allow' | 'Deny'
  actions: Elements
  resources: Elements
  principals: readonly Principal[]
  conditions: readonly Condition[]
}

/** What an element lists, or with `Not`, everything else. */
export type Elements = { not: boolean; patterns: readonly string[] }

export type Principal = { kind: 'AWS' | 'Service' | 'Federated' | '*'; name: string }

export type Policy = { name: string; statements: readonly Statement[] }

/**
 * A policy of a role says what it may do, its trust policy who may take it on, a resource's own
 * policy who may do what with it.
 */
type PolicyKind = 'identity' | 'trust' | 'resource'

type Source = Record<string, unknown>

const ELEMENTS: Readonly<Record<PolicyKind, readonly string[]>> = {
  identity: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  trust: ['Sid', 'Effect', 'Action', 'NotAction', 'Principal', 'Condition'],
  resource: [
    'Sid',
    'Effect',
    'Action',
    'NotAction',
    'Principal',
    'Resource',
    'NotResource',
    'Condition',
  ],
}

/**
 * Reads a policy document.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 *
 * @throws AwsError MalformedPolicyDocument, in IAM's words where they are known.
 */
export function parsePolicy(name: string, document: string, kind: PolicyKind): Policy {
  const key = `${kind} ${name} ${document}`
  let policy = parsed.get(key)
  if (policy === undefined) {
    policy = parse(name, document, kind)
    if (parsed.size >= MOST_PARSED) parsed.clear()
    parsed.set(key, policy)
  }
  return policy
}

/** Policies do not change once they are read, and every simulation of a process has the same ones. */
const parsed = new Map<string, Policy>()

/** An environment has some hundred. */
const MOST_PARSED = 2000

function parse(name: string, document: string, kind: PolicyKind): Policy {
  const source = parseJson(document)
  const { Version, Statement: statements } = source
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string')
  }
  const unknown = Object.keys(source).find((key) => !/^(Version|Id|Statement)$/.test(key))
  if (unknown !== undefined || statements === undefined) throw malformed('Syntax errors in policy.')
  return { name, statements: list(statements).map((one) => statement(record(one), kind)) }
}

function statement(source: Source, kind: PolicyKind): Statement {
  const unknown = Object.keys(source).find((key) => !ELEMENTS[kind].includes(key))
  if (unknown !== undefined) throw malformed(`Has prohibited field ${unknown}`)
  const { Effect, Condition } = source
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('Syntax errors in policy.')
  const actions = elements(source, 'Action')
  for (const action of actions.patterns) {
    if (action !== '*' && !/^[\w*?-]+:[\w*?]+$/.test(action)) {
      throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.`)
    }
  }
  return {
    effect: Effect,
    actions,
    resources: kind === 'trust' ? { not: false, patterns: ['*'] } : elements(source, 'Resource'),
    principals: kind === 'identity' ? [] : principals(source.Principal),
    conditions: parseConditions(Condition === undefined ? {} : record(Condition)),
  }
}

function elements(source: Source, name: 'Action' | 'Resource'): Elements {
  const { [name]: listed, [`Not${name}`]: excluded } = source
  if ((listed === undefined) === (excluded === undefined)) {
    throw malformed(`Policy statement must contain ${name.toLowerCase()}s.`)
  }
  return { not: excluded !== undefined, patterns: list(listed ?? excluded).map(text) }
}

function principals(source: unknown): Principal[] {
  if (source === '*') return [{ kind: '*', name: '*' }]
  return Object.entries(record(source)).flatMap(([kind, names]) => {
    if (kind !== 'AWS' && kind !== 'Service' && kind !== 'Federated') {
      throw malformed(`Invalid principal in policy: "${kind}"`)
    }
    // `{ "AWS": "*" }` is everybody, like `"*"`, services too.
    return list(names).map((name) => ({ kind: name === '*' ? '*' : kind, name: text(name) }))
  })
}

function parseJson(document: string): Source {
  try {
    return record(JSON.parse(document) as unknown)
  } catch (error) {
    if (error instanceof AwsError) throw error
    throw malformed('Syntax errors in policy.')
  }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

function record(value: unknown): Source {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Source
  throw malformed('Syntax errors in policy.')
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw malformed('Syntax errors in policy.')
}
