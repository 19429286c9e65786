import type { CreateDBInstanceMessage, DBInstance } from '@aws-sdk/client-rds'
import {
  type Cluster,
  clusterFault,
  type Databases,
  type Instance,
  invalidCombination,
} from '../model.ts'
import { planPauses } from './serverless.ts'

/**
 * The cluster that a new instance is to be a member of.
 *
 * @returns undefined for an instance of its own.
 * @throws AwsError as an Aurora instance without a cluster, or another engine's in one.
 */
export function clusterFor(
  databases: Databases,
  { Engine = '', DBClusterIdentifier: named }: CreateDBInstanceMessage,
): Cluster | undefined {
  if (named === undefined) {
    if (!Engine.startsWith('aurora')) return undefined
    throw invalidCombination(`The engine ${Engine} requires a DBClusterIdentifier.`)
  }
  const cluster = databases.cluster(named)
  if (cluster.shape.Engine !== Engine) {
    throw invalidCombination(
      `The engine name requested for your DB instance (${Engine}) doesn't match the engine name of your DB cluster (${cluster.shape.Engine}).`,
    )
  }
  const { Status = '' } = cluster.shape
  if (!['available', 'creating'].includes(Status)) {
    throw clusterFault(`DbCluster ${cluster.id} is in ${Status} state.`)
  }
  return cluster
}

/** What a member shows of its cluster. */
export function inherited({ id, shape }: Cluster): Partial<DBInstance> {
  const { EngineVersion, MasterUsername, StorageEncrypted, VpcSecurityGroups } = shape
  return {
    ...(EngineVersion === undefined ? {} : { EngineVersion }),
    ...(MasterUsername === undefined ? {} : { MasterUsername }),
    ...(VpcSecurityGroups === undefined ? {} : { VpcSecurityGroups }),
    StorageEncrypted: StorageEncrypted ?? false,
    BackupRetentionPeriod: shape.BackupRetentionPeriod ?? 1,
    PromotionTier: 1,
    StorageType: 'aurora',
    DBClusterIdentifier: id,
  }
}

/** The first member writes. */
export function join(databases: Databases, cluster: Cluster, instance: Instance): void {
  instance.cluster = cluster
  cluster.writer ??= instance
  planPauses(databases, cluster)
}

/** A reader takes the place of a writer that leaves: the one of the first tier. */
export function leave(databases: Databases, instance: Instance): void {
  const { cluster } = instance
  if (cluster === undefined || cluster.writer !== instance) return
  const [next] = databases
    .membersOf(cluster)
    .filter((member) => member !== instance && member.shape.DBInstanceStatus !== 'deleting')
    .toSorted((a, b) => (a.shape.PromotionTier ?? 1) - (b.shape.PromotionTier ?? 1))
  delete cluster.writer
  if (next !== undefined) cluster.writer = next
}

/** @throws AwsError as AWS answers: a member alone can be neither stopped nor started. */
export function refuseMember({ cluster, shape }: Instance): void {
  if (cluster === undefined) return
  // https://github.com/hashicorp/terraform-provider-aws/issues/41929 shows these words.
  throw invalidCombination(
    `${shape.Engine} DB instances are not eligible for stopping and starting.`,
  )
}
