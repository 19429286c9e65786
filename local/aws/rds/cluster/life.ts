import type { StartDBClusterMessage, StopDBClusterMessage } from '@aws-sdk/client-rds'
import { duration, LONGEST_STOP_MILLISECONDS, type Slow } from '../durations.ts'
import { type ClusterHappening, emitClusterEvent } from '../events.ts'
import { type Cluster, clusterFault, type Databases } from '../model.ts'
import type { Status } from '../status.ts'
import { planPauses } from './serverless.ts'
import { clusterShape } from './shape.ts'

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html */
export function clusterLifeOperations(databases: Databases) {
  return {
    StopDBCluster: ({ DBClusterIdentifier }: StopDBClusterMessage) => {
      const cluster = databases.cluster(DBClusterIdentifier)
      requireClusterState(databases, cluster, 'available')
      refuseToStop(cluster)
      const { failsToStop } = cluster
      delete cluster.failsToStop
      changeAll(databases, cluster, 'stopping', () => {
        if (failsToStop) clusterAvailable(databases, cluster, 'stop failed')
        else stopped(databases, cluster)
      })
      return { DBCluster: clusterShape(databases, cluster) }
    },
    StartDBCluster: ({ DBClusterIdentifier }: StartDBClusterMessage) => {
      const cluster = databases.cluster(DBClusterIdentifier)
      requireClusterState(databases, cluster, 'stopped')
      start(databases, cluster, () => clusterAvailable(databases, cluster, 'started'))
      return { DBCluster: clusterShape(databases, cluster) }
    },
  }
}

/** @throws AwsError InvalidDBClusterStateFault unless the cluster and its members are in this state. */
export function requireClusterState(databases: Databases, cluster: Cluster, wanted: Status): void {
  const { id, shape } = cluster
  const states = [
    shape.Status,
    ...databases.membersOf(cluster).map((member) => member.shape.DBInstanceStatus),
  ]
  const wrong = states.find((status) => status !== wanted)
  if (wrong === undefined) return
  throw clusterFault(`DbCluster ${id} is in ${wrong} state but expected it to be one of ${wanted}.`)
}

/** AWS documents that these cannot be stopped, not with which words it refuses. */
function refuseToStop({ id, shape }: Cluster): void {
  if (shape.EngineMode === 'serverless') {
    throw clusterFault(`DbCluster ${id} is an Aurora Serverless v1 cluster and cannot be stopped.`)
  }
  if (shape.GlobalClusterIdentifier !== undefined) {
    throw clusterFault(
      `DbCluster ${id} is part of an Aurora global database with more than one cluster and cannot be stopped.`,
    )
  }
  if (shape.ReplicationSourceIdentifier !== undefined) {
    throw clusterFault(`DbCluster ${id} is a cross-Region read replica and cannot be stopped.`)
  }
}

/** The cluster and all of its members are in this state until `done`. */
export function changeAll(
  databases: Databases,
  cluster: Cluster,
  transition: Slow & Status,
  done: () => void,
): void {
  const { world } = databases.aws
  cluster.next?.cancel()
  setAll(databases, cluster, transition)
  const what = `RDS: ${cluster.id} is ${transition}`
  cluster.next = world.after(duration(world, transition), what, done)
  planPauses(databases, cluster)
}

function setAll(databases: Databases, cluster: Cluster, status: Status): void {
  cluster.shape.Status = status
  for (const member of databases.membersOf(cluster)) member.shape.DBInstanceStatus = status
}

export function clusterAvailable(
  databases: Databases,
  cluster: Cluster,
  happening?: ClusterHappening,
): void {
  setAll(databases, cluster, 'available')
  if (happening !== undefined) emitClusterEvent(databases.aws, cluster, happening)
  planPauses(databases, cluster)
}

function start(databases: Databases, cluster: Cluster, done: () => void): void {
  delete cluster.shape.AutomaticRestartTime
  changeAll(databases, cluster, 'starting', done)
}

/** Until a caller starts it, or AWS does: as an instance. */
function stopped(databases: Databases, cluster: Cluster): void {
  const { aws } = databases
  const restart = aws.world.now + LONGEST_STOP_MILLISECONDS
  setAll(databases, cluster, 'stopped')
  cluster.shape.AutomaticRestartTime = new Date(restart)
  emitClusterEvent(aws, cluster, 'stopped')
  const what = `RDS: AWS starts ${cluster.id}`
  cluster.next = aws.world.at(restart, what, () => {
    emitClusterEvent(aws, cluster, 'started by AWS')
    cluster.next = aws.world.after(duration(aws.world, 'announced start'), what, () =>
      start(databases, cluster, () =>
        changeAll(databases, cluster, 'maintenance', () =>
          clusterAvailable(databases, cluster, 'started'),
        ),
      ),
    )
  })
}
