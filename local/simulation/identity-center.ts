import type { Aws, Caller } from '../aws/aws.ts'
import { Iam } from '../aws/iam/iam.ts'

const ADMINISTRATOR: Caller = { kind: 'person', name: 'administrator' }

/** As Identity Center names the roles of its permission sets. */
const PATH = 'aws-reserved/sso.amazonaws.com/eu-central-1/'
const SUFFIX = '0a1b2c3d4e5f6a7b'

/** Each has the policies of those before it too (docs/access.md). */
const PERMISSION_SETS = ['read-only', 'developer', 'operator'] as const
export type PermissionSet = (typeof PERMISSION_SETS)[number]

/** The ARN of the role that Identity Center makes for a permission set. */
export const permissionSetArn = (account: string, environment: string, name: PermissionSet) =>
  `arn:aws:iam::${account}:role/${PATH}AWSReservedSSO_${environment}-${name}_${SUFFIX}`

/**
 * Somebody sets Identity Center up: a permission set for each kind of people, with the policies that
 * the environment has made for it. On the laptop everybody may take one, under any name.
 */
export async function setUpIdentityCenter(aws: Aws, environment: string): Promise<void> {
  const call = (operation: string, input: object) =>
    aws.call('iam', operation, input, ADMINISTRATOR)
  const trust = { Effect: 'Allow', Principal: { AWS: aws.account }, Action: 'sts:AssumeRole' }
  await administrators(aws)
  for (const [place, name] of PERMISSION_SETS.entries()) {
    const RoleName = permissionSetArn(aws.account, environment, name).split('/').at(-1) ?? ''
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
    await call('CreateRole', { RoleName, Path: `/${PATH}`, AssumeRolePolicyDocument })
    for (const policy of PERMISSION_SETS.slice(0, place + 1)) {
      const PolicyArn = `arn:aws:iam::${aws.account}:policy/${environment}-${policy}`
      await call('AttachRolePolicy', { RoleName, PolicyArn })
    }
  }
}

/** A permission set that AWS brings along, whose people may do everything. */
const EVERYTHING = `AWSReservedSSO_AdministratorAccess_${SUFFIX}`

/** Somebody whom Identity Center has let in as an administrator: the session is the e-mail address. */
export async function administrator(aws: Aws, email: string): Promise<Caller> {
  await administrators(aws)
  return { kind: 'person', name: email, roleArn: administratorArn(aws.account) }
}

/** The ARN of the role of those who may do everything. */
export const administratorArn = (account: string): string =>
  `arn:aws:iam::${account}:role/${PATH}${EVERYTHING}`

async function administrators(aws: Aws): Promise<void> {
  const roleArn = administratorArn(aws.account)
  if (aws.find(Iam)?.findRole(roleArn) === undefined) {
    const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement })
    const trust = { Effect: 'Allow', Principal: { AWS: aws.account }, Action: 'sts:AssumeRole' }
    const role = {
      RoleName: EVERYTHING,
      Path: `/${PATH}`,
      AssumeRolePolicyDocument: document(trust),
    }
    await aws.call('iam', 'CreateRole', role, ADMINISTRATOR)
    const PolicyDocument = document({ Effect: 'Allow', Action: '*', Resource: '*' })
    const policy = { RoleName: EVERYTHING, PolicyName: 'AdministratorAccess', PolicyDocument }
    await aws.call('iam', 'PutRolePolicy', policy, ADMINISTRATOR)
  }
}
