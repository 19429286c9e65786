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
 * @param here only by STS of the environment's Region, whose events its rules see. A request to
 *   another Region's STS, or to the global endpoint, is logged there.
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export function personOf(
  scope: Construct,
  name: string,
  { within, here = false }: { within?: Duration; here?: boolean } = {},
): IPrincipal {
  const anybody = new AccountRootPrincipal()
  const region = here && { StringEquals: { 'aws:RequestedRegion': Stack.of(scope).region } }
  return new CompositePrincipal(
    anybody.withConditions({
      ArnLike: { 'aws:PrincipalArn': permissionSetOf(scope, name) },
      ...region,
    }),
    anybody.withConditions({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      ...region,
      ...(within && {
        NumericLessThan: { 'aws:MultiFactorAuthAge': String(within.toSeconds()) },
      }),
    }),
  )
}

/**
 * The role that Identity Center makes in the account for the permission set `<environment>-<name>`.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function permissionSetOf(scope: Construct, name: string): string {
  const { partition, account } = Stack.of(scope)
  return `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${named(scope, name)}_*`
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
