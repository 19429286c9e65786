import type { CacheSubnetGroup, ReplicationGroup } from '@aws-sdk/client-elasticache'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'

/** A cache as it is kept, with the nodes' endpoints it shows once it is there. */
export type Cache = {
  readonly id: string
  readonly arn: string
  shape: ReplicationGroup
  nodeGroups: NonNullable<ReplicationGroup['NodeGroups']>
  subnetGroup?: SubnetGroup
  tags: Tags
}

type SubnetGroup = { readonly arn: string; shape: CacheSubnetGroup; tags: Tags }

const NOT_FOUND = { statusCode: 404 }

/** Everything ElastiCache keeps in the account, by name in lower case. */
export class Caches {
  readonly aws: Aws
  readonly groups = new Map<string, Cache>()
  readonly subnetGroups = new Map<string, SubnetGroup>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** @throws AwsError ReplicationGroupNotFoundFault */
  cache(named = ''): Cache {
    const found = this.groups.get(nameOf(named))
    if (found !== undefined) return found
    const message = `ReplicationGroup ${nameOf(named)} not found.`
    throw new AwsError('ReplicationGroupNotFoundFault', message, NOT_FOUND)
  }

  /** @throws AwsError CacheSubnetGroupNotFoundFault */
  subnetGroup(named = ''): SubnetGroup {
    const found = this.subnetGroups.get(nameOf(named))
    if (found !== undefined) return found
    const message = `CacheSubnetGroup ${nameOf(named)} not found.`
    throw new AwsError('CacheSubnetGroupNotFoundFault', message, NOT_FOUND)
  }

  /** @throws AwsError as its kind is not found. */
  tagsOf(arn = ''): Tags {
    const isSubnetGroup = arn.split(':')[5] === 'subnetgroup'
    return isSubnetGroup ? this.subnetGroup(arn).tags : this.cache(arn).tags
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const kept of [this.groups, this.subnetGroups]) {
      for (const { arn, tags } of kept.values()) yield { arn, tags }
    }
  }
}

const nameOf = (named: string): string => (named.split(':').at(-1) ?? '').toLowerCase()
