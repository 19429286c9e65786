import type { Aws, Caller } from '../aws.ts'
import { Iam } from '../iam/iam.ts'
import { identityOf } from '../sts/identity.ts'

/** Who made a call, and from where, as CloudTrail writes it. */
export type Made = {
  userIdentity: Record<string, unknown>
  sourceIPAddress: string
  userAgent: string
}

/** Addresses for examples (RFC 5737). */
const AT_HOME = '203.0.113.25'
const IN_LAMBDA = '198.51.100.7'

/** The roles with which AWS's services act by themselves, and the names of their sessions. */
const SERVICE_LINKED: Readonly<Record<string, { role: string; session: string }>> = {
  'application-autoscaling': {
    role: 'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService',
    session: 'AutoScaling-UpdateDesiredCapacity',
  },
  autoscaling: {
    role: 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    session: 'AutoScaling',
  },
  ecs: {
    role: 'aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    session: 'ecs-service-scheduler',
  },
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export function madeBy(aws: Aws, caller: Caller): Made {
  const { kind, name } = caller
  switch (kind) {
    case 'person':
      return {
        userIdentity: identity(aws, caller),
        sourceIPAddress: AT_HOME,
        userAgent: 'aws-cli/2.31.4',
      }
    case 'function':
      return {
        userIdentity: identity(aws, caller),
        sourceIPAddress: IN_LAMBDA,
        userAgent: 'aws-sdk-js/3 exec-env/AWS_Lambda_nodejs24.x',
      }
    case 'machine':
      return byService(identity(aws, caller), 'states.amazonaws.com')
    case 'cloudformation':
      return byService(identity(aws, deployer(aws)), 'cloudformation.amazonaws.com')
    case 'aws':
      return byAws(aws, caller, name)
  }
}

/** The CDK's role for CloudFormation, which every stack is deployed with. */
const deployer = ({ account, region }: Aws): Caller => ({
  kind: 'cloudformation',
  name: 'AWSCloudFormation',
  roleArn: `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`,
})

function byAws(aws: Aws, caller: Caller, name: string): Made {
  const linked = SERVICE_LINKED[name]
  const service = `${name}.amazonaws.com`
  if (caller.roleArn !== undefined) return byService(identity(aws, caller), service)
  if (linked === undefined) return byService({ type: 'AWSService' }, service)
  const roleArn = `arn:aws:iam::${aws.account}:role/${linked.role}`
  return byService(
    identity(aws, { kind: 'aws', name: linked.session, roleArn }),
    linked.role.split('/')[1] ?? '',
  )
}

const byService = (userIdentity: Record<string, unknown>, service: string): Made => ({
  userIdentity: { ...userIdentity, invokedBy: service },
  sourceIPAddress: service,
  userAgent: service,
})

/** A user, or a session of a role with the role itself. */
function identity(aws: Aws, caller: Caller): Record<string, unknown> {
  const { account, arn, userId } = identityOf(aws, caller)
  if (caller.roleArn === undefined) {
    const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', userName: caller.name }
    return { type: 'IAMUser', principalId: userId, arn, accountId: account, ...keys }
  }
  const [principalId = ''] = userId.split(':')
  const userName = caller.roleArn.split('/').at(-1) ?? ''
  const role = aws.find(Iam)?.findRole(caller.roleArn)
  const issuer = {
    type: 'Role',
    principalId,
    arn: role?.arn ?? caller.roleArn,
    accountId: account,
    userName,
  }
  const creationDate = aws.world.date.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    type: 'AssumedRole',
    principalId: userId,
    arn,
    accountId: account,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: {
      sessionIssuer: issuer,
      attributes: { creationDate, mfaAuthenticated: 'false' },
    },
  }
}
