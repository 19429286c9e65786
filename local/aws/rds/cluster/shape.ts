import type { CreateDBClusterMessage, DBCluster } from '@aws-sdk/client-rds'
import { clone } from '../../clone.ts'
import { tagList } from '../../tags.ts'
import type { Cluster, Databases } from '../model.ts'

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

/** What a request says of what a cluster shows: only what it gives. */
export function shownOf(input: Partial<CreateDBClusterMessage>): DBCluster {
  const { VpcSecurityGroupIds: groups, EnableIAMDatabaseAuthentication: iam } = input
  return {
    ...Object.fromEntries(
      SHOWN.flatMap((member) => (input[member] === undefined ? [] : [[member, input[member]]])),
    ),
    ...(groups === undefined
      ? {}
      : {
          VpcSecurityGroups: groups.map((VpcSecurityGroupId) => ({
            VpcSecurityGroupId,
            Status: 'active',
          })),
        }),
    ...(input.EnableCloudwatchLogsExports === undefined
      ? {}
      : { EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports }),
    ...(iam === undefined ? {} : { IAMDatabaseAuthenticationEnabled: iam }),
  }
}

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
