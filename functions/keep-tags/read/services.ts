import {
  DescribeServicesCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs'
import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { serviceOf } from '../../../domain/arn.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { everyPage, inChunks, type Reader } from './reader.ts'

/** `GetResources` and ECS's lists answer a hundred at most, `DescribeServices` ten. */
const [LISTED_AT_ONCE, DESCRIBED_AT_ONCE] = [100, 10]
/** Two thirds of the fifteen a second that `GetResources` is published with. */
const PAUSE_MS = 100
/** Half of ECS's rate for reads of services: ten a second. */
const ECS_PAUSE_MS = 100

type Clients = {
  ecs: ECSClient
  tagging: ResourceGroupsTaggingAPIClient
  pause(milliseconds: number): Promise<void>
}

/**
 * ECS services. ECS lists what is there, without tags; the Tagging API lists tags, also of what has
 * been deleted, and nothing of what had none: together they are a hundred to a page.
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html
 */
export function serviceReader({ ecs, tagging, pause }: Clients): Reader {
  return {
    type: 'ecs:service',
    async list() {
      const clusters = await everyPage(async (nextToken) => {
        const page = await ecs.send(
          new ListClustersCommand({ nextToken, maxResults: LISTED_AT_ONCE }),
        )
        return { items: page.clusterArns ?? [], next: page.nextToken }
      })
      const arns: string[] = []
      for (const cluster of clusters) arns.push(...(await listed(ecs, cluster, pause)))
      const tags = arns.length === 0 ? new Map() : await tagged(tagging, pause)
      return arns.map((arn) => resourceOf(arn, tags.get(arn) ?? {}))
    },
    async read(named) {
      const byCluster = Map.groupBy(
        named.map(({ arn }) => arn),
        clusterOf,
      )
      const found: Resource[] = []
      for (const [cluster, arns] of byCluster) {
        const read = (services: string[]) => described(ecs, cluster, services, pause)
        found.push(...(await inChunks(arns, DESCRIBED_AT_ONCE, read)))
      }
      return found
    },
  }
}

const clusterOf = (arn: string): string => serviceOf(arn).split('/')[0] ?? ''

const listed = (ecs: ECSClient, cluster: string, pause: Clients['pause']) =>
  everyPage(async (nextToken) => {
    if (nextToken !== undefined) await pause(ECS_PAUSE_MS)
    const page = await ecs.send(
      new ListServicesCommand({ cluster, nextToken, maxResults: LISTED_AT_ONCE }),
    )
    return { items: page.serviceArns ?? [], next: page.nextToken }
  })

/** The tags of all services that ever had one, by their ARNs. */
async function tagged(tagging: ResourceGroupsTaggingAPIClient, pause: Clients['pause']) {
  const pages = await everyPage(async (token) => {
    if (token !== undefined) await pause(PAUSE_MS)
    const page = await tagging.send(
      new GetResourcesCommand({
        ResourceTypeFilters: ['ecs:service'],
        ResourcesPerPage: LISTED_AT_ONCE,
        ...(token !== undefined && { PaginationToken: token }),
      }),
    )
    return { items: page.ResourceTagMappingList ?? [], next: page.PaginationToken }
  })
  return new Map(pages.map(({ ResourceARN = '', Tags }) => [ResourceARN, tagsIn(Tags)]))
}

async function described(
  ecs: ECSClient,
  cluster: string,
  services: string[],
  pause: Clients['pause'],
): Promise<Resource[]> {
  await pause(ECS_PAUSE_MS)
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }),
  )
  return (answer.services ?? []).flatMap(({ serviceArn, status, tags = [], ...one }) => {
    if (status !== 'ACTIVE' || serviceArn === undefined) return []
    const own = Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]))
    return [{ ...resourceOf(serviceArn, own), createdAt: one.createdAt }]
  })
}

function resourceOf(arn: string, tags: Record<string, string>): Resource {
  const id = serviceOf(arn)
  return {
    id: `service/${id}`,
    arn,
    type: 'ecs:service',
    name: id.split('/').at(-1) ?? id,
    tags,
    cluster: clusterOf(arn),
    runs: true,
    cannotStop: 'Caretaker scales services by their schedules alone',
  }
}
