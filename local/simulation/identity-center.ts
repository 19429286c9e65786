import type { Aws, Caller } from '../aws/aws.ts'

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
