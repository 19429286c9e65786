import type { CreateDBClusterMessage, DBCluster } from '@aws-sdk/client-rds'
import { clone } from '../../clone.ts'
import { tagList } from '../../tags.ts'
import type { Cluster, Databases } from '../model.ts'
import { shownIn } from '../shown.ts'

/** Members of a request that a cluster shows as they were given. */
export const SHOWN = [
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DatabaseName',
  'DeletionProtection',
  'Engine',
  'EngineMode',
  'EngineVersion',
  'KmsKeyId',
  'MasterUsername',
  'Port',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'ReplicationSourceIdentifier',
  'ServerlessV2ScalingConfiguration',
  'StorageEncrypted',
] as const satisfies readonly (keyof CreateDBClusterMessage & (keyof DBCluster | 'EngineMode'))[]

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
export const DEFAULTS: DBCluster = {
  BackupRetentionPeriod: 1,
  CopyTagsToSnapshot: false,
  DeletionProtection: false,
  EngineMode: 'provisioned',
  StorageEncrypted: false,
}

/** What a request says of what a cluster shows. */
export const shownOf = (input: Partial<CreateDBClusterMessage>): DBCluster => shownIn(input, SHOWN)

/** A cluster as answers show it. */
export function clusterShape(databases: Databases, cluster: Cluster): DBCluster {
  const { shape, subnetGroup, tags, writer } = cluster
  return clone({
    ...shape,
    ...(subnetGroup === undefined ? {} : { DBSubnetGroup: subnetGroup.shape.DBSubnetGroupName }),
    DBClusterMembers: databases.membersOf(cluster).map((member) => ({
      DBInstanceIdentifier: member.id,
      IsClusterWriter: member === writer,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: member.shape.PromotionTier,
    })),
    TagList: tagList(tags),
  })
}
