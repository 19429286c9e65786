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
import { emitInstanceEvent } from './events.ts'
import { available, beginTransition } from './life.ts'
import {
  type Databases,
  type Instance,
  invalidCombination,
  invalidValue,
  requireState,
} from './model.ts'
import { createMasterSecret, deleteMasterSecret } from './secret.ts'
import { DEFAULTS, instanceShape, SHOWN, shownOf } from './shape.ts'

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
  const { aws } = databases
  const id = input.DBInstanceIdentifier?.toLowerCase() ?? ''
  checkCreate(databases, id, input)
  const arn = databases.arn('db', id)
  const instance: Instance = {
    id,
    arn,
    shape: {
      AvailabilityZone: `${aws.region}a`,
      ...DEFAULTS,
      ...shownOf(input),
      DBInstanceIdentifier: id,
      DBInstanceArn: arn,
      DbiResourceId: `db-${aws.world.random.hex('rds/resource', 26).toUpperCase()}`,
      InstanceCreateTime: aws.world.date,
      ...parameterGroupOf(databases, input),
    },
    ...(input.DBSubnetGroupName === undefined
      ? {}
      : { subnetGroup: databases.subnetGroup(input.DBSubnetGroupName) }),
    endpoint: {
      Address: `${id}.${aws.world.random.hex('rds/host', 12)}.${aws.region}.rds.amazonaws.com`,
      Port: input.Port ?? (/mysql|mariadb/.test(input.Engine ?? '') ? 3306 : 5432),
      HostedZoneId: HOSTED_ZONE,
    },
    tags: tagsFrom(input.Tags),
  }
  databases.instances.set(id, instance)
  beginTransition(databases, instance, 'creating', () => available(databases, instance, 'created'))
  if (input.ManageMasterUserPassword) await createMasterSecret(aws, instance)
  return { DBInstance: instanceShape(instance) }
}

function checkCreate({ instances }: Databases, id: string, input: CreateDBInstanceMessage): void {
  if (!ID.test(id)) {
    throw invalidValue(
      `Invalid database identifier: ${id}. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    )
  }
  if (instances.has(id)) {
    throw new AwsError('DBInstanceAlreadyExistsFault', 'DB instance already exists')
  }
  if (input.Engine?.startsWith('aurora')) throw new NotImplemented('instances of Aurora clusters')
  if (input.ManageMasterUserPassword && input.MasterUserPassword !== undefined) {
    throw invalidCombination(
      "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
    )
  }
}

function parameterGroupOf(
  databases: Databases,
  { DBParameterGroupName: name, Engine, EngineVersion = '' }: Partial<CreateDBInstanceMessage>,
): Pick<DBInstance, 'DBParameterGroups'> {
  if (name !== undefined) databases.parameterGroup(name)
  const DBParameterGroupName = name ?? `default.${Engine}${EngineVersion.split('.')[0]}`
  return { DBParameterGroups: [{ DBParameterGroupName, ParameterApplyStatus: 'in-sync' }] }
}

function describe(databases: Databases, input: DescribeDBInstancesMessage) {
  onlyMembers('rds:DescribeDBInstances', input, ['DBInstanceIdentifier', 'Marker', 'MaxRecords'])
  const { DBInstanceIdentifier: named, Marker: token, MaxRecords: limit = 100 } = input
  const found =
    named === undefined ? [...databases.instances.values()] : [databases.instance(named)]
  const { items, next } = page(found, { token, limit, invalid: 'InvalidParameterValue' })
  return { DBInstances: items.map(instanceShape), ...(next === undefined ? {} : { Marker: next }) }
}

/** What `ModifyDBInstance` can change here. */
export const CHANGEABLE = [
  'AllocatedStorage',
  'AutoMinorVersionUpgrade',
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DBInstanceClass',
  'DBParameterGroupName',
  'DeletionProtection',
  'EngineVersion',
  'MaxAllocatedStorage',
  'MultiAZ',
  'PubliclyAccessible',
  'StorageType',
  'VpcSecurityGroupIds',
]

/** Changes at once. That a change waits for the maintenance window is not simulated. */
function modify(databases: Databases, input: ModifyDBInstanceMessage): Answer {
  const { DBInstanceIdentifier, ApplyImmediately, ...changes } = input
  onlyMembers('rds:ModifyDBInstance', changes, CHANGEABLE)
  if (!ApplyImmediately) throw new NotImplemented('rds:ModifyDBInstance without ApplyImmediately')
  const instance = databases.instance(DBInstanceIdentifier)
  requireState(instance, 'available')
  const { DBParameterGroupName } = changes
  beginTransition(databases, instance, 'modifying', () => {
    Object.assign(instance.shape, shownOf(changes))
    available(databases, instance)
  })
  if (DBParameterGroupName !== undefined) {
    Object.assign(instance.shape, parameterGroupOf(databases, { DBParameterGroupName }))
  }
  return { DBInstance: instanceShape(instance) }
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
  beginTransition(databases, instance, 'deleting', () => {
    databases.instances.delete(instance.id)
    emitInstanceEvent(databases.aws, instance, 'deleted')
  })
  await deleteMasterSecret(databases.aws, instance)
  return { DBInstance: instanceShape(instance) }
}
