import { NotImplemented } from '../errors.ts'
import { lowerTagList, tagList } from '../tags.ts'

/** A call to a service's own tagging operation. */
type TagCall = { service: string; operation: string; input: object }

type Change = { tags: Record<string, string> } | { keys: readonly string[] }

/** How one service's tagging looks: its operations, and the names of their members. */
type Dialect = {
  service: string
  tag?: string
  untag?: string
  resource: (arn: string) => object
  tags: (tags: Record<string, string>, arn: string) => object
  keys: (keys: readonly string[], arn: string) => object
}

const usual = (
  service: string,
  arn: string,
  tags: 'upper' | 'lower',
  names = ['Tags', 'TagKeys'],
): Dialect => {
  const [tagsName = 'Tags', keysName = 'TagKeys'] = names
  return {
    service,
    resource: (value) => ({ [arn]: value }),
    tags: (value) => ({ [tagsName]: tags === 'upper' ? tagList(value) : lowerTagList(value) }),
    keys: (value) => ({ [keysName]: value }),
  }
}

const SMALL = ['tags', 'tagKeys']

/** Tags of Auto Scaling name their group, each for itself. */
const groupOf = (arn: string) => ({
  ResourceId: arn.split(':autoScalingGroupName/')[1],
  ResourceType: 'auto-scaling-group',
})

/** By the ARN's service. */
const DIALECTS: Record<string, Dialect> = {
  'application-autoscaling': {
    ...usual('application-auto-scaling', 'ResourceARN', 'upper'),
    tags: (Tags) => ({ Tags }),
  },
  autoscaling: {
    service: 'auto-scaling',
    tag: 'CreateOrUpdateTags',
    untag: 'DeleteTags',
    resource: () => ({}),
    tags: (tags, arn) => ({
      Tags: tagList(tags).map((tag) => ({ ...groupOf(arn), ...tag, PropagateAtLaunch: false })),
    }),
    keys: (keys, arn) => ({ Tags: keys.map((Key) => ({ ...groupOf(arn), Key })) }),
  },
  cloudtrail: {
    ...usual('cloudtrail', 'ResourceId', 'upper', ['TagsList', 'TagsList']),
    tag: 'AddTags',
    untag: 'RemoveTags',
    keys: (keys) => ({ TagsList: keys.map((Key) => ({ Key })) }),
  },
  ecs: usual('ecs', 'resourceArn', 'lower', SMALL),
  ecr: usual('ecr', 'resourceArn', 'upper', SMALL),
  states: usual('sfn', 'resourceArn', 'lower', SMALL),
  servicediscovery: usual('servicediscovery', 'ResourceARN', 'upper'),
  events: usual('eventbridge', 'ResourceARN', 'upper'),
  cloudwatch: usual('cloudwatch', 'ResourceARN', 'upper'),
  scheduler: usual('scheduler', 'ResourceArn', 'upper'),
  dynamodb: usual('dynamodb', 'ResourceArn', 'upper'),
  secretsmanager: usual('secrets-manager', 'SecretId', 'upper'),
  sns: usual('sns', 'ResourceArn', 'upper'),
  lambda: { ...usual('lambda', 'Resource', 'upper'), tags: (Tags) => ({ Tags }) },
  logs: { ...usual('cloudwatch-logs', 'resourceArn', 'lower', SMALL), tags: (tags) => ({ tags }) },
  sqs: {
    ...usual('sqs', 'QueueUrl', 'upper'),
    tag: 'TagQueue',
    untag: 'UntagQueue',
    resource: (arn) => {
      const [, , , region, account, name] = arn.split(':')
      return { QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}` }
    },
    tags: (Tags) => ({ Tags }),
  },
  ec2: {
    ...usual('ec2', 'Resources', 'upper'),
    tag: 'CreateTags',
    untag: 'DeleteTags',
    resource: (arn) => ({ Resources: [arn.split('/').at(-1)] }),
    keys: (keys) => ({ Tags: keys.map((Key) => ({ Key })) }),
  },
  elasticache: {
    ...usual('elasticache', 'ResourceName', 'upper'),
    tag: 'AddTagsToResource',
    untag: 'RemoveTagsFromResource',
  },
  elasticfilesystem: usual('efs', 'ResourceId', 'upper'),
  elasticloadbalancing: {
    ...usual('elastic-load-balancing-v2', 'ResourceArns', 'upper'),
    tag: 'AddTags',
    untag: 'RemoveTags',
    resource: (arn) => ({ ResourceArns: [arn] }),
  },
  rds: {
    ...usual('rds', 'ResourceName', 'upper'),
    tag: 'AddTagsToResource',
    untag: 'RemoveTagsFromResource',
  },
  ssm: {
    ...usual('ssm', 'ResourceId', 'upper'),
    tag: 'AddTagsToResource',
    untag: 'RemoveTagsFromResource',
    resource: (arn) => ({
      ResourceType: 'Parameter',
      ResourceId: arn.slice(arn.indexOf(':parameter/') + ':parameter'.length),
    }),
  },
}

/** The service's own call that makes this change. @throws NotImplemented */
export function tagCall(arn: string, change: Change): TagCall {
  const name = arn.split(':')[2] ?? ''
  const dialect = DIALECTS[name]
  if (dialect === undefined) throw new NotImplemented(`tags of ${name} resources`)
  const { service, tag = 'TagResource', untag = 'UntagResource' } = dialect
  const adds = 'tags' in change
  const input = adds ? dialect.tags(change.tags, arn) : dialect.keys(change.keys, arn)
  return { service, operation: adds ? tag : untag, input: { ...dialect.resource(arn), ...input } }
}
