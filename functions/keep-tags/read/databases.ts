import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type Filter,
  type RDSClient,
} from '@aws-sdk/client-rds'
import { monthOf } from '../../../domain/tagging/cost.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { everyPage, inChunks, nameOf, type Reader } from './reader.ts'

/** Well below what a filter of RDS's takes; the page has a hundred. */
const VALUES = 50
const STOPPED = ['stopped', 'stopping']

const none = (filters: Filter[]) => (filters.length === 0 ? {} : { Filters: filters })

/** RDS instances, with those of Aurora. */
export function databaseReader(rds: RDSClient): Reader {
  const described = (filters: Filter[]) =>
    everyPage(async (Marker) => {
      const page = await rds.send(new DescribeDBInstancesCommand({ Marker, ...none(filters) }))
      return { items: (page.DBInstances ?? []).map(databaseOf), next: page.Marker }
    })
  return {
    type: 'rds:db',
    list: () => described([]),
    read: (named) =>
      inChunks(named.map(nameOf), VALUES, (Values) =>
        described([{ Name: 'db-instance-id', Values }]),
      ),
  }
}

/** Aurora clusters; where they lie is known from their members. */
export function clusterReader(rds: RDSClient): Reader {
  const described = (filters: Filter[]) =>
    everyPage(async (Marker) => {
      const page = await rds.send(new DescribeDBClustersCommand({ Marker, ...none(filters) }))
      return { items: (page.DBClusters ?? []).map(clusterOf), next: page.Marker }
    })
  return {
    type: 'rds:cluster',
    list: () => described([]),
    read: (named) =>
      inChunks(named.map(nameOf), VALUES, (Values) =>
        described([{ Name: 'db-cluster-id', Values }]),
      ),
  }
}

function databaseOf(instance: DBInstance): Resource {
  const { DBInstanceIdentifier: name = '', DBInstanceArn: arn = '', DBInstanceStatus } = instance
  const { DBClusterIdentifier: cluster, ReadReplicaDBInstanceIdentifiers: replicas = [] } = instance
  const source = instance.ReadReplicaSourceDBInstanceIdentifier
  const runs = !STOPPED.includes(DBInstanceStatus ?? '')
  return {
    id: `database/${name}`,
    arn,
    type: 'rds:db',
    name,
    tags: tagsIn(instance.TagList),
    createdAt: instance.InstanceCreateTime,
    vpc: instance.DBSubnetGroup?.VpcId,
    ...(cluster !== undefined && { parent: `cluster/${cluster}` }),
    runs,
    month: monthOf(
      {
        of: 'database',
        classes: Array.from(
          { length: instance.MultiAZ ? 2 : 1 },
          () => instance.DBInstanceClass ?? '',
        ),
        engine: instance.Engine ?? '',
        gigabytes: cluster === undefined ? (instance.AllocatedStorage ?? 0) : 0,
      },
      runs,
    ),
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
    cannotStop:
      source !== undefined || replicas.length > 0
        ? 'it is or has a read replica, and AWS does not stop it'
        : undefined,
  }
}

function clusterOf(cluster: DBCluster): Resource {
  const { DBClusterIdentifier: name = '', DBClusterArn: arn = '', Status } = cluster
  return {
    id: `cluster/${name}`,
    arn,
    type: 'rds:cluster',
    name,
    tags: tagsIn(cluster.TagList),
    createdAt: cluster.ClusterCreateTime,
    runs: !STOPPED.includes(Status ?? ''),
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html
    cannotStop:
      cluster.GlobalClusterIdentifier || cluster.EngineMode === 'serverless'
        ? 'AWS does not stop a cluster of its kind'
        : undefined,
  }
}
