import type {
  CreateCacheSubnetGroupMessage,
  DeleteCacheSubnetGroupMessage,
  DescribeCacheSubnetGroupsMessage,
  ModifyCacheSubnetGroupMessage,
} from '@aws-sdk/client-elasticache'
import type { Aws, Operations, Service } from '../aws.ts'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Tags, type TagWords, taggable, tagsFrom } from '../tags.ts'
import { Caches } from './model.ts'
import { replicationGroupOperations } from './replication-groups.ts'

const TAG_WORDS: TagWords = {
  operations: ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'],
  resource: 'ResourceName',
  answer: 'TagList',
  answersChanges: true,
}

/**
 * Amazon ElastiCache: replication groups of one shard with their states, without an inside.
 * Serverless caches, sharded ones, users and snapshots are refused by name.
 */
export class ElastiCache implements Service {
  readonly id = 'elasticache'
  readonly operations: Operations
  readonly #caches: Caches

  constructor(aws: Aws) {
    this.#caches = new Caches(aws)
    this.operations = {
      ...replicationGroupOperations(this.#caches),
      ...subnetGroupOperations(this.#caches),
      ...taggable(TAG_WORDS, (arn) => this.#caches.tagsOf(arn)),
    }
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#caches.tagged()
  }
}

/** In which subnets caches may be: kept and shown, since there are no packets. */
function subnetGroupOperations(caches: Caches) {
  const { subnetGroups } = caches
  const subnets = (ids: readonly string[] = []) =>
    ids.map((SubnetIdentifier) => ({ SubnetIdentifier }))
  return {
    CreateCacheSubnetGroup: (input: CreateCacheSubnetGroupMessage) => {
      const name = (input.CacheSubnetGroupName ?? '').toLowerCase()
      if (subnetGroups.has(name)) {
        const message = `Cache subnet group ${name} already exists.`
        throw new AwsError('CacheSubnetGroupAlreadyExistsFault', message)
      }
      const arn = caches.aws.arn('elasticache', `subnetgroup:${name}`)
      const shape = {
        CacheSubnetGroupName: name,
        CacheSubnetGroupDescription: input.CacheSubnetGroupDescription,
        ARN: arn,
        Subnets: subnets(input.SubnetIds),
      }
      subnetGroups.set(name, { arn, shape, tags: tagsFrom(input.Tags) })
      return { CacheSubnetGroup: clone(shape) }
    },
    ModifyCacheSubnetGroup: (input: ModifyCacheSubnetGroupMessage) => {
      const { shape } = caches.subnetGroup(input.CacheSubnetGroupName)
      const { CacheSubnetGroupDescription: description, SubnetIds } = input
      if (SubnetIds !== undefined) shape.Subnets = subnets(SubnetIds)
      if (description !== undefined) shape.CacheSubnetGroupDescription = description
      return { CacheSubnetGroup: clone(shape) }
    },
    DescribeCacheSubnetGroups: (input: DescribeCacheSubnetGroupsMessage) => {
      onlyMembers('elasticache:DescribeCacheSubnetGroups', input, ['CacheSubnetGroupName'])
      const { CacheSubnetGroupName: name } = input
      const found = name === undefined ? [...subnetGroups.values()] : [caches.subnetGroup(name)]
      return { CacheSubnetGroups: found.map(({ shape }) => clone(shape)) }
    },
    DeleteCacheSubnetGroup: ({ CacheSubnetGroupName }: DeleteCacheSubnetGroupMessage) => {
      const group = caches.subnetGroup(CacheSubnetGroupName)
      const user = [...caches.groups.values()].find(({ subnetGroup }) => subnetGroup === group)
      if (user !== undefined) {
        throw new AwsError('CacheSubnetGroupInUse', `The group is used by ${user.id}.`)
      }
      subnetGroups.delete(group.shape.CacheSubnetGroupName ?? '')
      return {}
    },
  }
}
