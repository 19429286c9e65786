import type { Aws, Caller } from '../aws.ts'
import { Iam } from '../iam/iam.ts'
import { hash } from '../random.ts'

/** Who calls, as STS and requests to a function's URL say it. */
export type Identity = { account: string; arn: string; userId: string }

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
export function identityOf(aws: Aws, { name, roleArn }: Caller): Identity {
  const { account } = aws
  if (roleArn === undefined) {
    return { account, arn: userArn(aws, name), userId: idOf('AIDA', name) }
  }
  const role = roleArn.split('/').at(-1) ?? ''
  const id = aws.find(Iam)?.findRole(roleArn)?.id ?? idOf('AROA', role)
  return {
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    userId: `${id}:${name}`,
  }
}

export const userArn = ({ account }: Aws, name: string): string =>
  `arn:aws:iam::${account}:user/${name}`

/** AWS's unique ids are random and stay the same for a name as long as it exists. */
const idOf = (prefix: string, of: string): string =>
  `${prefix}${hash(of).toString(36).toUpperCase().padStart(17, 'A')}`
