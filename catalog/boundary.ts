import type { Environment } from './schema.ts'

/**
 * How far any role of the environment can go, whatever its own policy says: the AWS services an
 * environment is made of. `infra/environment/access/boundary.ts` makes the policy of it; `may` of a
 * service's file is held against it. IAM is not in it: no role can make another, or give itself more.
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
export const IDENTITY = ['iam:PassRole', 'iam:GetRole', 'iam:GetInstanceProfile', 'sts:AssumeRole']

/** Caretaker never deletes, and neither does any role by mistake: these keep data or its keys. */
export const NEVER = [
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

/** The prefixes of services that the boundary lets through: its own, and what the catalog adds. */
export const boundaryServices = ({ boundary }: Pick<Environment, 'boundary'>): string[] => [
  ...SERVICES,
  ...boundary.filter((service) => !SERVICES.includes(service)),
]
