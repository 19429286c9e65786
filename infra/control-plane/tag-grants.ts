import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { Catalog } from '../../catalog/schema.ts'
import { TYPES, type Type } from '../../domain/tagging/types.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Feature } from './feature.ts'
import { type Grant, grant } from './grant.ts'
import { notOfAnother } from './roll-out-grants.ts'

/** What a service calls the adding and the removing of tags, and its reads. */
type Service = {
  add: string
  remove: string
  /** Its lists, and its reads of tags. */
  reads: readonly string[]
}

const [USUAL, OF_RDS] = [
  { add: 'TagResource', remove: 'UntagResource' },
  { add: 'AddTagsToResource', remove: 'RemoveTagsFromResource' },
]

/** By the service of the ARNs. */
const SERVICES: Readonly<Record<string, Service>> = {
  autoscaling: {
    ...{ add: 'CreateOrUpdateTags', remove: 'DeleteTags' },
    reads: ['DescribeAutoScalingGroups'],
  },
  dynamodb: { ...USUAL, reads: ['ListTables', 'ListTagsOfResource'] },
  ec2: {
    ...{ add: 'CreateTags', remove: 'DeleteTags' },
    reads: [
      ...['DescribeInstances', 'DescribeInstanceTypes', 'DescribeSnapshots', 'DescribeSubnets'],
      ...['DescribeVolumes', 'DescribeVpcs'],
    ],
  },
  ecr: { ...USUAL, reads: ['DescribeRepositories', 'ListTagsForResource'] },
  ecs: {
    ...USUAL,
    reads: ['DescribeServices', 'DescribeTasks', 'ListClusters', 'ListServices', 'ListTasks'],
  },
  elasticache: { ...OF_RDS, reads: ['DescribeReplicationGroups', 'ListTagsForResource'] },
  elasticfilesystem: { ...USUAL, reads: ['DescribeFileSystems'] },
  elasticloadbalancing: {
    ...{ add: 'AddTags', remove: 'RemoveTags' },
    reads: ['DescribeLoadBalancers', 'DescribeTags', 'DescribeTargetGroups'],
  },
  lambda: { ...USUAL, reads: ['ListFunctions', 'ListTags'] },
  logs: { ...USUAL, reads: ['DescribeLogGroups', 'ListTagsForResource'] },
  rds: { ...OF_RDS, reads: ['DescribeDBClusters', 'DescribeDBInstances'] },
  sns: { ...USUAL, reads: ['ListTagsForResource', 'ListTopics'] },
  sqs: { add: 'TagQueue', remove: 'UntagQueue', reads: ['ListQueues', 'ListQueueTags'] },
}

/** All resources of these types. */
function arnsOf(scope: Feature, types: readonly Type[]): string[] {
  const stack = Stack.of(scope)
  return types.map(({ service, before }) => {
    const resource = before.replace(/[:/]$/, '')
    if (resource === '') return stack.formatArn({ service, resource: '*' })
    const arnFormat = before.endsWith(':')
      ? ArnFormat.COLON_RESOURCE_NAME
      : ArnFormat.SLASH_RESOURCE_NAME
    return stack.formatArn({ service, resource, resourceName: '*', arnFormat })
  })
}

/** `lambda:ListTags` of what each service has. */
const named = (of: (service: Service) => readonly string[]): string[] =>
  Object.entries(SERVICES).flatMap(([service, names]) =>
    of(names).map((name) => `${service}:${name}`),
  )

/** The reads of everything that can be watched. */
export function readsWatched(feature: Feature): Grant[] {
  const { arns } = feature
  return [
    grant(
      [...named(({ reads }) => reads), 'tag:GetResources', 'tag:ListRequiredTags'],
      ['*'],
      'All only read what is there and which tags it has, of whatever there will be: most know no resources.',
    ),
    grant(
      ['ec2:DescribeInstanceAttribute'],
      [arns.instances],
      'Reads only, directly before a stop: whether it is protected.',
    ),
  ]
}

/**
 * The Tagging API asks for the service's own right to tag as well as for its own. Actions and
 * resources of all services stand in one statement, so that the role's policy stays short: an action
 * reaches those of its own service alone.
 */
export function writesTags(feature: Feature, { environment }: Catalog): Grant[] {
  const keys = [
    ...[TAGS.owner, TAGS.environment, TAGS.tagsDue],
    ...Object.keys(environment.tags.required),
  ]
  const types = Object.values<Type>(TYPES)
  const only = (own: readonly string[]) => ({
    ...notOfAnother(feature, 'aws:ResourceTag'),
    'ForAllValues:StringEquals': { 'aws:TagKeys': own },
  })
  return [
    grant(
      ['tag:TagResources', 'tag:UntagResources'],
      ['*'],
      'They know no resources, and need the right of each service besides.',
    ),
    grant(
      named(({ add }) => [add]),
      arnsOf(feature, types),
      'Adds tags: only those that the catalog requires, and our mark; what another environment claims is left out.',
      only(keys),
    ),
    grant(
      named(({ remove }) => [remove]),
      // What passes is never marked.
      arnsOf(
        feature,
        types.filter(({ passing }) => passing !== true),
      ),
      'Takes off our mark, and no other tag.',
      only([TAGS.tagsDue]),
    ),
  ]
}
