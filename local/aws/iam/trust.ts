import type { Aws, Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { permits } from './evaluate.ts'
import type { Policy, Principal } from './policy.ts'
import type { Context } from './variables.ts'

/** The AWS service that takes a role on for a caller, and the resource it does so for. */
type Assumer = { service: string; sourceArn: string | undefined }

/**
 * The role's trust policy must let the caller's AWS service take it on. A person has done that by
 * AssumeRole before.
 *
 * @throws AwsError AccessDenied
 */
export function checkTrust(aws: Aws, caller: Caller, roleArn: string, trust: Policy): void {
  const assumer = assumerOf(aws, caller)
  if (assumer === undefined) return
  const { service, sourceArn } = assumer
  const known = trusted.get(trust) ?? new Set()
  const who = `${aws.account} ${service} ${sourceArn}`
  if (known.has(who)) return
  if (!mayAssume(trust, { kind: 'Service', name: service }, contextOf(aws, assumer))) {
    throw cannotAssume(service, roleArn)
  }
  trusted.set(trust, known.add(who))
}

/** Whom a trust policy has let in: it knows of a caller nothing but this, and does not change. */
const trusted = new WeakMap<Policy, Set<string>>()

/** Whether a trust policy lets this principal take the role on. */
export function mayAssume(trust: Policy, principal: Principal, context: Context): boolean {
  return permits(trust, principal, { action: 'sts:AssumeRole', resource: '*', context })
}

export const cannotAssume = (who: string, roleArn: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { statusCode: 403 },
  )

function assumerOf(aws: Aws, { kind, name, sourceArn }: Caller): Assumer | undefined {
  switch (kind) {
    case 'function':
      return {
        service: 'lambda.amazonaws.com',
        sourceArn: sourceArn ?? aws.arn('lambda', `function:${name}`),
      }
    case 'machine':
      return {
        service: 'states.amazonaws.com',
        sourceArn: sourceArn ?? aws.arn('states', `stateMachine:${name}`),
      }
    case 'aws':
    case 'cloudformation':
      return { service: `${kind === 'aws' ? name : kind}.amazonaws.com`, sourceArn }
    case 'person':
      return undefined
  }
}

function contextOf(aws: Aws, { service, sourceArn }: Assumer): Context {
  return (key) => {
    switch (key.toLowerCase()) {
      case 'aws:sourceaccount':
        return [aws.account]
      case 'aws:sourcearn':
        if (sourceArn !== undefined) return [sourceArn]
        throw new Error(`The caller ${service} does not say for which resource it acts (sourceArn)`)
      case 'sts:externalid':
        return undefined
    }
    throw new NotImplemented(`the condition key ${key} in a trust policy`)
  }
}
