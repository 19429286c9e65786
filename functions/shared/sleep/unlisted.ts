import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs'
import type { RDSClient } from '@aws-sdk/client-rds'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import type { Kind, Seen } from '../../../domain/sleep/resource.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { isOfEnvironment, TAGS } from '../../../domain/tags.ts'
import { IN_ONE_GO, type Managed, managedOf, PAUSE_MS } from '../managed.ts'
import { seeClusters } from './clusters.ts'
import { seeDatabases } from './databases.ts'
import { type GroupSources, OfAnother, seeGroups } from './groups.ts'
import { seeInstances } from './instances.ts'

/** What reads everything that can sleep. */
export type Readers = GroupSources & {
  ecs: ECSClient
  rds: RDSClient
  catalog: CompiledCatalog
  /** Told of each resource that cannot be read: nothing is done to it. */
  failed(what: string, error: unknown): void
  /** Lets time pass, in milliseconds. */
  pause(milliseconds: number): Promise<void>
}

/**
 * What has become of resources that no list shows: a list may be partial, and only what a resource's
 * own read says is so.
 */
export type Fates = {
  /** Those that are not there any more, and those that carry no schedule any more; by id. */
  gone: string[]
  untagged: string[]
  /**
   * Services and groups that another environment has now: nothing is told of them, and should they
   * come back, they wake as large as they were.
   */
  away: string[]
}

/** With what is kept of everything. */
type Own = Readers & { kept: ReadonlyMap<string, Sleeper> }

/** By the name of the resource alone; an error of these names says that there is none. */
const READS: Record<
  Exclude<Kind, 'service'>,
  (sources: Own, own: string, name: string) => Promise<Seen[]>
> = {
  database: ({ rds }, own, name) => seeDatabases(rds, own, name),
  cluster: ({ rds }, own, name) => seeClusters(rds, own, name),
  instance: ({ ec2 }, own, name) => seeInstances(ec2, own, name),
  group: (sources, own, name) => seeGroups(sources, own, sources.kept, name),
}
const NOT_FOUND = [
  'DBInstanceNotFoundFault',
  'DBClusterNotFoundFault',
  'InvalidInstanceID.NotFound',
  'ClusterNotFoundException',
]

/**
 * Everything but services, each asked for by itself.
 *
 * @param ids of what no list has shown.
 * @param sources `failed` is told of each that cannot be read.
 */
export async function seeUnlisted(
  ids: readonly string[],
  sources: Own,
): Promise<Fates & { seen: Seen[] }> {
  const found: Fates & { seen: Seen[] } = { seen: [], gone: [], untagged: [], away: [] }
  for (const id of ids) {
    const [kind = '', name = ''] = id.split('/')
    const read = READS[kind as keyof typeof READS]
    if (read === undefined) continue
    try {
      const [one] = await read(sources, sources.catalog.environment, name)
      if (one === undefined) found.gone.push(id)
      else if (one.schedule === '') found.untagged.push(id)
      else found.seen.push(one)
    } catch (error) {
      if (NOT_FOUND.includes((error as Error).name)) found.gone.push(id)
      else if (error instanceof OfAnother) found.away.push(id)
      else sources.failed(id, error)
    }
  }
  return found
}

/**
 * Services, each asked for by itself; ECS names those that are not there.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
 *
 * @param ids `service/<cluster>/<name>`.
 */
export async function describeUnlisted(
  ids: readonly string[],
  { ecs, catalog, failed, pause }: Pick<Readers, 'ecs' | 'catalog' | 'failed' | 'pause'>,
): Promise<Fates & { services: Managed[] }> {
  const found: Fates & { services: Managed[] } = { services: [], gone: [], untagged: [], away: [] }
  for (const [place, id] of ids.entries()) {
    if (place >= IN_ONE_GO) await pause(PAUSE_MS)
    const [, cluster = '', name = ''] = id.split('/')
    try {
      const one = await describe(ecs, cluster, name)
      if (one === undefined) found.gone.push(id)
      else if (!isOfEnvironment(one.tags, catalog.environment)) found.away.push(id)
      else if (TAGS.schedule in one.tags) found.services.push(one)
      else found.untagged.push(id)
    } catch (error) {
      if (NOT_FOUND.includes((error as Error).name)) found.gone.push(id)
      else failed(id, error)
    }
  }
  return found
}

/** ECS has answered in part: the service is neither there nor missing. */
class PartialRead extends Error {
  override readonly name = 'PartialRead'
}

/** @returns undefined where ECS says that there is none. @throws PartialRead */
async function describe(ecs: ECSClient, cluster: string, name: string) {
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] }),
  )
  const [service] = answer.services ?? []
  if (service !== undefined) return managedOf(service)
  if (answer.failures?.some(({ reason }) => reason === 'MISSING')) return undefined
  throw new PartialRead(`ECS says nothing of the service ${cluster}/${name}`)
}
