import { type DBCluster, DescribeDBClustersCommand, type RDSClient } from '@aws-sdk/client-rds'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../../domain/tags.ts'
import { phaseOf, windowsOf } from './databases.ts'
import { commonOf } from './tags.ts'

/**
 * The Aurora clusters that carry a schedule; a page of the API has a hundred.
 *
 * @param named this one alone, also without a schedule.
 * @throws DBClusterNotFoundFault where there is none of this name.
 */
export async function seeClusters(
  rds: RDSClient,
  environment: string,
  named?: string,
): Promise<Seen[]> {
  const seen: Seen[] = []
  let Marker: string | undefined
  do {
    const page = await rds.send(
      new DescribeDBClustersCommand({ Marker, DBClusterIdentifier: named }),
    )
    for (const cluster of page.DBClusters ?? []) {
      const tags = tagsIn(cluster.TagList)
      if (named === undefined && !(TAGS.schedule in tags)) continue
      if (!isOfEnvironment(tags, environment)) continue
      seen.push(clusterOf(cluster, tags))
    }
    Marker = page.Marker
  } while (Marker !== undefined)
  return seen
}

/** A cluster as it is now, whatever it carries. */
export function clusterOf(cluster: DBCluster, tags: Record<string, string>): Seen {
  const { DBClusterIdentifier: name = '', Status = '' } = cluster
  return {
    id: `cluster/${name}`,
    kind: 'cluster',
    name,
    ...commonOf(tags),
    ...phaseOf(Status),
    refuses: refusalOf(cluster),
    windows: windowsOf(cluster),
  }
}

/**
 * Why it is left alone.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.Limitations.html
 */
function refusalOf(cluster: DBCluster): string | undefined {
  const { EngineMode, ReplicationSourceIdentifier: source, GlobalClusterIdentifier } = cluster
  if (cluster.Engine === 'mysql' || cluster.Engine === 'postgres') {
    return `it is a Multi-AZ DB cluster of ${cluster.Engine}, and AWS stops clusters of Aurora only`
  }
  if (cluster.ServerlessV2ScalingConfiguration?.MinCapacity === 0) {
    return 'it pauses by itself while nobody is connected'
  }
  if (EngineMode === 'serverless')
    return 'AWS does not stop Aurora Serverless v1: it pauses by itself'
  if (source) return `it is a replica of ${source}, which AWS does not stop`
  return GlobalClusterIdentifier === undefined
    ? undefined
    : `it belongs to the global database ${GlobalClusterIdentifier}, of which AWS stops no cluster`
}
