import { Aspects, type IAspect, Stack } from 'aws-cdk-lib'
import { CfnRole, Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct, IConstruct } from 'constructs'
import { boundaryServices, IDENTITY, NEVER } from '../../../catalog/boundary.ts'
import type { Environment } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'

/** The permissions boundary `<environment>-boundary`. */
export function boundary(scope: Construct, environment: Environment): ManagedPolicy {
  const services = boundaryServices(environment)
  const policy = new ManagedPolicy(scope, 'boundary', {
    managedPolicyName: named(scope, 'boundary'),
    description: 'The most that any role of the environment may do, whatever its own policy says',
    statements: [
      new PolicyStatement({
        actions: [...services.map((service) => `${service}:*`), ...IDENTITY],
        resources: ['*'],
      }),
      new PolicyStatement({ effect: Effect.DENY, actions: NEVER, resources: ['*'] }),
    ],
  })
  const reason = 'A boundary allows nothing by itself: it bounds what policies with names allow.'
  for (const service of services) {
    acknowledge(policy, `AwsSolutions-IAM5[Action::${service}:*]`, reason)
  }
  acknowledge(policy, 'AwsSolutions-IAM5[Resource::*]', reason)
  return policy
}

/** Puts the boundary on every role below that has none of its own, whoever makes the role. */
export function boundRoles(scope: Construct): void {
  Aspects.of(scope).add(new BoundRoles())
}

class BoundRoles implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnRole) || node.permissionsBoundary !== undefined) return
    node.permissionsBoundary = boundaryArn(node, 'boundary')
  }
}

/** A boundary's ARN by its name: its stack is deployed first, and exports nothing. */
export function boundaryArn(scope: IConstruct, ...name: string[]): string {
  const { partition, account } = Stack.of(scope)
  return `arn:${partition}:iam::${account}:policy/${named(scope, ...name)}`
}
