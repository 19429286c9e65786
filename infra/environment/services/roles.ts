import { Stack } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import type { Readable } from './supply.ts'

/**
 * What the code in a task may do.
 *
 * The control plane may pass a role whose name begins with the environment's, and no other.
 *
 * @param what the service's name, or what else the task is.
 */
export function taskRole(scope: Construct, what: string): Role {
  return new Role(scope, 'task-role', {
    roleName: named(scope, what, 'task'),
    assumedBy: ownTasks(scope),
  })
}

/**
 * ECS, for tasks of this account and no other's (the confused deputy).
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
const ownTasks = (scope: Construct): ServicePrincipal =>
  new ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  })

export type ExecutionRoleProps = {
  what: string
  logGroup: ILogGroup
  /** Where its image is; undefined for public images, which anybody may pull. */
  images?: IRepository | undefined
  /** ARNs of repositories of others, whose images it runs too. */
  foreign?: readonly string[]
  secrets: readonly ISecret[]
  /** Secrets and parameters that somebody else has made. */
  existing?: readonly Readable[]
}

/**
 * What ECS itself needs to start a task: pull the image, write the log, read the secrets. Written
 * out, because CDK's own grants hold actions that ECS never calls.
 */
export function executionRole(scope: Construct, props: ExecutionRoleProps): Role {
  const { what, logGroup, images, foreign = [], secrets, existing = [] } = props
  const role = new Role(scope, 'execution-role', {
    roleName: named(scope, what, 'execution'),
    assumedBy: ownTasks(scope),
  })
  const allow = (actions: string[], resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }))
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn])
  const arns = (kind: Readable['kind']) =>
    existing.filter((one) => one.kind === kind).flatMap((one) => one.arns)
  const readable = [...secrets.map((one) => one.secretArn), ...arns('secret')]
  if (readable.length > 0) allow(['secretsmanager:GetSecretValue'], [...new Set(readable)])
  const parameters = [...new Set(arns('parameter'))]
  if (parameters.length > 0) allow(['ssm:GetParameters'], parameters)
  const keys = [...new Set(existing.flatMap(({ key = [] }) => key))]
  if (keys.length > 0) allow(['kms:Decrypt'], keys)
  const repositories = [...(images === undefined ? [] : [images.repositoryArn]), ...foreign]
  if (repositories.length === 0) return role
  allow(
    ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
    repositories,
  )
  allow(['ecr:GetAuthorizationToken'], ['*'])
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'ecr:GetAuthorizationToken knows no resources; pulling is limited to the repositories of its images.',
  )
  return role
}
