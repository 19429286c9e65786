import type { Logger } from '@aws-lambda-powertools/logger'
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { ECSClient } from '@aws-sdk/client-ecs'
import { RDSClient } from '@aws-sdk/client-rds'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { TagPolicy, WatchedType } from '../../domain/tagging/policy.ts'
import type { Places } from '../../domain/tagging/resource.ts'
import { TAGS, tagsIn } from '../../domain/tags.ts'
import type { Tools } from '../shared/handler.ts'
import type { Table } from '../shared/table/table.ts'
import { clusterReader, databaseReader } from './read/databases.ts'
import { groupReader } from './read/groups.ts'
import { instanceReader } from './read/instances.ts'
import { everyPage, type Reader } from './read/reader.ts'
import { serviceReader } from './read/services.ts'

/** What it takes to look after tags. */
export type Sources = {
  table: Table
  ec2: EC2Client
  rds: RDSClient
  tagging: ResourceGroupsTaggingAPIClient
  readers: ReadonlyMap<WatchedType, Reader>
  catalog: CompiledCatalog
  policy: TagPolicy
  /** Keys that the organisation requires besides, by type; only a sweep reads them. */
  company?: Readonly<Record<string, readonly string[]>>
  log: Logger
  now: Date
  pause(milliseconds: number): Promise<void>
}

type Settings = { TABLE_NAME: string; INSTANCES: string }

/** @param policy the catalog's: only what it watches has a reader. */
export function sourcesOf(
  { client, environment, log, now, pause, catalog }: Tools<Settings>,
  policy: TagPolicy,
): Sources {
  const [, partition = '', , region = '', account = ''] = environment.INSTANCES.split(':')
  const [ec2, rds] = [client(EC2Client), client(RDSClient)]
  const tagging = client(ResourceGroupsTaggingAPIClient)
  const readers: Reader[] = [
    instanceReader(ec2, { partition, region, account }, policy.ladder.upTo === 'stop'),
    databaseReader(rds),
    clusterReader(rds),
    groupReader(client(AutoScalingClient)),
    serviceReader({ ecs: client(ECSClient), tagging, pause }),
  ]
  return {
    table: { client: client(DynamoDBClient), name: environment.TABLE_NAME },
    ec2,
    rds,
    tagging,
    readers: new Map(
      readers.filter(({ type }) => policy.watch.includes(type)).map((one) => [one.type, one]),
    ),
    catalog: catalog(),
    policy,
    log,
    now,
    pause,
  }
}

/** The networks of the account, each with the environment that its tag names. */
export async function readPlaces({ ec2, catalog }: Sources): Promise<Places> {
  const { environment } = catalog
  const vpcs = await everyPage(async (NextToken) => {
    const page = await ec2.send(new DescribeVpcsCommand({ NextToken }))
    return { items: page.Vpcs ?? [], next: page.NextToken }
  })
  const subnets = await everyPage(async (NextToken) => {
    const page = await ec2.send(new DescribeSubnetsCommand({ NextToken }))
    return { items: page.Subnets ?? [], next: page.NextToken }
  })
  const said = new Map(
    vpcs.map(({ VpcId = '', Tags }) => [VpcId, tagsIn(Tags)[TAGS.environment]] as const),
  )
  const networks = new Map<string, string | undefined>([
    ...said,
    ...subnets.map(({ SubnetId = '', VpcId = '' }) => [SubnetId, said.get(VpcId)] as const),
  ])
  const clusters = ['backend', 'frontend'].map((one) => `${environment}-${one}`)
  return { environment, networks, clusters }
}
