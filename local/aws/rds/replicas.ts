import type {
  CreateDBInstanceReadReplicaMessage,
  PromoteReadReplicaMessage,
} from '@aws-sdk/client-rds'
import { clone } from '../clone.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { planBackups } from './backups.ts'
import { addInstance, checkName } from './instances.ts'
import { available, beginTransition } from './life.ts'
import { type Databases, requireState, wrongState } from './model.ts'
import { separate } from './replication.ts'
import { instanceShape, shownOf } from './shape.ts'

/**
 * Read replicas in the same Region: as their source, without backups of their own.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
 */
export function replicaOperations(databases: Databases) {
  return {
    CreateDBInstanceReadReplica: (input: CreateDBInstanceReadReplicaMessage) => ({
      DBInstance: create(databases, input),
    }),
    PromoteReadReplica: (input: PromoteReadReplicaMessage) => ({
      DBInstance: promote(databases, input),
    }),
  }
}

function create(databases: Databases, input: CreateDBInstanceReadReplicaMessage) {
  onlyMembers('rds:CreateDBInstanceReadReplica', input, [
    'DBInstanceIdentifier',
    'SourceDBInstanceIdentifier',
    'AvailabilityZone',
    'DBInstanceClass',
    'MultiAZ',
    'Port',
    'PubliclyAccessible',
    'Tags',
  ])
  const { SourceDBInstanceIdentifier, DBInstanceIdentifier, Port, Tags, ...asked } = input
  const id = DBInstanceIdentifier?.toLowerCase() ?? ''
  checkName(databases, id)
  const source = databases.instance(SourceDBInstanceIdentifier)
  requireState(source, 'available')
  if (!source.shape.BackupRetentionPeriod) {
    throw wrongState(
      'Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.',
    )
  }
  // These belong to the source alone.
  const {
    Endpoint: _,
    MasterUserSecret: __,
    ReadReplicaDBInstanceIdentifiers: replicas = [],
    LatestRestorableTime: ___,
    ...inherited
  } = clone(source.shape)
  const replica = addInstance(databases, {
    id,
    shape: {
      ...inherited,
      ...shownOf(asked),
      BackupRetentionPeriod: 0,
      DeletionProtection: false,
      ReadReplicaSourceDBInstanceIdentifier: source.id,
    },
    ...(source.subnetGroup === undefined ? {} : { subnetGroup: source.subnetGroup }),
    port: Port ?? source.endpoint.Port,
    tags: tagsFrom(Tags),
  })
  source.shape.ReadReplicaDBInstanceIdentifiers = [...replicas, id]
  return instanceShape(replica)
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html */
function promote(databases: Databases, input: PromoteReadReplicaMessage) {
  onlyMembers('rds:PromoteReadReplica', input, ['DBInstanceIdentifier', 'BackupRetentionPeriod'])
  const { BackupRetentionPeriod = 1 } = input
  const replica = databases.instance(input.DBInstanceIdentifier)
  if (replica.shape.ReadReplicaSourceDBInstanceIdentifier === undefined) {
    throw wrongState(`DB instance ${replica.id} is not a read replica`)
  }
  requireState(replica, 'available')
  beginTransition(databases, replica, 'modifying', () => {
    separate(databases, replica)
    Object.assign(replica.shape, { BackupRetentionPeriod })
    planBackups(databases, replica)
    available(databases, replica)
  })
  return instanceShape(replica)
}
