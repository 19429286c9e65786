import type {
  CreateDBClusterMessage,
  DBCluster,
  DeleteDBClusterMessage,
  DescribeDBClustersMessage,
  ModifyDBClusterMessage,
} from '@aws-sdk/client-rds'
import { AwsError, NotImplemented } from '../../errors.ts'
import { onlyMembers, page } from '../../members.ts'
import { tagsFrom } from '../../tags.ts'
import { emitClusterEvent } from '../events.ts'
import {
  type Cluster,
  checkIdentifier,
  clusterFault,
  type Databases,
  HOSTED_ZONE,
  invalidCombination,
} from '../model.ts'
import { createMasterSecret, deleteMasterSecret } from '../secret.ts'
import { checkWindows, windowsFor } from '../window.ts'
import { changeAll, clusterAvailable, requireClusterState } from './life.ts'
import { planPauses, readScaling } from './serverless.ts'
import { clusterShape, DEFAULTS, SHOWN, shownOf } from './shape.ts'

/** Aurora: making, showing, changing and deleting clusters. What they store is not simulated. */
export function clusterOperations(databases: Databases) {
  return {
    CreateDBCluster: (input: CreateDBClusterMessage) => create(databases, input),
    DescribeDBClusters: (input: DescribeDBClustersMessage) => describe(databases, input),
    ModifyDBCluster: (input: ModifyDBClusterMessage) => modify(databases, input),
    DeleteDBCluster: (input: DeleteDBClusterMessage) => remove(databases, input),
  }
}

type Answer = { DBCluster: DBCluster }

/** A cluster that names a global database or a source is one more of several, in another Region. */
async function create(databases: Databases, input: CreateDBClusterMessage): Promise<Answer> {
  onlyMembers('rds:CreateDBCluster', input, [
    ...SHOWN,
    'DBClusterIdentifier',
    'DBClusterParameterGroupName',
    'DBSubnetGroupName',
    'EnableCloudwatchLogsExports',
    'EnableIAMDatabaseAuthentication',
    'GlobalClusterIdentifier',
    'ManageMasterUserPassword',
    'MasterUserPassword',
    'Tags',
    'VpcSecurityGroupIds',
  ])
  const id = input.DBClusterIdentifier?.toLowerCase() ?? ''
  checkNew(databases, id, input)
  const cluster = made(databases, id, input)
  databases.clusters.set(id, cluster)
  changeAll(databases, cluster, 'creating', () => {
    // Members that are on their way come by themselves.
    cluster.shape.Status = 'available'
    emitClusterEvent(databases.aws, cluster, 'created')
    planPauses(databases, cluster)
  })
  if (input.ManageMasterUserPassword) await createMasterSecret(databases.aws, cluster, 'Cluster')
  return { DBCluster: clusterShape(databases, cluster) }
}

function checkNew(databases: Databases, id: string, input: CreateDBClusterMessage): void {
  checkIdentifier(id)
  if (databases.clusters.has(id)) {
    throw new AwsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists')
  }
  if (!input.Engine?.startsWith('aurora-')) {
    throw new NotImplemented(`Multi-AZ clusters of the engine ${input.Engine}`)
  }
  if (input.ManageMasterUserPassword && input.MasterUserPassword !== undefined) {
    throw invalidCombination(
      "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
    )
  }
}

function made(databases: Databases, id: string, input: CreateDBClusterMessage): Cluster {
  const { aws, arn } = { aws: databases.aws, arn: databases.arn('cluster', id) }
  const { random } = aws.world
  const [host, shown] = [random.hex('rds/host', 12), shownOf(input)]
  const windows = windowsFor(aws.world, input)
  const at = (kind: string) => `${id}.${kind}-${host}.${aws.region}.rds.amazonaws.com`
  const { ServerlessV2ScalingConfiguration: scaling, GlobalClusterIdentifier } = input
  return {
    id,
    arn,
    shape: {
      ...DEFAULTS,
      Port: input.Engine === 'aurora-mysql' ? 3306 : 5432,
      ...shown,
      ...(scaling && { ServerlessV2ScalingConfiguration: readScaling(shown, scaling) }),
      ...(GlobalClusterIdentifier && { GlobalClusterIdentifier }),
      ...parameterGroupOf(databases, input),
      PreferredBackupWindow: windows.backup,
      PreferredMaintenanceWindow: windows.maintenance,
      DBClusterIdentifier: id,
      DBClusterArn: arn,
      DbClusterResourceId: `cluster-${random.hex('rds/resource', 26).toUpperCase()}`,
      ClusterCreateTime: aws.world.date,
      Endpoint: at('cluster'),
      ReaderEndpoint: at('cluster-ro'),
      HostedZoneId: HOSTED_ZONE,
      MultiAZ: false,
    },
    ...(input.DBSubnetGroupName && { subnetGroup: databases.subnetGroup(input.DBSubnetGroupName) }),
    tags: tagsFrom(input.Tags),
    pauses: [],
  }
}

function parameterGroupOf(
  databases: Databases,
  {
    DBClusterParameterGroupName: name,
    Engine,
    EngineVersion = '',
  }: Partial<CreateDBClusterMessage>,
): DBCluster {
  if (name !== undefined) databases.clusterParameterGroup(name)
  return { DBClusterParameterGroup: name ?? `default.${Engine}${EngineVersion.split('.')[0]}` }
}

