import { Duration, Stack } from 'aws-cdk-lib'
import {
  AccountRootPrincipal,
  CompositePrincipal,
  Group,
  type IPrincipal,
  PolicyStatement,
  type Role,
} from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { named } from '../../names.ts'

/**
 * Who may become `<environment>-<name>`: whoever has the permission set of that name in IAM
 * Identity Center, which asks for the second factor itself, or somebody of this account whom the
 * group lets, with a second factor.
 *
 * @param within how long ago the second factor may have been given, if that matters.
 */
export function personOf(scope: Construct, name: string, within?: Duration): IPrincipal {
  const { partition, account } = Stack.of(scope)
  const anybody = new AccountRootPrincipal()
  const permissionSet = `AWSReservedSSO_${named(scope, name)}_*`
  return new CompositePrincipal(
    // https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    anybody.withConditions({
      ArnLike: {
        'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/*${permissionSet}`,
      },
    }),
    anybody.withConditions({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      ...(within && {
        NumericLessThan: { 'aws:MultiFactorAuthAge': String(within.toSeconds()) },
      }),
    }),
  )
}

/** The group `<environment>-<name>`, whose members may become the role and nothing else. */
export function groupFor(scope: Construct, name: string, role: Role): void {
  new Group(scope, `${name}-group`, { groupName: named(scope, name) }).addToPolicy(
    new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleArn] }),
  )
}

/** A working day; an hour for a role that is needed only briefly. */
export const WORKING_DAY = Duration.hours(8)
export const AN_HOUR = Duration.hours(1)
