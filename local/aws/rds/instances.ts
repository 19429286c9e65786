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
import { emitInstanceEvent } from './events.ts'
import { parameterGroupOf } from './groups.ts'
import { available, beginTransition } from './life.ts'
import { type Databases, type Instance, invalidCombination, invalidValue } from './model.ts'
import { forgetReplication } from './replication.ts'
import { createMasterSecret, deleteMasterSecret } from './secret.ts'
import { DEFAULTS, instanceShape, SHOWN, shownOf } from './shape.ts'
import { checkWindows, chosenWindows, type Windows } from './window.ts'

const ID = /^[a-z](-?[a-z0-9]){0,62}$/

/** The hosted zone of database endpoints in eu-central-1; for DNS aliases. */
const HOSTED_ZONE = 'Z1RLNUO7B9Q6NB'

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
  const windows = windowsOf(databases, input)
  const instance = addInstance(databases, {
    id,
    shape: {
      ...DEFAULTS,
      ...shownOf(input),
      PreferredBackupWindow: windows.backup,
      PreferredMaintenanceWindow: windows.maintenance,
      ...parameterGroupOf(databases, input),
    },
    ...(input.DBSubnetGroupName === undefined
      ? {}
      : { subnetGroup: databases.subnetGroup(input.DBSubnetGroupName) }),
    port: input.Port ?? (/mysql|mariadb/.test(input.Engine ?? '') ? 3306 : 5432),
    tags: tagsFrom(input.Tags),
  })
  if (input.ManageMasterUserPassword) await createMasterSecret(databases.aws, instance)
  return { DBInstance: instanceShape(instance) }
}

/** @throws AwsError when the two windows overlap */
function windowsOf({ aws }: Databases, input: CreateDBInstanceMessage): Windows {
  const { PreferredBackupWindow: backup, PreferredMaintenanceWindow: maintenance } = input
  const windows = chosenWindows(aws.world, {
    ...(backup === undefined ? {} : { backup }),
    ...(maintenance === undefined ? {} : { maintenance }),
  })
  checkWindows(windows)
  return windows
}

type New = Pick<Instance, 'id' | 'shape' | 'tags' | 'subnetGroup'> & { port: number }

/** An instance that is being created. */
export function addInstance(
  databases: Databases,
  { id, shape, tags, subnetGroup, port }: New,
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
  planBackups(databases, instance)
  beginTransition(databases, instance, 'creating', () => available(databases, instance, 'created'))
  return instance
}

function checkCreate(databases: Databases, id: string, input: CreateDBInstanceMessage): void {
  checkName(databases, id)
  if (input.Engine?.startsWith('aurora')) throw new NotImplemented('instances of Aurora clusters')
  if (input.ManageMasterUserPassword && input.MasterUserPassword !== undefined) {
    throw invalidCombination(
      "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
    )
  }
}

/** @throws AwsError InvalidParameterValue, DBInstanceAlreadyExistsFault */
export function checkName({ instances }: Databases, id: string): void {
  if (!ID.test(id)) {
    throw invalidValue(
      `Invalid database identifier: ${id}. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    )
  }
  if (instances.has(id)) {
    throw new AwsError('DBInstanceAlreadyExistsFault', 'DB instance already exists')
  }
}

function describe(databases: Databases, input: DescribeDBInstancesMessage) {
  onlyMembers('rds:DescribeDBInstances', input, ['DBInstanceIdentifier', 'Marker', 'MaxRecords'])
  const { DBInstanceIdentifier: named, Marker: token, MaxRecords: limit = 100 } = input
  const found =
    named === undefined ? [...databases.instances.values()] : [databases.instance(named)]
  const { items, next } = page(found, { token, limit, invalid: 'InvalidParameterValue' })
  return { DBInstances: items.map(instanceShape), ...(next === undefined ? {} : { Marker: next }) }
}

async function remove(databases: Databases, input: DeleteDBInstanceMessage): Promise<Answer> {
  const what = 'rds:DeleteDBInstance'
  onlyMembers(what, input, ['DBInstanceIdentifier', 'SkipFinalSnapshot', 'DeleteAutomatedBackups'])
  const instance = databases.instance(input.DBInstanceIdentifier)
  if (!input.SkipFinalSnapshot) {
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
  beginTransition(databases, instance, 'deleting', () => {
    databases.instances.delete(instance.id)
    emitInstanceEvent(databases.aws, instance, 'deleted')
  })
  await deleteMasterSecret(databases.aws, instance)
  return { DBInstance: instanceShape(instance) }
}
