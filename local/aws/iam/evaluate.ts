import { meets } from './conditions.ts'
import type { Elements, Policy, Principal, Statement } from './policy.ts'
import { type Context, resolveVariables } from './variables.ts'
import { matchesArn, matchesWildcard } from './wildcard.ts'

/** What someone wants to do. `resource` is an ARN, or `*` for an action that knows no resources. */
export type Request = { action: string; resource: string; context: Context }

/** The place in a policy that allowed a request: positions in the document. */
export type Grant = { policy: string; statement: number; action: number; resource: number }

export type Decision =
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
  const statements = policy.statements.filter(({ principals }) =>
    principals.some(
      ({ kind, name }) => kind === '*' || (kind === principal.kind && name === principal.name),
    ),
  )
  const about: Policy = { ...policy, statements }
  return (
    matches([about], 'Deny', request).length === 0 && matches([about], 'Allow', request).length > 0
  )
}

/** Where the policies' statements of one effect apply to the request. */
export function matches(
  policies: readonly Policy[],
  effect: Statement['effect'],
  request: Request,
): Grant[] {
  return policies.flatMap(({ name, statements }) =>
    statements.flatMap((statement, index) => {
      const place = statement.effect === effect ? applies(statement, request) : undefined
      return place === undefined ? [] : [{ policy: name, statement: index, ...place }]
    }),
  )
}

function applies(
  { actions, resources, conditions }: Statement,
  { action, resource, context }: Request,
): Pick<Grant, 'action' | 'resource'> | undefined {
  const actionAt = find(actions, (pattern) => matchesWildcard(pattern, action, true))
  if (actionAt === undefined) return undefined
  const resourceAt = find(resources, (pattern) => {
    const resolved = resolveVariables(pattern, context)
    return resolved !== undefined && matchesResource(resolved, resource)
  })
  if (resourceAt === undefined) return undefined
  if (!conditions.every((condition) => meets(condition, context))) return undefined
  return { action: actionAt, resource: resourceAt }
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
