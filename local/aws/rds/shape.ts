import type { CreateDBInstanceMessage, DBInstance } from '@aws-sdk/client-rds'
import { clone } from '../clone.ts'
import { tagList } from '../tags.ts'
import type { Instance } from './model.ts'
import { shownIn } from './shown.ts'

/** Members of a request that an instance shows as they were given. */
export const SHOWN = [
  'AllocatedStorage',
  'AutoMinorVersionUpgrade',
  'AvailabilityZone',
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DBInstanceClass',
  'DBName',
  'DeletionProtection',
  'Engine',
  'EngineVersion',
  'Iops',
  'KmsKeyId',
  'MasterUsername',
  'MaxAllocatedStorage',
  'MonitoringInterval',
  'MonitoringRoleArn',
  'MultiAZ',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'PromotionTier',
  'PubliclyAccessible',
  'StorageEncrypted',
  'StorageThroughput',
  'StorageType',
] as const satisfies readonly (keyof CreateDBInstanceMessage & keyof DBInstance)[]

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
export const DEFAULTS: DBInstance = {
  AutoMinorVersionUpgrade: true,
  BackupRetentionPeriod: 1,
  CopyTagsToSnapshot: false,
  DeletionProtection: false,
  MonitoringInterval: 0,
  MultiAZ: false,
  PubliclyAccessible: false,
  StorageEncrypted: false,
  StorageType: 'gp2',
}

/** What a request says of what an instance shows. */
export const shownOf = (input: Partial<CreateDBInstanceMessage>): Partial<DBInstance> =>
  shownIn(input, SHOWN)

/** An instance as answers show it. */
export function instanceShape({ shape, subnetGroup, tags }: Instance): DBInstance {
  const group = subnetGroup === undefined ? {} : { DBSubnetGroup: subnetGroup.shape }
  return clone({ ...shape, ...group, TagList: tagList(tags) })
}
