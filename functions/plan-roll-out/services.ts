import type { Service } from '@aws-sdk/client-ecs'
import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs'
import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { serviceOf } from '../../domain/record.ts'
import type { Cause } from './plan.ts'

/** An ECS service that has opted in, with its tags as ECS has them at this moment. */
export type Managed = {
  arn: string
  /** `<cluster>/<service>` */
  id: string
  service: Service
  tags: Record<string, string>
}

/** A person named a service that does not exist, or several that do. */
export class UnknownService extends Error {
  override readonly name = 'UnknownService'
}

type Clients = { ecs: ECSClient; tagging: ResourceGroupsTaggingAPIClient }

/** `DescribeServices` takes ten at a time. */
const DESCRIBED_AT_ONCE = 10

/**
 * The services an input of the machine is about: those that follow the pushed repository, the one
 * a person or a waiting push names, or (the sweep) all.
 *
 * @throws UnknownService when a person names none, or several.
 */
export async function servicesFor(clients: Clients, cause: Cause): Promise<Managed[]> {
  if (cause.kind === 'push') {
    const { repository } = cause.push
    return managedServices(clients, (_, tags) => repositoriesOf(tags).includes(repository))
  }
  if (cause.kind === 'waiting') return managedServices(clients, (arn) => arn === cause.service)
  const all = await managedServices(clients, () => true)
  return cause.kind === 'sweep' ? all : [theOne(all, cause.service)]
}

/**
 * The ECS services that carry `caretaker:repository`.
 *
 * The tagging API only says where to look: it is eventually consistent. What counts are the tags
 * that ECS itself returns, so a service that opted out a second ago is left alone.
 */
async function managedServices(
  clients: Clients,
  where: (arn: string, tags: Record<string, string>) => boolean,
): Promise<Managed[]> {
  const arns: string[] = []
  let token: string | undefined
  do {
    const page = await clients.tagging.send(
      new GetResourcesCommand({
        ResourceTypeFilters: ['ecs:service'],
        TagFilters: [{ Key: 'caretaker:repository' }],
        ...(token === undefined ? {} : { PaginationToken: token }),
      }),
    )
    for (const { ResourceARN: arn = '', Tags = [] } of page.ResourceTagMappingList ?? []) {
      if (where(arn, tagsOf(Tags.map(({ Key, Value }) => ({ key: Key, value: Value })))))
        arns.push(arn)
    }
    token = page.PaginationToken || undefined
  } while (token !== undefined)
  const described = await describe(clients.ecs, arns)
  return described.filter(({ arn, tags }) => 'caretaker:repository' in tags && where(arn, tags))
}

async function describe(ecs: ECSClient, arns: readonly string[]): Promise<Managed[]> {
  const managed: Managed[] = []
  for (const [cluster, members] of Map.groupBy(arns, clusterOf)) {
    for (let start = 0; start < members.length; start += DESCRIBED_AT_ONCE) {
      const services = members.slice(start, start + DESCRIBED_AT_ONCE)
      const answer = await ecs.send(
        new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }),
      )
      for (const service of answer.services ?? []) {
        if (service.status !== 'ACTIVE' || service.serviceArn === undefined) continue
        const arn = service.serviceArn
        managed.push({ arn, id: serviceOf(arn), service, tags: tagsOf(service.tags ?? []) })
      }
    }
  }
  return managed
}

/** The repositories a service follows. */
export const repositoriesOf = (tags: Record<string, string>): string[] =>
  (tags['caretaker:repository'] ?? '').split(/\s+/).filter(Boolean)

/**
 * The one service a person means: by ARN, `<cluster>/<service>`, or the service's name.
 *
 * @throws UnknownService naming what there is.
 */
function theOne(services: readonly Managed[], named: string): Managed {
  const found = services.filter(({ arn, id, tags }) =>
    [arn, id, id.split('/').at(-1), tags['caretaker:service']].includes(named),
  )
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const known = (found.length > 1 ? found : services).map(({ id }) => id).join(', ')
  const problem =
    found.length > 1 ? 'names several services' : 'names no service Caretaker looks after'
  throw new UnknownService(`"${named}" ${problem}; use one of: ${known || 'there is none'}`)
}

const clusterOf = (arn: string): string => serviceOf(arn).split('/')[0] ?? ''

function tagsOf(tags: readonly { key?: string | undefined; value?: string | undefined }[]) {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]))
}
