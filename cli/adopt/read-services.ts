import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  paginateListClusters,
  paginateListServices,
  type Service,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import type { Found, FoundContainer, FoundService } from '../../domain/adopt/found.ts'
import { parseImage } from '../../domain/image.ts'
import { roleName } from '../../domain/pass-roles.ts'
import { shiftingOf } from '../../domain/roll-out/strategy.ts'
import { NO_IMAGE, type Seen } from '../../domain/sleep/resource.ts'
import { ecsTagsIn, TAGS } from '../../domain/tags.ts'
import { type Managed, managedOf } from '../../functions/shared/managed.ts'
import { registryOf } from '../../functions/shared/roll-out/observe.ts'
import { seeServices } from '../../functions/shared/sleep/services.ts'
import type { Clients } from './clients.ts'
import { tagsOfImage } from './images.ts'

/** A service as it is, with what the roll-out's judges ask about. */
export type ReadService = {
  found: Found & { service: FoundService }
  managed: Managed
  taskDefinition: TaskDefinition
  tags: Tag[]
}

/** `DescribeServices` takes ten. */
const AT_ONCE = 10

/** @param isChosen what is read whole; of the others only their families are looked at. */
export async function readServices(
  clients: Clients,
  isChosen: (found: Pick<Found, 'id' | 'kind' | 'name'>) => boolean,
): Promise<ReadService[]> {
  const everyone = await listed(clients)
  const all = everyone.filter(({ id, service: { serviceName: name = id } }) =>
    isChosen({ id: `service/${id}`, kind: 'service', name }),
  )
  const seen = await seeServices(clients, all, new Map(), new Set(), new Set())
  const families = Map.groupBy(everyone, ({ service }) => familyOf(service.taskDefinition))
  const immutable = new Map<string, Promise<boolean>>()
  const read: ReadService[] = []
  for (const [place, managed] of all.entries()) {
    const own = await clients.ecs.send(
      new DescribeTaskDefinitionCommand({
        taskDefinition: managed.service.taskDefinition,
        include: ['TAGS'],
      }),
    )
    const { taskDefinition = {}, tags = [] } = own
    const same = families.get(familyOf(managed.service.taskDefinition)) ?? []
    const containers = await containersOf(clients, managed, taskDefinition, immutable)
    const found = foundOf(managed, seen[place], taskDefinition)
    const pushedAs = ecsTagsIn(tags)[TAGS.tag]
    const others = same.flatMap((one) => (one === managed ? [] : [one.id]))
    read.push({
      found: { ...found, service: { ...found.service, containers, pushedAs, familyOf: others } },
      ...{ managed, taskDefinition, tags },
    })
  }
  return read
}

async function listed({ ecs }: Clients): Promise<Managed[]> {
  const found: Managed[] = []
  for await (const { clusterArns = [] } of paginateListClusters({ client: ecs }, {})) {
    for (const cluster of clusterArns) {
      const arns: string[] = []
      const pages = paginateListServices({ client: ecs, pageSize: 100 }, { cluster })
      for await (const { serviceArns = [] } of pages) arns.push(...serviceArns)
      for (let start = 0; start < arns.length; start += AT_ONCE) {
        const services = arns.slice(start, start + AT_ONCE)
        const answer = await ecs.send(
          new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }),
        )
        found.push(...(answer.services ?? []).flatMap((one) => managedOf(one) ?? []))
      }
    }
  }
  return found
}

/** The family of a task definition's ARN. */
const familyOf = (arn = ''): string => (arn.split('/').at(-1) ?? '').replace(/:\d+$/, '')

function foundOf(
  { arn, id, service, tags }: Managed,
  seen: Seen | undefined,
  { executionRoleArn, taskRoleArn }: TaskDefinition,
): Found & { service: FoundService } {
  const roles = [...new Set([executionRoleArn, taskRoleArn].filter((one) => one !== undefined))]
  const { deploymentConfiguration: how } = service
  return {
    ...{ kind: 'service' as const, id: `service/${id}`, arn, tags },
    name: service.serviceName ?? id,
    roles: roles.map(roleName),
    createdBy: service.createdBy,
    // What has never run an image of ours is no different: Caretaker was not asked yet.
    refusesSleep: seen?.refuses === NO_IMAGE ? undefined : seen?.refuses,
    isUp: (service.desiredCount ?? 0) > 0,
    service: {
      cluster: id.split('/')[0] ?? '',
      registryHost: registryOf(arn),
      taskDefinition: service.taskDefinition ?? '',
      familyOf: [],
      containers: [],
      roles,
      count: service.desiredCount ?? 0,
      bounds: seen?.size?.bounds,
      percent: {
        minimum: how?.minimumHealthyPercent ?? 100,
        maximum: how?.maximumPercent ?? 200,
      },
      hasBreaker: how?.deploymentCircuitBreaker?.enable === true,
      shifting: shiftingOf(how),
    },
  }
}

async function containersOf(
  clients: Clients,
  { arn, service }: Managed,
  { containerDefinitions = [] }: TaskDefinition,
  immutable: Map<string, Promise<boolean>>,
): Promise<FoundContainer[]> {
  const host = registryOf(arn)
  const found: FoundContainer[] = []
  for (const container of containerDefinitions) {
    const { name = '', image = '', essential = true } = container
    const { registry, repository } = parseImage(image)
    const own = registry === host
    if (own && !immutable.has(repository)) {
      immutable.set(repository, isImmutable(clients, repository))
    }
    found.push({
      ...{ name, image, essential, isReached: isReached(service, container) },
      ...(own && {
        tagged: await tagsOfImage(clients.ecr, image),
        isImmutable: (await immutable.get(repository)) ?? false,
      }),
    })
  }
  return found
}

/** Where the load balancer leads; without one, the container that has a port. */
function isReached({ loadBalancers = [] }: Service, container: ContainerDefinition): boolean {
  if (loadBalancers.length > 0) {
    return loadBalancers.some(({ containerName }) => containerName === container.name)
  }
  return (container.portMappings ?? []).length > 0
}

async function isImmutable({ ecr }: Clients, repository: string): Promise<boolean> {
  try {
    const { repositories = [] } = await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [repository] }),
    )
    return repositories[0]?.imageTagMutability === 'IMMUTABLE'
  } catch (error) {
    if ((error as Error).name === 'RepositoryNotFoundException') return false
    throw error
  }
}
