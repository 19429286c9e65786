import type { Aws, Caller } from '../../aws.ts'
import { NotImplemented } from '../../errors.ts'
import { contextOf } from '../../iam/context.ts'
import { evaluate, type Grant, permits } from '../../iam/evaluate.ts'
import { actionFacts } from '../../iam/facts.ts'
import { Iam } from '../../iam/iam.ts'
import { type Principal, parsePolicy } from '../../iam/policy.ts'
import type { Context } from '../../iam/variables.ts'
import type { FunctionUrl, LambdaFunction } from '../model.ts'

/** Since October 2025 a request through a URL needs both. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
const ACTIONS = ['InvokeFunctionUrl', 'InvokeFunction'] as const

/**
 * Whether a request may reach the function: with AuthType NONE the function's own policy must let
 * everybody, with AWS_IAM the caller's or the function's policy must let the caller.
 *
 * @param caller who signed the request; undefined when nobody has to.
 */
export function mayInvoke(
  aws: Aws,
  fn: LambdaFunction,
  url: FunctionUrl,
  caller: Caller | undefined,
): boolean {
  const used: Grant[] = []
  const allowed = ACTIONS.every((action) => {
    const keys = {
      'lambda:functionurlauthtype': [url.authType],
      'lambda:functionarn': [fn.arn],
      'lambda:invokedviafunctionurl': ['true'],
    }
    if (caller === undefined) return policyPermits(fn, action, keys, EVERYBODY)
    const decision = identityAllows(aws, fn, caller, action, keys)
    used.push(...decision.by)
    if (decision.allowed || decision.denied) return decision.allowed
    return policyPermits(fn, action, keys, { kind: 'AWS', name: caller.roleArn ?? '' })
  })
  const role = caller?.roleArn && aws.find(Iam)?.findRole(caller.roleArn)
  if (allowed && role) aws.the(Iam).usage.record(role.name, used)
  return allowed
}

type Keys = Readonly<Record<string, readonly string[]>>

const EVERYBODY: Principal = { kind: '*', name: '*' }

function policyPermits(
  { arn, policy }: LambdaFunction,
  action: string,
  keys: Keys,
  principal: Principal,
): boolean {
  if (policy.length === 0) return false
  const document = JSON.stringify({ Version: '2012-10-17', Statement: policy })
  const request = { action: `lambda:${action}`, resource: arn, context: policyContext(keys) }
  return permits(parsePolicy(arn, document, 'resource'), principal, request)
}

/** A request from outside comes from no resource of AWS. */
const FROM_RESOURCES = ['aws:sourcearn', 'aws:sourceaccount', 'aws:principalorgid']

function policyContext(keys: Keys): Context {
  return (key) => {
    const name = key.toLowerCase()
    if (keys[name] !== undefined) return keys[name]
    if (FROM_RESOURCES.includes(name) || name === 'lambda:eventsourcetoken') return undefined
    throw new NotImplemented(`the condition key ${key} in a function's policy`)
  }
}

/** A person without a role may do everything. */
function identityAllows(
  aws: Aws,
  { arn }: LambdaFunction,
  { roleArn }: Caller,
  action: string,
  keys: Keys,
): { allowed: boolean; denied: boolean; by: readonly Grant[] } {
  if (roleArn === undefined) return { allowed: true, denied: false, by: [] }
  const iam = aws.the(Iam)
  const role = iam.findRole(roleArn)
  const facts = actionFacts('lambda', action)
  if (role === undefined || facts === undefined) return { allowed: false, denied: true, by: [] }
  const check = { action: `lambda:${action}`, facts, resource: arn, input: {}, keys }
  const { policies, boundary } = iam.permissionsOf(role)
  const context = contextOf(aws, check, { arn: roleArn, tags: role.tags })
  const decision = evaluate(policies, boundary, { ...check, context })
  if (decision.allowed) return { allowed: true, denied: false, by: decision.by }
  return { allowed: false, denied: !decision.why.includes('identity-based policy allows'), by: [] }
}
