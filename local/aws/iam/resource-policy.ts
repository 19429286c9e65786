import type { Aws, Caller } from '../aws.ts'
import { NotImplemented } from '../errors.ts'
import { permits } from './evaluate.ts'
import { parsePolicy } from './policy.ts'
import type { Context } from './variables.ts'

/** What an AWS service wants to do with a resource, and the resource's own policy if it has one. */
type ResourceRequest = { policy: string | undefined; action: string; resource: string }

/**
 * Whether a caller may do this as far as the resource's policy decides: an AWS service that
 * brings no role may only what that policy allows. All others are of this account, and checked by
 * their own policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function resourceAllows(
  aws: Aws,
  caller: Caller,
  { policy, action, resource }: ResourceRequest,
): boolean {
  if (caller.kind !== 'aws' || caller.roleArn !== undefined) return true
  if (!policy) return false
  const principal = { kind: 'Service', name: `${caller.name}.amazonaws.com` } as const
  const request = { action, resource, context: contextOf(aws, caller) }
  return permits(parsePolicy(resource, policy, 'resource'), principal, request)
}

/** Only CloudWatch sends `aws:SourceOwner`, which SNS's default policy requires. */
const SENDS_SOURCE_OWNER = ['cloudwatch']

function contextOf(aws: Aws, { name, sourceArn }: Caller): Context {
  return (key) => {
    switch (key.toLowerCase()) {
      case 'aws:sourcearn':
        return sourceArn === undefined ? undefined : [sourceArn]
      case 'aws:sourceaccount':
        return [aws.account]
      case 'aws:sourceowner':
        return SENDS_SOURCE_OWNER.includes(name) ? [aws.account] : undefined
      case 'aws:securetransport':
        return ['true']
    }
    throw new NotImplemented(`the condition key ${key} in a resource's policy`)
  }
}
