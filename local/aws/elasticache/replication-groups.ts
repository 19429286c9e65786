import type {
  CreateReplicationGroupMessage,
  DeleteReplicationGroupMessage,
  DescribeReplicationGroupsMessage,
  ModifyReplicationGroupMessage,
  ReplicationGroup,
} from '@aws-sdk/client-elasticache'
import { clone } from '../clone.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type { Cache, Caches } from './model.ts'

const MINUTE = 60_000

/**
 * How long a cache is in a transitional state, in milliseconds, as a range that the seed draws from. AWS
 * promises none of these.
 */
const RANGES = {
  creating: [4 * MINUTE, 8 * MINUTE],
  modifying: [2 * MINUTE, 5 * MINUTE],
  deleting: [2 * MINUTE, 5 * MINUTE],
} as const

/** Members that a cache shows as they were given. */
const SHOWN = [
  'AtRestEncryptionEnabled',
  'AutoMinorVersionUpgrade',
  'CacheNodeType',
  'Engine',
  'SnapshotRetentionLimit',
  'TransitEncryptionEnabled',
  'TransitEncryptionMode',
] as const

const OTHERS = ['AuthToken', 'EngineVersion', 'ReplicationGroupId', 'SecurityGroupIds']

type Asked = Partial<CreateReplicationGroupMessage & ModifyReplicationGroupMessage>

/** Caches of one shard: ElastiCache has no way to stop one. */
export function replicationGroupOperations(caches: Caches) {
  return {
    CreateReplicationGroup: (input: CreateReplicationGroupMessage) => create(caches, input),
    DescribeReplicationGroups: (input: DescribeReplicationGroupsMessage) => {
      const { ReplicationGroupId: named, Marker: token, MaxRecords: limit = 100 } = input
      const found = named === undefined ? [...caches.groups.values()] : [caches.cache(named)]
      const { items, next } = page(found, { token, limit, invalid: 'InvalidParameterValue' })
      const more = next === undefined ? {} : { Marker: next }
      return { ReplicationGroups: items.map(({ shape }) => clone(shape)), ...more }
    },
    ModifyReplicationGroup: (input: ModifyReplicationGroupMessage) => modify(caches, input),
    DeleteReplicationGroup: (input: DeleteReplicationGroupMessage) => {
      onlyMembers('elasticache:DeleteReplicationGroup', input, ['ReplicationGroupId'])
      const cache = available(caches, input.ReplicationGroupId)
      beginTransition(caches, cache, 'deleting', () => caches.groups.delete(cache.id))
      return { ReplicationGroup: clone(cache.shape) }
    },
  }
}

function create(caches: Caches, input: CreateReplicationGroupMessage) {
  const members = ['AutomaticFailoverEnabled', 'CacheSubnetGroupName', 'MultiAZEnabled']
  onlyMembers('elasticache:CreateReplicationGroup', input, [
    ...[...SHOWN, ...OTHERS, ...members],
    ...['NumCacheClusters', 'Port', 'ReplicationGroupDescription', 'Tags'],
  ])
  const id = (input.ReplicationGroupId ?? '').toLowerCase()
  if (caches.groups.has(id)) {
    const message = `Replication group ${id} already exists.`
    throw new AwsError('ReplicationGroupAlreadyExistsFault', message)
  }
  const arn = caches.aws.arn('elasticache', `replicationgroup:${id}`)
  const cache: Cache = {
    id,
    arn,
    shape: {
      ReplicationGroupId: id,
      ARN: arn,
      Description: input.ReplicationGroupDescription,
      ...shownOf(input),
      AutomaticFailover: input.AutomaticFailoverEnabled ? 'enabled' : 'disabled',
      AuthTokenEnabled: input.AuthToken !== undefined,
      ClusterEnabled: false,
      MemberClusters: membersOf(id, input.NumCacheClusters),
      MultiAZ: input.MultiAZEnabled ? 'enabled' : 'disabled',
      ReplicationGroupCreateTime: caches.aws.world.date,
    },
    nodeGroups: [nodeGroup(caches, id, input)],
    ...(input.CacheSubnetGroupName === undefined
      ? {}
      : { subnetGroup: caches.subnetGroup(input.CacheSubnetGroupName) }),
    tags: tagsFrom(input.Tags),
  }
  caches.groups.set(id, cache)
  beginTransition(caches, cache, 'creating', () => {
    cache.shape.Status = 'available'
    cache.shape.NodeGroups = cache.nodeGroups
  })
  return { ReplicationGroup: clone(cache.shape) }
}

const membersOf = (id: string, count = 1): string[] =>
  Array.from({ length: count }, (_, index) => `${id}-${String(index + 1).padStart(3, '0')}`)

function nodeGroup({ aws }: Caches, id: string, { Port = 6379, NumCacheClusters }: Asked) {
  const domain = `${id}.${aws.world.random.hex('elasticache/host', 6)}.${aws.region}.cache.amazonaws.com`
  return {
    NodeGroupId: '0001',
    Status: 'available',
    PrimaryEndpoint: { Address: `master.${domain}`, Port },
    ReaderEndpoint: { Address: `replica.${domain}`, Port },
    NodeGroupMembers: membersOf(id, NumCacheClusters).map((CacheClusterId, index) => ({
      CacheClusterId,
      CacheNodeId: '0001',
      CurrentRole: index === 0 ? 'primary' : 'replica',
    })),
  }
}

/** Changes at once. That a change waits for the maintenance window is not simulated. */
function modify(caches: Caches, input: ModifyReplicationGroupMessage) {
  const what = 'elasticache:ModifyReplicationGroup'
  onlyMembers(what, input, [...SHOWN, ...OTHERS, 'AuthTokenUpdateStrategy', 'ApplyImmediately'])
  if (!input.ApplyImmediately) throw new NotImplemented(`${what} without ApplyImmediately`)
  const cache = available(caches, input.ReplicationGroupId)
  beginTransition(caches, cache, 'modifying', () => {
    Object.assign(cache.shape, shownOf(input), { Status: 'available' })
  })
  return { ReplicationGroup: clone(cache.shape) }
}

function shownOf(input: Asked): Partial<ReplicationGroup> {
  return Object.fromEntries(
    SHOWN.flatMap((member) => (input[member] === undefined ? [] : [[member, input[member]]])),
  )
}

/** @throws AwsError InvalidReplicationGroupStateFault while it changes from one state to another. */
function available(caches: Caches, named: string | undefined): Cache {
  const cache = caches.cache(named)
  const { Status } = cache.shape
  if (Status === 'available') return cache
  const message = `Replication group ${cache.id} has status ${Status} which is not valid for this request.`
  throw new AwsError('InvalidReplicationGroupStateFault', message)
}

function beginTransition(
  { aws: { world } }: Caches,
  cache: Cache,
  status: keyof typeof RANGES,
  done: () => void,
): void {
  cache.shape.Status = status
  const [low, high] = RANGES[status]
  const time = Math.round(world.random.between(`elasticache/${status}`, low, high))
  world.after(time, `ElastiCache: ${cache.id} is ${status}`, done)
}
