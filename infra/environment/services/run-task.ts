import { Stack } from 'aws-cdk-lib'
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Cluster } from '../../../catalog/schema.ts'
import { acknowledgeWildcards } from '../../nag.ts'
import { named } from '../../names.ts'

export type RunnerProps = {
  /** Who starts the task: a rule of EventBridge or a schedule of Scheduler. */
  by: 'events.amazonaws.com' | 'scheduler.amazonaws.com'
  /** Its ARN; nobody else may make AWS use the role (the confused deputy). */
  source: string
  cluster: Cluster
  definition: FargateTaskDefinition
  /** Scheduler writes to the dead-letter queue with the role; a rule, by the queue's own policy. */
  deadLetters?: string
}

/** The role that may start one task definition in one cluster, and nothing else. */
export function runnerRole(scope: Construct, id: string, props: RunnerProps): Role {
  const { by, source, deadLetters } = props
  const role = roleFor(scope, id, { by, source })
  letRun(role, props)
  if (deadLetters !== undefined) {
    role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters] }),
    )
  }
  return role
}

/** A role that AWS may use for one resource of the environment, its source. */
export function roleFor(
  scope: Construct,
  id: string,
  { by, source }: Pick<RunnerProps, 'by' | 'source'>,
): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal(by, {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
        ArnEquals: { 'aws:SourceArn': source },
      },
    }),
  })
}

/** Lets a role start one task definition in one cluster. */
export function letRun(
  role: Role,
  { cluster, definition }: Pick<RunnerProps, 'cluster' | 'definition'>,
): void {
  const scope = definition
  const allow = (actions: string[], resources: string[], conditions = {}) =>
    role.addToPolicy(new PolicyStatement({ actions, resources, conditions }))
  allow(['ecs:RunTask'], [definition.taskDefinitionArn], {
    ArnEquals: { 'ecs:cluster': clusterArn(scope, cluster) },
  })
  const tasks = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'task',
    resourceName: `${named(scope, cluster)}/*`,
  })
  // The tags of the definition go to the task: without them its costs belong to nobody.
  allow(['ecs:TagResource'], [tasks], { StringEquals: { 'ecs:CreateAction': 'RunTask' } })
  const { taskRole, executionRole } = definition
  allow(
    ['iam:PassRole'],
    [taskRole, executionRole].flatMap((one) => (one === undefined ? [] : [one.roleArn])),
    { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  )
  acknowledgeWildcards(
    role,
    [tasks],
    'A task has no id before it runs; a condition limits this to tasks that are just being started.',
  )
}

/** A cluster's ARN by its name, so that no stack exports it. */
export function clusterArn(scope: Construct, cluster: Cluster): string {
  return Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'cluster',
    resourceName: named(scope, cluster),
  })
}

/** What rules and schedules both say about a task they start, in CloudFormation's members. */
export function taskParameters(
  definition: FargateTaskDefinition,
  {
    vpc,
    securityGroup,
    others = [],
  }: { vpc: IVpc; securityGroup: ISecurityGroup; others?: readonly string[] },
) {
  return {
    taskDefinitionArn: definition.taskDefinitionArn,
    enableEcsManagedTags: true,
    propagateTags: 'TASK_DEFINITION',
    subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
    securityGroups: [securityGroup.securityGroupId, ...others],
  }
}
