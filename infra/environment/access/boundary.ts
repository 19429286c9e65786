import { Aspects, type IAspect, Stack } from 'aws-cdk-lib'
import { CfnRole, Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct, IConstruct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'

/**
 * The AWS services an environment is made of. What a role may do is written at the role; this is
 * how far the one who writes it can go. IAM is not in it: no role can make another, or give itself more.
 */
const SERVICES = [
  'application-autoscaling',
  'aps',
  'autoscaling',
  'budgets',
  'ce',
  'cloudformation',
  'cloudtrail',
  'cloudwatch',
  'codebuild',
  'codeconnections',
  'codepipeline',
  'codestar-connections',
  'dynamodb',
  'ec2',
  'ecr',
  'ecs',
  'eks',
  'elasticache',
  'elasticfilesystem',
  'elasticloadbalancing',
  'events',
  'grafana',
  'kms',
  'lambda',
  'logs',
  'rds',
  's3',
  'scheduler',
  'secretsmanager',
  'servicediscovery',
  'servicequotas',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'states',
  'tag',
  'xray',
]

/** Of IAM: pass a role that exists, and read. */
const IDENTITY = ['iam:PassRole', 'iam:GetRole', 'iam:GetInstanceProfile', 'sts:AssumeRole']

/** Caretaker never deletes, and neither does any role by mistake: these keep data or its keys. */
const NEVER = [
  'dynamodb:DeleteTable',
  'ec2:DeleteVpc',
  'ecr:DeleteRepository',
  'elasticache:DeleteReplicationGroup',
  'elasticfilesystem:DeleteFileSystem',
  'kms:ScheduleKeyDeletion',
  'rds:DeleteDBCluster',
  'rds:DeleteDBInstance',
  's3:DeleteBucket',
]

/** The permissions boundary `<environment>-boundary`. */
export function boundary(scope: Construct): ManagedPolicy {
  const policy = new ManagedPolicy(scope, 'boundary', {
    managedPolicyName: named(scope, 'boundary'),
    description: 'The most that any role of the environment may do, whatever its own policy says',
    statements: [
      new PolicyStatement({
        actions: [...SERVICES.map((service) => `${service}:*`), ...IDENTITY],
        resources: ['*'],
      }),
      new PolicyStatement({ effect: Effect.DENY, actions: NEVER, resources: ['*'] }),
    ],
  })
  const reason = 'A boundary allows nothing by itself: it bounds what policies with names allow.'
  for (const service of SERVICES) {
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
