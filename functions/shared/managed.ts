import type { Service } from '@aws-sdk/client-ecs'
import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs'
import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { serviceOf } from '../../domain/arn.ts'
import { isOfEnvironment, TAGS } from '../../domain/tags.ts'

/** An ECS service that has opted in, with its tags as ECS has them at this moment. */
export type Managed = {
  arn: string
  /** `<cluster>/<service>` */
  id: string
  service: Service
  tags: Record<string, string>
}

/** A service as the tagging API lists it: where to look, and its tags as of some seconds ago. */
export type Listed = { arn: string; tags: Record<string, string> }

/** A person named a service that does not exist, or several that do. */
export class UnknownService extends Error {
  override readonly name = 'UnknownService'
}

/** A cluster that is not there has no services, whatever tagging still lists. */
const GONE = 'ClusterNotFoundException'

/** `DescribeServices` takes ten at a time. */
const DESCRIBED_AT_ONCE = 10

/**
 * The ECS services of this environment that carry `caretaker:repository`, as the tagging API lists
 * them. It is eventually consistent and only says where to look: `describeManaged` says what is so.
 */
export async function listManaged(
  tagging: ResourceGroupsTaggingAPIClient,
  environment: string,
): Promise<Listed[]> {
  const listed: Listed[] = []
  let token: string | undefined
  do {
    const page = await tagging.send(
      new GetResourcesCommand({
        ResourceTypeFilters: ['ecs:service'],
        TagFilters: [{ Key: TAGS.repository }],
        ...(token === undefined ? {} : { PaginationToken: token }),
      }),
    )
    for (const { ResourceARN: arn = '', Tags = [] } of page.ResourceTagMappingList ?? []) {
      const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))
      if (isOfEnvironment(tags, environment)) listed.push({ arn, tags })
    }
    token = page.PaginationToken || undefined
  } while (token !== undefined)
  return listed
}

/**
 * The services of these ARNs that are there and opted in now: a service that opted out a second
 * ago, or belongs to another environment, is left out.
 *
 * @param failed told of each cluster that cannot be read; without it the error is thrown.
 */
export async function describeManaged(
  ecs: ECSClient,
  arns: readonly string[],
  environment: string,
  failed?: (cluster: string, error: unknown) => void,
): Promise<Managed[]> {
  const managed: Managed[] = []
  for (const [cluster, members] of Map.groupBy(arns, clusterOf)) {
    for (let start = 0; start < members.length; start += DESCRIBED_AT_ONCE) {
      const services = members.slice(start, start + DESCRIBED_AT_ONCE)
      try {
        managed.push(...(await describe(ecs, cluster, services)))
      } catch (error) {
        if ((error as Error).name === GONE) continue
        if (failed === undefined) throw error
        failed(cluster, error)
      }
    }
  }
  return managed.filter(({ tags }) => TAGS.repository in tags && isOfEnvironment(tags, environment))
}

async function describe(ecs: ECSClient, cluster: string, services: string[]): Promise<Managed[]> {
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }),
  )
  return (answer.services ?? []).flatMap((service) => {
    if (service.status !== 'ACTIVE' || service.serviceArn === undefined) return []
    const arn = service.serviceArn
    const tags = (service.tags ?? []).map(({ key = '', value = '' }) => [key, value])
    return [{ arn, id: serviceOf(arn), service, tags: Object.fromEntries(tags) }]
  })
}

/**
 * The one service a person means: by ARN, `<cluster>/<service>`, or the service's name.
 *
 * @throws UnknownService naming what there is.
 */
export function theOne(services: readonly Listed[], named: string): Listed {
  const found = services.filter(({ arn, tags }) =>
    [arn, serviceOf(arn), serviceOf(arn).split('/').at(-1), tags[TAGS.service]].includes(named),
  )
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const known = (found.length > 1 ? found : services).map(({ arn }) => serviceOf(arn)).join(', ')
  const problem =
    found.length > 1 ? 'names several services' : 'names no service Caretaker looks after'
  throw new UnknownService(`"${named}" ${problem}; use one of: ${known || 'there is none'}`)
}

const clusterOf = (arn: string): string => serviceOf(arn).split('/')[0] ?? ''
