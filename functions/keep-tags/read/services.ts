import { DescribeServicesCommand, type ECSClient, ListServicesCommand } from '@aws-sdk/client-ecs'
import { serviceOf } from '../../../domain/arn.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { ecsTagsIn } from '../../../domain/tags.ts'
import { clustersIn, LISTED_AT_ONCE } from './clusters.ts'
import { everyPage, inChunks, type Reader } from './reader.ts'
import type { TagIndex } from './tag-index.ts'

/** `DescribeServices` takes ten at most. */
const DESCRIBED_AT_ONCE = 10
/** Half of ECS's rate for reads of services: ten a second. */
const ECS_PAUSE_MS = 100

type Clients = {
  ecs: ECSClient
  index: TagIndex
  pause(milliseconds: number): Promise<void>
}

/**
 * ECS services. ECS lists what is there, without tags; the Tagging API lists tags, also of what has
 * been deleted, and nothing of what had none: together they are a hundred to a page.
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html
 */
export function serviceReader({ ecs, index, pause }: Clients): Reader {
  return {
    type: 'ecs:service',
    async list() {
      const clusters = await clustersIn(ecs)
      const arns: string[] = []
      for (const cluster of clusters) arns.push(...(await listed(ecs, cluster, pause)))
      const found: Resource[] = []
      for (const arn of arns) found.push(resourceOf(arn, await index.tagsOf(arn)))
      return found
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
  return (answer.services ?? []).flatMap(({ serviceArn, status, tags, ...one }) => {
    if (status !== 'ACTIVE' || serviceArn === undefined) return []
    return [{ ...resourceOf(serviceArn, ecsTagsIn(tags)), createdAt: one.createdAt }]
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
