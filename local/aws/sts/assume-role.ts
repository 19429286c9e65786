import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts'
import type { Aws, Caller } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { Iam } from '../iam/iam.ts'
import { cannotAssume, mayAssume } from '../iam/trust.ts'
import type { Context } from '../iam/variables.ts'
import { onlyMembers } from '../members.ts'
import { identityOf, userArn } from './identity.ts'
import type { Sessions } from './sessions.ts'

const AN_HOUR = 3_600
const SHORTEST = 900

/**
 * A person takes a role on. Any code of six digits passes as a second factor.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 *
 * @throws AwsError AccessDenied, ValidationError
 */
export function assumeRole(
  aws: Aws,
  sessions: Sessions,
  input: AssumeRoleRequest,
  caller: Caller,
): AssumeRoleResponse {
  onlyMembers('sts:AssumeRole', input, [
    'RoleArn',
    'RoleSessionName',
    'DurationSeconds',
    'SerialNumber',
    'TokenCode',
  ])
  const { RoleArn = '', RoleSessionName: name = '', DurationSeconds: seconds = AN_HOUR } = input
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw invalid(`Value '${name}' at 'roleSessionName' failed to satisfy constraint`)
  }
  const role = aws.the(Iam).findRole(RoleArn)
  const { arn } = identityOf(aws, caller)
  const context = contextOf(aws, caller, input)
  const may = principalsOf(aws, caller).some(
    (of) => role !== undefined && mayAssume(role.trust, { kind: 'AWS', name: of }, context),
  )
  if (role === undefined || !may) throw cannotAssume(arn, RoleArn)
  // A role that takes on a role gets an hour at most.
  const longest = caller.roleArn === undefined ? role.maxSessionSeconds : AN_HOUR
  if (seconds < SHORTEST || seconds > longest) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  }
  const credentials = sessions.open(RoleArn, name, seconds)
  const session = identityOf(aws, { kind: 'person', name, roleArn: RoleArn })
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration,
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  }
}

/** As whom a trust policy may name the caller: the account, or the very user or role. */
function principalsOf(aws: Aws, { name, roleArn }: Caller): string[] {
  const { account } = aws
  return [`arn:aws:iam::${account}:root`, account, roleArn ?? userArn(aws, name)]
}

function contextOf(aws: Aws, { name, roleArn }: Caller, input: AssumeRoleRequest): Context {
  const factor = /^\d{6}$/.test(input.TokenCode ?? '') && input.SerialNumber !== undefined
  return (key) => {
    switch (key.toLowerCase()) {
      case 'aws:principalarn':
        return [roleArn ?? userArn(aws, name)]
      case 'aws:principalaccount':
        return [aws.account]
      case 'aws:multifactorauthpresent':
        return factor ? ['true'] : undefined
      case 'aws:multifactorauthage':
        return factor ? ['0'] : undefined
      case 'aws:requestedregion':
        return [aws.region]
      case 'sts:rolesessionname':
        return [input.RoleSessionName ?? '']
      case 'sts:externalid':
        return undefined
    }
    throw new NotImplemented(`the condition key ${key} in a trust policy`)
  }
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', message)
