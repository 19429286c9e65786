import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts'
import type { Aws, Caller, Operations, Service } from '../aws.ts'
import { hash } from '../random.ts'

/**
 * AWS STS, as far as saying who calls. Roles cannot be assumed: who makes a call is known to the
 * simulation without credentials, so those of another role would change nothing.
 */
export class Sts implements Service {
  readonly id = 'sts'
  readonly operations: Operations

  constructor(aws: Aws) {
    this.operations = {
      GetCallerIdentity: (_: never, caller: Caller) => identity(aws.account, caller),
    }
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function identity(Account: string, { name, roleArn }: Caller): GetCallerIdentityResponse {
  const role = roleArn?.split('/').at(-1)
  // AWS's unique ids are random and stay the same for a name as long as it exists.
  const id = (prefix: string, of: string) =>
    `${prefix}${hash(of).toString(36).toUpperCase().padStart(17, 'A')}`
  return role === undefined
    ? { Account, Arn: `arn:aws:iam::${Account}:user/${name}`, UserId: id('AIDA', name) }
    : {
        Account,
        Arn: `arn:aws:sts::${Account}:assumed-role/${role}/${name}`,
        UserId: `${id('AROA', role)}:${name}`,
      }
}
