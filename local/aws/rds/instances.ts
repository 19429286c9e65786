import type {
  CreateDBInstanceMessage,
  DBInstance,
  DeleteDBInstanceMessage,
  DescribeDBInstancesMessage,
  ModifyDBInstanceMessage,
} from '@aws-sdk/client-rds'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { planBackups } from './backups.ts'
import { modify } from './changes.ts'
import { clusterFor, inherited, join, leave } from './cluster/members.ts'
import { emitInstanceEvent } from './events.ts'
import { parameterGroupOf } from './groups.ts'
import { available, beginTransition } from './life.ts'
import {
  checkIdentifier,
  type Databases,
  HOSTED_ZONE,
  type Instance,
  invalidCombination,
} from './model.ts'
import { forgetReplication } from './replication.ts'
import { createMasterSecret, deleteMasterSecret } from './secret.ts'
import { DEFAULTS, instanceShape, SHOWN, shownOf } from './shape.ts'
import { windowsFor } from './window.ts'

/** Making, showing, changing and deleting databases. */
export function instanceOperations(databases: Databases) {
  return {
    CreateDBInstance: (input: CreateDBInstanceMessage) => create(databases, input),
    DescribeDBInstances: (input: DescribeDBInstancesMessage) => describe(databases, input),
    ModifyDBInstance: (input: ModifyDBInstanceMessage) => modify(databases, input),
    DeleteDBInstance: (input: DeleteDBInstanceMessage) => remove(databases, input),
  }
}

type Answer = { DBInstance: DBInstance }

async function create(databases: Databases, input: CreateDBInstanceMessage): Promise<Answer> {
  onlyMembers('rds:CreateDBInstance', input, [
    ...SHOWN,
    'DBClusterIdentifier',
    'DBInstanceIdentifier',
    'DBParameterGroupName',
    'DBSubnetGroupName',
    'EnableCloudwatchLogsExports',
    'EnableIAMDatabaseAuthentication',
    'ManageMasterUserPassword',
    'MasterUserPassword',
    'Port',
    'Tags',
    'VpcSecurityGroupIds',
  ])
  const id = input.DBInstanceIdentifier?.toLowerCase() ?? ''
  checkCreate(databases, id, input)
  const cluster = clusterFor(databases, input)
  const windows = windowsFor(databases.aws.world, input)
  const instance = addInstance(databases, {
    id,
    shape: {
      ...DEFAULTS,
      ...(cluster && inherited(cluster)),
      ...shownOf(input),
      PreferredBackupWindow: windows.backup,
      PreferredMaintenanceWindow: windows.maintenance,
      ...parameterGroupOf(databases, input),
    },
    ...(input.DBSubnetGroupName === undefined
      ? cluster?.subnetGroup && { subnetGroup: cluster.subnetGroup }
      : { subnetGroup: databases.subnetGroup(input.DBSubnetGroupName) }),
    ...(cluster && { cluster }),
    port:
      input.Port ?? cluster?.shape.Port ?? (/mysql|mariadb/.test(input.Engine ?? '') ? 3306 : 5432),
    tags: tagsFrom(input.Tags),
  })
  if (input.ManageMasterUserPassword) await createMasterSecret(databases.aws, instance)
  return { DBInstance: instanceShape(instance) }
}

type New = Pick<Instance, 'id' | 'shape' | 'tags' | 'subnetGroup' | 'cluster'> & { port: number }

/** An instance that is being created. */
export function addInstance(
  databases: Databases,
  { id, shape, tags, subnetGroup, cluster, port }: New,
): Instance {
  const { world, region } = databases.aws
  const arn = databases.arn('db', id)
  const instance: Instance = {
    id,
    arn,
    shape: {
      AvailabilityZone: `${region}a`,
      ...shape,
      PendingModifiedValues: {},
      DBInstanceIdentifier: id,
      DBInstanceArn: arn,
      DbiResourceId: `db-${world.random.hex('rds/resource', 26).toUpperCase()}`,
      InstanceCreateTime: world.date,
    },
    ...(subnetGroup === undefined ? {} : { subnetGroup }),
    endpoint: {
      Address: `${id}.${world.random.hex('rds/host', 12)}.${region}.rds.amazonaws.com`,
      Port: port,
      HostedZoneId: HOSTED_ZONE,
    },
    tags,
  }
  databases.instances.set(id, instance)
  if (cluster === undefined) planBackups(databases, instance)
  else join(databases, cluster, instance)
  beginTransition(databases, instance, 'creating', () => available(databases, instance, 'created'))
  return instance
}

function checkCreate(databases: Databases, id: string, input: CreateDBInstanceMessage): void {
  checkName(databases, id)
  if (input.ManageMasterUserPassword && input.MasterUserPassword !== undefined) {
    throw invalidCombination(
      "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
    )
  }
}

/** @throws AwsError InvalidParameterValue, DBInstanceAlreadyExistsFault */
export function checkName({ instances }: Databases, id: string): void {
  checkIdentifier(id)
  if (instances.has(id)) {
    throw new AwsError('DBInstanceAlreadyExistsFault', 'DB instance already exists')
  }
}

function describe(databases: Databases, input: DescribeDBInstancesMessage) {
  onlyMembers('rds:DescribeDBInstances', input, [
    'DBInstanceIdentifier',
    'Filters',
    'Marker',
    'MaxRecords',
  ])
  const { DBInstanceIdentifier: named, Marker: token, MaxRecords: limit = 100 } = input
  const all = named === undefined ? [...databases.instances.values()] : [databases.instance(named)]
  const found = all.filter((instance) => passes(instance, input.Filters))
  const { items, next } = page(found, { token, limit, invalid: 'InvalidParameterValue' })
  return { DBInstances: items.map(instanceShape), ...(next === undefined ? {} : { Marker: next }) }
}

/** @throws NotImplemented for a filter of another name. */
const passes = (instance: Instance, filters: DescribeDBInstancesMessage['Filters'] = []) =>
  filters.every(({ Name = '', Values = [] }) => {
    const look = FILTERS[Name]
    if (look === undefined) throw new NotImplemented(`the filter ${Name} of DBInstances`)
    return Values.includes(look(instance) ?? '')
  })

const FILTERS: Readonly<Record<string, (instance: Instance) => string | undefined>> = {
  'db-cluster-id': ({ cluster }) => cluster?.shape.DBClusterIdentifier,
  'db-instance-id': ({ shape }) => shape.DBInstanceIdentifier,
}

async function remove(databases: Databases, input: DeleteDBInstanceMessage): Promise<Answer> {
  const what = 'rds:DeleteDBInstance'
  onlyMembers(what, input, ['DBInstanceIdentifier', 'SkipFinalSnapshot', 'DeleteAutomatedBackups'])
  const instance = databases.instance(input.DBInstanceIdentifier)
  if (!input.SkipFinalSnapshot && instance.cluster === undefined) {
    throw invalidCombination(
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    )
  }
  if (instance.shape.DeletionProtection) {
    throw invalidCombination(
      'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    )
  }
  if (instance.shape.DBInstanceStatus === 'deleting') {
    throw new AwsError(
      'InvalidDBInstanceStateFault',
      `Instance ${instance.id} is already being deleted.`,
    )
  }
  instance.backup?.cancel()
  instance.maintenance?.cancel()
  forgetReplication(databases, instance)
  leave(databases, instance)
  beginTransition(databases, instance, 'deleting', () => {
    databases.instances.delete(instance.id)
    emitInstanceEvent(databases.aws, instance, 'deleted')
  })
  await deleteMasterSecret(databases.aws, instance)
  return { DBInstance: instanceShape(instance) }
}
