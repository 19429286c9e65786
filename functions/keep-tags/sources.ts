import type { Logger } from '@aws-lambda-powertools/logger'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { RDSClient } from '@aws-sdk/client-rds'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { TagPolicy } from '../../domain/tagging/policy.ts'
import type { Places } from '../../domain/tagging/resource.ts'
import type { WatchedType } from '../../domain/tagging/types.ts'
import { TAGS, tagsIn } from '../../domain/tags.ts'
import type { Tools } from '../shared/handler.ts'
import type { Table } from '../shared/table/table.ts'
import { readersOf } from './read/all.ts'
import { everyPage, type Reader } from './read/reader.ts'

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
export function sourcesOf(tools: Tools<Settings>, policy: TagPolicy): Sources {
  const { client, environment, log, now, pause, catalog } = tools
  const [, partition = '', , region = '', account = ''] = environment.INSTANCES.split(':')
  const readers = readersOf(tools, { partition, region, account }, policy)
  return {
    table: { client: client(DynamoDBClient), name: environment.TABLE_NAME },
    ec2: client(EC2Client),
    rds: client(RDSClient),
    tagging: client(ResourceGroupsTaggingAPIClient),
    readers: new Map(readers.map((one) => [one.type, one])),
    catalog: catalog(),
    ...{ policy, log, now, pause },
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
