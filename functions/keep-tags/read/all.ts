import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECSClient } from '@aws-sdk/client-ecs'
import { RDSClient } from '@aws-sdk/client-rds'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { TagPolicy } from '../../../domain/tagging/policy.ts'
import type { WatchedType } from '../../../domain/tagging/types.ts'
import type { Tools } from '../../shared/handler.ts'
import { clusterReader, databaseReader } from './databases.ts'
import { groupReader } from './groups.ts'
import { instanceReader } from './instances.ts'
import {
  fileSystems,
  functions,
  loadBalancers,
  repositories,
  targetGroups,
} from './kinds/compute.ts'
import { caches, logGroups, queues, tables, topics } from './kinds/data.ts'
import type { Using } from './kinds/using.ts'
import { type Kind, listedReader } from './listed.ts'
import type { Place, Reader } from './reader.ts'
import { serviceReader } from './services.ts'
import { TagIndex } from './tag-index.ts'
import { taskReader } from './tasks.ts'
import { snapshotReader, volumeReader } from './volumes.ts'

/** Types that are read by a row each. */
const KINDS: Partial<Record<WatchedType, (using: Using) => Kind>> = {
  'elasticloadbalancing:loadbalancer': loadBalancers,
  'elasticloadbalancing:targetgroup': targetGroups,
  'lambda:function': functions,
  'elasticfilesystem:file-system': fileSystems,
  'elasticache:replicationgroup': caches,
  'dynamodb:table': tables,
  'ecr:repository': repositories,
  'logs:log-group': logGroups,
  'sqs:queue': queues,
  'sns:topic': topics,
}

/** Of these the Tagging API is asked, because no list of their own shows tags. */
const INDEXED = [
  'ecs:service',
  ...(Object.keys(KINDS) as WatchedType[]).filter((one) => one !== 'elasticfilesystem:file-system'),
]

/** A reader for each type that the catalog watches, and for no other. */
export function readersOf(
  { client, pause }: Pick<Tools<unknown>, 'client' | 'pause'>,
  place: Place,
  { watch, ladder }: TagPolicy,
): Reader[] {
  const tagging = client(ResourceGroupsTaggingAPIClient)
  const indexed = watch.filter((type) => INDEXED.includes(type))
  const index = new TagIndex({ tagging, pause }, indexed)
  const make: Partial<Record<WatchedType, () => Reader>> = {
    'ec2:instance': () => instanceReader(client(EC2Client), place, ladder.upTo === 'stop'),
    'ec2:volume': () => volumeReader(client(EC2Client), place),
    'ec2:snapshot': () => snapshotReader(client(EC2Client), place),
    'autoscaling:group': () => groupReader(client(AutoScalingClient)),
    'rds:db': () => databaseReader(client(RDSClient)),
    'rds:cluster': () => clusterReader(client(RDSClient)),
    'ecs:service': () => serviceReader({ ecs: client(ECSClient), index, pause }),
    'ecs:task': () => taskReader({ ecs: client(ECSClient), pause }),
  }
  return [...new Set(watch)].flatMap((type) => {
    const kind = KINDS[type]
    if (kind !== undefined) return [listedReader(kind({ client, place }), index, pause)]
    return make[type]?.() ?? []
  })
}
