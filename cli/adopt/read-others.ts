import { paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling'
import { paginateDescribeDBClusters, paginateDescribeDBInstances } from '@aws-sdk/client-rds'
import type { Found } from '../../domain/adopt/found.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import { tagsIn } from '../../domain/tags.ts'
import { typesWithStore } from '../../functions/shared/instance-store.ts'
import { instancesThere } from '../../functions/shared/instances.ts'
import { clusterOf } from '../../functions/shared/sleep/clusters.ts'
import { databaseOf } from '../../functions/shared/sleep/databases.ts'
import { groupOf } from '../../functions/shared/sleep/groups.ts'
import { instanceOf } from '../../functions/shared/sleep/instances.ts'
import type { Clients } from './clients.ts'

/** Every instance, database, cluster and Auto Scaling group of the account and Region. */
export async function readOthers(clients: Clients): Promise<Found[]> {
  return [
    ...(await readInstances(clients)),
    ...(await readDatabases(clients)),
    ...(await readClusters(clients)),
    ...(await readGroups(clients)),
  ]
}

type Own = { arn: string; tags: Record<string, string> }

const foundOf = ({ kind, id, name, refuses, phase }: Seen, own: Own): Found => ({
  ...{ kind, id, name, ...own },
  refusesSleep: refuses,
  isUp: phase === 'up' || phase === 'rising',
})

async function readInstances({ ec2, region, identity }: Clients): Promise<Found[]> {
  const all = await instancesThere(ec2, [])
  const stores = await typesWithStore(
    ec2,
    all.map(({ InstanceType }) => InstanceType),
  )
  const partition = identity.arn.split(':')[1] ?? 'aws'
  return all.map((instance) => {
    const { InstanceId: id = '', SourceDestCheck } = instance
    const arn = `arn:${partition}:ec2:${region}:${identity.account}:instance/${id}`
    return {
      ...foundOf(instanceOf(instance, stores), { arn, tags: tagsIn(instance.Tags) }),
      forwards: SourceDestCheck === false,
    }
  })
}

async function readDatabases({ rds: client }: Clients): Promise<Found[]> {
  const found: Found[] = []
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client }, {})) {
    for (const one of DBInstances) {
      const tags = tagsIn(one.TagList)
      found.push(foundOf(databaseOf(one, tags), { arn: one.DBInstanceArn ?? '', tags }))
    }
  }
  return found
}

async function readClusters({ rds: client }: Clients): Promise<Found[]> {
  const found: Found[] = []
  for await (const { DBClusters = [] } of paginateDescribeDBClusters({ client }, {})) {
    for (const one of DBClusters) {
      const tags = tagsIn(one.TagList)
      found.push(foundOf(clusterOf(one, tags), { arn: one.DBClusterArn ?? '', tags }))
    }
  }
  return found
}

async function readGroups({ groups: client }: Clients): Promise<Found[]> {
  const found: Found[] = []
  for await (const page of paginateDescribeAutoScalingGroups({ client }, {})) {
    for (const one of page.AutoScalingGroups ?? []) {
      const own = { arn: one.AutoScalingGroupARN ?? '', tags: tagsIn(one.Tags) }
      found.push(foundOf(groupOf(one, undefined), own))
    }
  }
  return found
}