function describe(databases: Databases, input: DescribeDBClustersMessage) {
  const known = ['DBClusterIdentifier', 'Filters', 'Marker', 'MaxRecords']
  onlyMembers('rds:DescribeDBClusters', input, known)
  const { DBClusterIdentifier: named, Marker: token, MaxRecords: limit = 100 } = input
  const all = named === undefined ? [...databases.clusters.values()] : [databases.cluster(named)]
  const found = all.filter(({ shape }) => passes(shape, input.Filters))
  const { items, next } = page(found, { token, limit, invalid: 'InvalidParameterValue' })
  return {
    DBClusters: items.map((cluster) => clusterShape(databases, cluster)),
    ...(next === undefined ? {} : { Marker: next }),
  }
}

/** @throws NotImplemented for a filter other than `db-cluster-id`. */
const passes = (
  { DBClusterIdentifier: id = '' }: DBCluster,
  filters: DescribeDBClustersMessage['Filters'] = [],
) =>
  filters.every(({ Name, Values = [] }) => {
    if (Name !== 'db-cluster-id') throw new NotImplemented(`the filter ${Name} of DBClusters`)
    return Values.includes(id)
  })

/** What `ModifyDBCluster` can change here, all of it at once. */
export const CLUSTER_CHANGEABLE = [
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DBClusterParameterGroupName',
  'DeletionProtection',
  'EngineVersion',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'ServerlessV2ScalingConfiguration',
  'VpcSecurityGroupIds',
]

function modify(databases: Databases, input: ModifyDBClusterMessage): Answer {
  const { DBClusterIdentifier, ApplyImmediately, ...given } = input
  onlyMembers('rds:ModifyDBCluster', given, CLUSTER_CHANGEABLE)
  if (given.EngineVersion !== undefined && !ApplyImmediately) {
    throw new NotImplemented('another EngineVersion of a cluster without ApplyImmediately')
  }
  const cluster = databases.cluster(DBClusterIdentifier)
  requireClusterState(databases, cluster, 'available')
  const changes = { ...shownOf(given), ...groupChange(databases, given) }
  const shape = { ...cluster.shape, ...changes }
  checkWindows({
    backup: shape.PreferredBackupWindow ?? '',
    maintenance: shape.PreferredMaintenanceWindow ?? '',
  })
  const scaling = given.ServerlessV2ScalingConfiguration
  if (scaling !== undefined) changes.ServerlessV2ScalingConfiguration = readScaling(shape, scaling)
  const transition = given.EngineVersion === undefined ? 'modifying' : 'upgrading'
  changeAll(databases, cluster, transition, () => {
    Object.assign(cluster.shape, changes)
    clusterAvailable(databases, cluster)
  })
  return { DBCluster: clusterShape(databases, cluster) }
}

const groupChange = (
  databases: Databases,
  given: ModifyDBClusterMessage | Omit<ModifyDBClusterMessage, 'DBClusterIdentifier'>,
): DBCluster =>
  given.DBClusterParameterGroupName === undefined ? {} : parameterGroupOf(databases, given)

/** Members go first. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html */
async function remove(databases: Databases, input: DeleteDBClusterMessage): Promise<Answer> {
  const known = ['DBClusterIdentifier', 'SkipFinalSnapshot', 'DeleteAutomatedBackups']
  onlyMembers('rds:DeleteDBCluster', input, known)
  const cluster = databases.cluster(input.DBClusterIdentifier)
  if (!input.SkipFinalSnapshot) {
    throw invalidCombination(
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    )
  }
  if (cluster.shape.DeletionProtection) {
    throw invalidCombination(
      'Cannot delete protected Cluster, please disable deletion protection and try again.',
    )
  }
  if (databases.membersOf(cluster).some(({ shape }) => shape.DBInstanceStatus !== 'deleting')) {
    throw clusterFault(
      'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
    )
  }
  disappear(databases, cluster)
  await deleteMasterSecret(databases.aws, cluster)
  return { DBCluster: clusterShape(databases, cluster) }
}

/** After the last of its members. */
function disappear(databases: Databases, cluster: Cluster): void {
  changeAll(databases, cluster, 'deleting', () => {
    if (databases.membersOf(cluster).length > 0) {
      disappear(databases, cluster)
      return
    }
    databases.clusters.delete(cluster.id)
    emitClusterEvent(databases.aws, cluster, 'deleted')
  })
}

/** A connection of a client. */
export type Connection = { close(): void }

/**
 * A client inside the network connects: to a member by its own address, to the writer, or to a
 * reader. Whoever is paused wakes; the first answer takes about a quarter of a minute then.
 *
 * @returns undefined when nobody answers.
 */
export function connect(databases: Databases, address: string): Connection | undefined {
  const found = databases.at(address)
  if (found === undefined) return undefined
  const { instance, cluster } = found
  const plan = () => cluster && planPauses(databases, cluster)
  instance.connections = (instance.connections ?? 0) + 1
  plan()
  return {
    close: () => {
      instance.connections = Math.max(0, (instance.connections ?? 0) - 1)
      plan()
    },
  }
}

/** Aurora capacity units of a serverless instance at this moment: 0 while it is paused. */
export function capacityOf(databases: Databases, id: string): number | undefined {
  const instance = databases.instances.get(id)
  const scaling = instance?.cluster?.shape.ServerlessV2ScalingConfiguration
  if (instance?.shape.DBInstanceClass !== 'db.serverless' || scaling === undefined) return undefined
  if (instance.paused || instance.shape.DBInstanceStatus === 'stopped') return 0
  return Math.max(scaling.MinCapacity ?? 0.5, 0.5)
}
