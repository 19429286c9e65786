import type {
  CreateCacheSubnetGroupResult,
  CreateReplicationGroupResult,
  ReplicationGroupMessage,
} from '@aws-sdk/client-elasticache'
import { AwsError } from '../../aws/errors.ts'
import type { Context } from '../context.ts'
import { given, type TypeTable } from '../resource-type.ts'

const HOUR = 60 * 60_000

const SET_WHEN_MADE = [
  'AtRestEncryptionEnabled',
  'CacheSubnetGroupName',
  'Engine',
  'Port',
  'ReplicationGroupId',
  'TransitEncryptionEnabled',
]

const CHANGEABLE = [
  'AuthToken',
  'AutoMinorVersionUpgrade',
  'CacheNodeType',
  'EngineVersion',
  'SecurityGroupIds',
  'SnapshotRetentionLimit',
  'TransitEncryptionMode',
]

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ElastiCache.html */
export const ELASTICACHE: TypeTable = {
  'AWS::ElastiCache::ReplicationGroup': {
    effect: [
      ...SET_WHEN_MADE,
      ...CHANGEABLE,
      'AutomaticFailoverEnabled',
      'MultiAZEnabled',
      'NumCacheClusters',
      'ReplicationGroupDescription',
    ],
    replacedBy: SET_WHEN_MADE,
    create: async (context, properties) => {
      const name = context.name(properties.ReplicationGroupId, { most: 40, lower: true })
      const input = { ...properties, ReplicationGroupId: name }
      const { ReplicationGroup: made } = await context.call<CreateReplicationGroupResult>(
        'elasticache',
        'CreateReplicationGroup',
        input,
      )
      const ref = made?.ReplicationGroupId ?? ''
      const { NodeGroups: [nodes] = [], ARN: arn = '' } = await available(context, ref)
      return {
        ref,
        arn,
        attributes: {
          'PrimaryEndPoint.Address': nodes?.PrimaryEndpoint?.Address,
          'PrimaryEndPoint.Port': String(nodes?.PrimaryEndpoint?.Port),
          'ReaderEndPoint.Address': nodes?.ReaderEndpoint?.Address,
          'ReaderEndPoint.Port': String(nodes?.ReaderEndpoint?.Port),
        },
      }
    },
    update: async (context, properties, { ref: ReplicationGroupId }) => {
      await context.call('elasticache', 'ModifyReplicationGroup', {
        ...given(Object.fromEntries(CHANGEABLE.map((name) => [name, properties[name]]))),
        ReplicationGroupId,
        ApplyImmediately: true,
      })
      await available(context, ReplicationGroupId)
    },
    delete: async (context, { ref }) => {
      const input = { ReplicationGroupId: ref }
      await context.call('elasticache', 'DeleteReplicationGroup', input)
      const isGone = async () => (await find(context, ref)) === undefined
      await context.until(`The cache ${ref} is not gone`, isGone, HOUR)
    },
  },
  'AWS::ElastiCache::SubnetGroup': {
    effect: ['CacheSubnetGroupName', 'Description', 'SubnetIds'],
    replacedBy: ['CacheSubnetGroupName'],
    create: async (context, { Description, SubnetIds, CacheSubnetGroupName: name }) => {
      const CacheSubnetGroupName = context.name(name, { most: 255, lower: true })
      const { CacheSubnetGroup: { ARN: arn = '' } = {} } =
        await context.call<CreateCacheSubnetGroupResult>('elasticache', 'CreateCacheSubnetGroup', {
          CacheSubnetGroupName,
          CacheSubnetGroupDescription: Description,
          SubnetIds,
        })
      return { ref: CacheSubnetGroupName, arn }
    },
    update: async (context, { Description, SubnetIds }, { ref: CacheSubnetGroupName }) => {
      const changes = given({ CacheSubnetGroupDescription: Description, SubnetIds })
      const input = { ...changes, CacheSubnetGroupName }
      await context.call('elasticache', 'ModifyCacheSubnetGroup', input)
    },
    delete: (context, { ref }) =>
      context.call('elasticache', 'DeleteCacheSubnetGroup', { CacheSubnetGroupName: ref }),
  },
}

async function find(context: Context, ReplicationGroupId: string) {
  try {
    const { ReplicationGroups } = await context.call<ReplicationGroupMessage>(
      'elasticache',
      'DescribeReplicationGroups',
      { ReplicationGroupId },
    )
    return ReplicationGroups?.[0]
  } catch (error) {
    if (error instanceof AwsError && error.name === 'ReplicationGroupNotFoundFault') return
    throw error
  }
}

async function available(context: Context, id: string) {
  const is = async () => (await find(context, id))?.Status === 'available'
  await context.until(`The cache ${id} is not available`, is, HOUR)
  return (await find(context, id)) ?? {}
}
