import type { Aws, Caller } from '../aws.ts'
import { contextOf } from './context.ts'
import { evaluate } from './evaluate.ts'
import { actionFacts } from './facts.ts'
import { Iam } from './iam.ts'

/** A right that AWS asks for after the call that needs it, such as `kms:CreateGrant`. */
type Right = {
  action: string
  resource: string
  /** Condition keys of this right, by their name in lower case. */
  keys: Readonly<Record<string, readonly string[]>>
}

/** Whether a caller's role has a right. A caller without a role has every one. */
export function may(aws: Aws, { roleArn }: Caller, { action, resource, keys }: Right): boolean {
  const iam = aws.the(Iam)
  const role = roleArn === undefined ? undefined : iam.findRole(roleArn)
  if (role === undefined) return true
  const [prefix = '', name = ''] = action.split(':')
  const facts = actionFacts(prefix, name)
  if (facts === undefined) throw new Error(`IAM knows no action ${action}`)
  const check = { action, facts, resource, input: {}, keys }
  const context = contextOf(aws, check, { arn: role.arn, tags: role.tags })
  const { policies, boundary } = iam.permissionsOf(role)
  const decision = evaluate(policies, boundary, { action, resource, context })
  if (decision.allowed) iam.usage.record(role.name, [...decision.by])
  return decision.allowed
}
