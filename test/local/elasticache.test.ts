import type { ReplicationGroup } from '@aws-sdk/client-elasticache'
import { beforeEach, describe, expect, it } from 'vitest'
import { ElastiCache } from '../../local/aws/elasticache/elasticache.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { Account } from '../kits/account.ts'

const MINUTE = 60_000
const ARN = 'arn:aws:elasticache:eu-central-1:123456789012:replicationgroup:dev-cache'
const CACHE = { ReplicationGroupId: 'dev-cache' }

describe('a cache', () => {
  let account: Account
  const call = <Output = Record<string, unknown>>(
    operation: string,
    input: object,
    service = 'elasticache',
  ) => account.call<Output>(service, operation, input)

  const cache = async () => {
    const { ReplicationGroups } = await call<{ ReplicationGroups: ReplicationGroup[] }>(
      'DescribeReplicationGroups',
      CACHE,
    )
    return ReplicationGroups[0] ?? {}
  }

  beforeEach(async () => {
    account = new Account([ElastiCache, Tagging])
    await call('CreateCacheSubnetGroup', {
      CacheSubnetGroupName: 'isolated',
      CacheSubnetGroupDescription: 'Isolated subnets',
      SubnetIds: ['subnet-1'],
    })
    await call('CreateReplicationGroup', {
      ReplicationGroupId: 'Dev-Cache',
      ReplicationGroupDescription: 'Cache of the services of dev',
      CacheNodeType: 'cache.t4g.micro',
      CacheSubnetGroupName: 'isolated',
      Engine: 'valkey',
      NumCacheClusters: 2,
      Tags: [{ Key: 'caretaker:owner', Value: 'platform' }],
    })
  })

  it('is created for minutes, then has its addresses', async () => {
    expect(await cache()).toMatchObject({
      Status: 'creating',
      MemberClusters: ['dev-cache-001', 'dev-cache-002'],
    })
    expect((await cache()).NodeGroups).toBeUndefined()
    await account.run(8 * MINUTE)
    expect(await cache()).toMatchObject({
      ARN,
      Status: 'available',
      NodeGroups: [
        {
          PrimaryEndpoint: { Address: expect.stringMatching(/^master\.dev-cache\./), Port: 6379 },
          NodeGroupMembers: [{ CurrentRole: 'primary' }, { CurrentRole: 'replica' }],
        },
      ],
    })
  })

  it('is changed at once, when nothing else is under way', async () => {
    const larger = { ...CACHE, CacheNodeType: 'cache.t4g.small', ApplyImmediately: true }
    await expect(call('ModifyReplicationGroup', larger)).rejects.toThrow('has status creating')
    await account.run(8 * MINUTE)
    await call('ModifyReplicationGroup', larger)
    expect(await cache()).toMatchObject({ Status: 'modifying', CacheNodeType: 'cache.t4g.micro' })
    await account.run(5 * MINUTE)
    expect(await cache()).toMatchObject({ Status: 'available', CacheNodeType: 'cache.t4g.small' })
  })

  it('goes before its subnet group', async () => {
    await account.run(8 * MINUTE)
    const group = { CacheSubnetGroupName: 'isolated' }
    await expect(call('DeleteCacheSubnetGroup', group)).rejects.toThrow('used by dev-cache')
    await call('DeleteReplicationGroup', CACHE)
    expect(await cache()).toMatchObject({ Status: 'deleting' })
    await account.run(5 * MINUTE)
    await expect(cache()).rejects.toMatchObject({ name: 'ReplicationGroupNotFoundFault' })
    await call('DeleteCacheSubnetGroup', group)
  })

  it('is found by its tags, which change through the tagging API too', async () => {
    const tag = { ResourceARNList: [ARN], Tags: { 'caretaker:schedule': 'always-on' } }
    await call('TagResources', tag, 'resource-groups-tagging-api')
    await call('RemoveTagsFromResource', { ResourceName: ARN, TagKeys: ['caretaker:owner'] })
    expect(await call('ListTagsForResource', { ResourceName: ARN })).toEqual({
      TagList: [{ Key: 'caretaker:schedule', Value: 'always-on' }],
    })
  })

  it.each([
    ['ReplicationGroupAlreadyExistsFault', CACHE],
    ['CacheSubnetGroupNotFoundFault', { ReplicationGroupId: 'new', CacheSubnetGroupName: 'no' }],
    ['NotImplemented', { ReplicationGroupId: 'new', NumNodeGroups: 3 }],
  ])('is refused with %s for %j', async (name, input) => {
    const asked = { ReplicationGroupDescription: 'why', ...input }
    await expect(call('CreateReplicationGroup', asked)).rejects.toMatchObject({ name })
  })
})
