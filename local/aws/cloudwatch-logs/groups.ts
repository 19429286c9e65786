import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { taggable } from '../tags.ts'
import { checkGroupName, invalid, type LogGroup, type LogStore, logsPage } from './store.ts'

/** Days; what PutRetentionPolicy takes. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
]

/** Operations on log groups. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
export function groupOperations(store: LogStore) {
  return {
    CreateLogGroup: (input: CreateLogGroupRequest) => create(store, input),
    DeleteLogGroup: ({ logGroupName }: DeleteLogGroupRequest) => {
      const group = store.group(logGroupName)
      if (group.deletionProtected) {
        throw new AwsError('ValidationException', 'The log group is protected from deletion.')
      }
      store.groups.delete(group.name)
      return {}
    },
    DescribeLogGroups: (input: DescribeLogGroupsRequest) => describe(store, input),
    PutRetentionPolicy: ({ logGroupName, retentionInDays = 0 }: PutRetentionPolicyRequest) => {
      if (!RETENTIONS.includes(retentionInDays)) {
        throw invalid(
          `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
        )
      }
      store.group(logGroupName).retention = retentionInDays
      return {}
    },
    DeleteRetentionPolicy: ({ logGroupName }: DeleteRetentionPolicyRequest) => {
      delete store.group(logGroupName).retention
      return {}
    },
    ...taggable(
      { resource: 'resourceArn', members: ['tags', 'tagKeys'], form: 'map' },
      (arn) => store.group(arn).tags,
    ),
  }
}

function create(store: LogStore, input: CreateLogGroupRequest) {
  onlyMembers('cloudwatch-logs:CreateLogGroup', input, [
    'logGroupName',
    'kmsKeyId',
    'tags',
    'logGroupClass',
    'deletionProtectionEnabled',
  ])
  const name = checkGroupName(input.logGroupName)
  if (store.groups.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists')
  }
  store.groups.set(name, {
    name,
    createdAt: store.aws.world.now,
    ...(input.kmsKeyId === undefined ? {} : { kmsKeyId: input.kmsKeyId }),
    class: input.logGroupClass ?? 'STANDARD',
    deletionProtected: input.deletionProtectionEnabled ?? false,
    tags: { ...input.tags },
    streams: new Map(),
  })
  return {}
}

function describe(store: LogStore, input: DescribeLogGroupsRequest) {
  onlyMembers('cloudwatch-logs:DescribeLogGroups', input, [
    'logGroupNamePrefix',
    'logGroupNamePattern',
    'logGroupIdentifiers',
    'logGroupClass',
    'nextToken',
    'limit',
  ])
  const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '', logGroupClass } = input
  if (prefix !== '' && part !== '') {
    throw invalid(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    )
  }
  const asked = input.logGroupIdentifiers?.map((one) => store.group(one))
  const found = (asked ?? [...store.groups.values()])
    .filter(({ name }) => name.startsWith(prefix))
    .filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()))
    .filter((group) => logGroupClass === undefined || group.class === logGroupClass)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const { items, next } = logsPage(found, input.nextToken, input.limit)
  return { logGroups: items.map((group) => shape(store, group)), nextToken: next }
}

function shape(store: LogStore, group: LogGroup) {
  const logGroupArn = store.arnOf(group)
  const bytes = [...group.streams.values()]
    .flatMap((stream) => store.events(group, stream))
    .reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0)
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retention === undefined ? {} : { retentionInDays: group.retention }),
    metricFilterCount: 0,
    arn: `${logGroupArn}:*`,
    storedBytes: bytes,
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: group.class,
    logGroupArn,
    deletionProtectionEnabled: group.deletionProtected,
  }
}
