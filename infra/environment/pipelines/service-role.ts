import { Stack } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/** A role that one AWS service takes for this account alone; its policy is written by the caller. */
export function serviceRole(
  scope: Construct,
  id: string,
  { by, what }: { by: string; what: string },
): Role {
  return new Role(scope, id, {
    description: `Of the ${what}`,
    assumedBy: new ServicePrincipal(by, {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  })
}
