import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { serviceOf } from '../../domain/arn.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../domain/tags.ts'

/** A resource as the tagging API lists it: where to look, and its tags as of some seconds ago. */
export type Listed = { arn: string; tags: Record<string, string> }

/** A person named a service that does not exist, or several that do. */
export class UnknownService extends Error {
  override readonly name = 'UnknownService'
}

/** `GetResources` answers a hundred at most. */
const LISTED_AT_ONCE = 100

/**
 * The ECS services of this environment that carry `caretaker:repository`, as the tagging API lists
 * them. It is eventually consistent and only says where to look: `describeManaged` says what is so.
 */
export const listManaged = (
  tagging: ResourceGroupsTaggingAPIClient,
  environment: string,
): Promise<Listed[]> => listTagged(tagging, environment, TAGS.repository, ['ecs:service'])

/** The resources of these types that carry a tag, and belong to this environment. */
export async function listTagged(
  tagging: ResourceGroupsTaggingAPIClient,
  environment: string,
  tag: string,
  types: string[],
): Promise<Listed[]> {
  const listed: Listed[] = []
  let token: string | undefined
  do {
    const page = await tagging.send(
      new GetResourcesCommand({
        ResourceTypeFilters: types,
        TagFilters: [{ Key: tag }],
        ResourcesPerPage: LISTED_AT_ONCE,
        ...(token === undefined ? {} : { PaginationToken: token }),
      }),
    )
    for (const { ResourceARN: arn = '', Tags = [] } of page.ResourceTagMappingList ?? []) {
      const tags = tagsIn(Tags)
      if (isOfEnvironment(tags, environment)) listed.push({ arn, tags })
    }
    token = page.PaginationToken || undefined
  } while (token !== undefined)
  return listed
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
