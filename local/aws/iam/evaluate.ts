import { meets } from './conditions.ts'
import type { Elements, Policy, Principal, Statement } from './policy.ts'
import { type Context, resolveVariables } from './variables.ts'
import { matchesArn, matchesWildcard } from './wildcard.ts'

/** What someone wants to do. `resource` is an ARN, or `*` for an action that knows no resources. */
type Request = { action: string; resource: string; context: Context }

/** The place in a policy that allowed a request: positions in the document. */
export type Grant = { policy: string; statement: number; action: number; resource: number }

type Decision =
  | { allowed: true; by: readonly Grant[] }
  /** `why` ends AWS's own sentence: `… is not authorized to perform: … <why>`. */
  | { allowed: false; why: string }

/**
 * IAM's decision on a request: an explicit deny wins, then something must allow it, and so must
 * the permissions boundary if there is one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(
  policies: readonly Policy[],
  boundary: Policy | undefined,
  request: Request,
): Decision {
  const { action } = request
  const boundaries = boundary === undefined ? [] : [boundary]
  if (matches(policies, 'Deny', request).length > 0) {
    return { allowed: false, why: 'with an explicit deny in an identity-based policy' }
  }
  if (matches(boundaries, 'Deny', request).length > 0) {
    return { allowed: false, why: 'with an explicit deny in a permissions boundary' }
  }
  if (boundary !== undefined && matches(boundaries, 'Allow', request).length === 0) {
    return { allowed: false, why: `because no permissions boundary allows the ${action} action` }
  }
  const by = matches(policies, 'Allow', request)
  if (by.length > 0) return { allowed: true, by }
  return { allowed: false, why: `because no identity-based policy allows the ${action} action` }
}

/** Whether a policy that names principals lets this one do what it wants. */
export function permits(policy: Policy, principal: Principal, request: Request): boolean {
  const about = [partAbout(policy, principal)]
  return matches(about, 'Deny', request).length === 0 && matches(about, 'Allow', request).length > 0
}

const parts = new WeakMap<Policy, Map<string, Policy>>()

/** The statements that name a principal; made once, as policies do not change. */
function partAbout(policy: Policy, { kind, name }: Principal): Policy {
  const known = parts.get(policy) ?? new Map<string, Policy>()
  parts.set(policy, known)
  const key = `${kind} ${name}`
  let part = known.get(key)
  if (part === undefined) {
    const statements = policy.statements.filter(({ principals }) =>
      principals.some((one) => one.kind === '*' || (one.kind === kind && one.name === name)),
    )
    part = { ...policy, statements }
    known.set(key, part)
  }
  return part
}

/** Where the policies' statements of one effect apply to the request. */
function matches(
  policies: readonly Policy[],
  effect: Statement['effect'],
  request: Request,
): Grant[] {
  const found: Grant[] = []
  for (const policy of policies) {
    const about = statementsAbout(policy, request.action)
    const candidates = about[effect]
    if (candidates.length === 0) continue
    found.push(...(about.isPlain ? remembered(about, effect, request) : apply(candidates, request)))
  }
  return found
}

function apply(candidates: readonly Candidate[], request: Request): Grant[] {
  return candidates.flatMap((candidate) => {
    const at = applies(candidate.statement, request)
    return at === undefined ? [] : grantAt(candidate, at)
  })
}

/** Of an environment's many resources a role acts on few. */
const MOST_RESOURCES = 1000

/** Where nothing but the resource counts, the same resource has the same answer. */
function remembered(about: About, effect: Statement['effect'], request: Request): Grant[] {
  const { resource } = request
  const answers = about.answers[effect]
  let grants = answers.get(resource)
  if (grants === undefined) {
    grants = apply(about[effect], request)
    if (answers.size >= MOST_RESOURCES) answers.clear()
    answers.set(resource, grants)
  }
  return grants
}

/** A statement whose actions include the one that is asked for. */
type Candidate = {
  statement: Statement
  place: Omit<Grant, 'resource'>
  /** By the position of the resource: each is made once. */
  grants: Grant[]
}

type ByEffect<What> = Record<Statement['effect'], What>

/** What a policy says about one action. */
type About = ByEffect<readonly Candidate[]> & {
  /** No statement has a condition or a variable. */
  isPlain: boolean
  answers: ByEffect<Map<string, Grant[]>>
}

function grantAt({ place, grants }: Candidate, resource: number): Grant {
  const grant = grants[resource] ?? { ...place, resource }
  grants[resource] = grant
  return grant
}

const known = new WeakMap<Policy, Map<string, About>>()

/** Found once for each policy and action: policies do not change, they are replaced. */
function statementsAbout(policy: Policy, action: string): About {
  const ofPolicy = known.get(policy) ?? new Map<string, About>()
  known.set(policy, ofPolicy)
  let about = ofPolicy.get(action)
  if (about === undefined) {
    const all = candidatesOf(policy, action)
    about = {
      Allow: all.filter(({ statement }) => statement.effect === 'Allow'),
      Deny: all.filter(({ statement }) => statement.effect === 'Deny'),
      isPlain: all.every(({ statement }) => isPlain(statement)),
      answers: { Allow: new Map(), Deny: new Map() },
    }
    ofPolicy.set(action, about)
  }
  return about
}

const isPlain = ({ conditions, resources }: Statement): boolean =>
  conditions.length === 0 && resources.patterns.every((pattern) => !pattern.includes('${'))

function candidatesOf(policy: Policy, action: string): Candidate[] {
  return policy.statements.flatMap((statement, index) => {
    const at = find(statement.actions, (pattern) => matchesWildcard(pattern, action, true))
    const place = { policy: policy.name, statement: index, action: at ?? 0 }
    return at === undefined ? [] : [{ statement, place, grants: [] }]
  })
}

/** @returns the position of the resource that fits. */
function applies(
  { resources, conditions }: Statement,
  { resource, context }: Request,
): number | undefined {
  const resourceAt = find(resources, (pattern) => {
    const resolved = resolveVariables(pattern, context)
    return resolved !== undefined && matchesResource(resolved, resource)
  })
  if (resourceAt === undefined) return undefined
  return conditions.every((condition) => meets(condition, context)) ? resourceAt : undefined
}

/** An action without resources is checked on `*`, which only the pattern `*` matches. */
const matchesResource = (pattern: string, resource: string): boolean =>
  resource === '*' ? pattern === '*' : matchesArn(pattern, resource)

/** The position of the first pattern that fits, or 0 for a `Not` list that none fits. */
function find({ not, patterns }: Elements, fits: (pattern: string) => boolean): number | undefined {
  const at = patterns.findIndex(fits)
  if (not) return at < 0 ? 0 : undefined
  return at < 0 ? undefined : at
}
