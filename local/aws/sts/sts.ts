import type { AssumeRoleRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts'
import type { Aws, Caller, Operations, Service } from '../aws.ts'
import { assumeRole } from './assume-role.ts'
import { identityOf } from './identity.ts'
import { Sessions } from './sessions.ts'

/** AWS STS: who calls, and sessions of roles that people take on. */
export class Sts implements Service {
  readonly id = 'sts'
  readonly operations: Operations
  readonly sessions: Sessions

  constructor(aws: Aws) {
    this.sessions = new Sessions(aws.world)
    this.operations = {
      GetCallerIdentity: (_: never, caller: Caller) => identity(aws, caller),
      AssumeRole: (input: AssumeRoleRequest, caller: Caller) =>
        assumeRole(aws, this.sessions, input, caller),
    }
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function identity(aws: Aws, caller: Caller): GetCallerIdentityResponse {
  const { account, arn, userId } = identityOf(aws, caller)
  return { Account: account, Arn: arn, UserId: userId }
}
