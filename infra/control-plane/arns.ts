import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { passableRoles } from '../../domain/pass-roles.ts'
import { balancerName, signedInTargetsName, wakeTargetsName } from '../../domain/routes.ts'
import { environmentOf } from '../names.ts'

export type Arns = ReturnType<typeof arnsIn>

/**
 * The resources that features read and write, in the account and Region of the stack. What they may
 * change is narrowed by tags, not by names: whoever carries the tags is looked after.
 */
export function arnsIn(scope: Construct) {
  const stack = Stack.of(scope)
  const of = (service: string, resource: string, resourceName = '*') =>
    stack.formatArn({ service, resource, resourceName })
  const colon = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })
  return {
    services: of('ecs', 'service'),
    serviceRevisions: of('ecs', 'service-revision'),
    serviceDeployments: of('ecs', 'service-deployment'),
    tasks: of('ecs', 'task'),
    instances: of('ec2', 'instance'),
    groups: colon('autoscaling', 'autoScalingGroup', '*:autoScalingGroupName/*'),
    databaseClusters: colon('rds', 'cluster', '*'),
    databases: colon('rds', 'db', '*'),
    taskDefinitions: of('ecs', 'task-definition'),
    repositories: of('ecr', 'repository'),
    /** Only roles whose names begin with the environment's, and what the catalog adds. */
    taskRoles: (passRoles: readonly string[]) =>
      passableRoles(environmentOf(scope), passRoles).map((resourceName) =>
        stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }),
      ),
    /** Composite alarms are of the same kind. */
    alarms: colon('cloudwatch', 'alarm', '*'),
    logStreams: colon('logs', 'log-group', '*:log-stream:*'),
    /** Of the one load balancer that services with a route are behind. */
    listeners: of(
      'elasticloadbalancing',
      'listener',
      `app/${balancerName(environmentOf(scope))}/*`,
    ),
    listenerRules: of(
      'elasticloadbalancing',
      'listener-rule',
      `app/${balancerName(environmentOf(scope))}/*`,
    ),
    wakeTargets: of(
      'elasticloadbalancing',
      'targetgroup',
      `${wakeTargetsName(environmentOf(scope))}/*`,
    ),
    signedInTargets: of(
      'elasticloadbalancing',
      'targetgroup',
      `${signedInTargetsName(environmentOf(scope))}/*`,
    ),
    discoveryServices: of('servicediscovery', 'service'),
    namespaces: of('servicediscovery', 'namespace'),
    defaultBus: of('events', 'event-bus', 'default'),
    queue: (name: string) => stack.formatArn({ service: 'sqs', resource: name }),
    machine: (name: string) => colon('states', 'stateMachine', name),
    executions: (machine: string) => colon('states', 'execution', `${machine}:*`),
  }
}
