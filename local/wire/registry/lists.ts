import type { WireResponse } from '../message.ts'
import { Refused, replyJson } from './answers.ts'
import { type Desk, parameter } from './desk.ts'

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html: at most so many. */
const LARGEST_PAGE = 1000

/** The tags of a repository, in the order of their letters. */
export async function listTags(desk: Desk, name: string): Promise<WireResponse> {
  const ids = await all<{ imageTag?: string }>(desk, 'ListImages', 'imageIds', {
    ...{ repositoryName: name, maxResults: LARGEST_PAGE },
    filter: { tagStatus: 'TAGGED' },
  })
  const { items, headers } = paged(
    desk,
    ids.flatMap(({ imageTag }) => imageTag ?? []),
  )
  return replyJson({ name, tags: items }, headers)
}

/** The repositories of the registry, in the order of their letters. */
export async function listRepositories(desk: Desk): Promise<WireResponse> {
  const repositories = await all<{ repositoryName: string }>(
    desk,
    'DescribeRepositories',
    'repositories',
    { maxResults: LARGEST_PAGE },
  )
  const { items, headers } = paged(
    desk,
    repositories.map(({ repositoryName }) => repositoryName),
  )
  return replyJson({ repositories: items }, headers)
}

type Referrer = {
  digest: string
  mediaType: string
  size: number
  artifactType?: string
  annotations?: Record<string, string>
}

/** What says something about an image, as an index. */
export async function listReferrers(
  desk: Desk,
  name: string,
  imageDigest: string,
): Promise<WireResponse> {
  const artifactType = parameter(desk, 'artifactType')
  const referrers = await all<Referrer>(desk, 'ListImageReferrers', 'referrers', {
    ...{ repositoryName: name, subjectId: { imageDigest }, maxResults: 50 },
    ...(artifactType === undefined ? {} : { filter: { artifactTypes: [artifactType] } }),
  })
  const mediaType = 'application/vnd.oci.image.index.v1+json'
  const manifests = referrers.map(({ digest, mediaType, size, artifactType, annotations }) => ({
    ...{ mediaType, digest, size },
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  }))
  return replyJson(
    { schemaVersion: 2, mediaType, manifests },
    {
      'content-type': mediaType,
      ...(artifactType === undefined ? {} : { 'oci-filters-applied': 'artifactType' }),
    },
  )
}

/** Every page of a list of ECR's API. */
async function all<Item>(
  desk: Desk,
  operation: string,
  member: string,
  input: object,
): Promise<Item[]> {
  const items: Item[] = []
  let nextToken: string | undefined
  do {
    const page: Record<string, unknown> = await desk.call(operation, {
      ...input,
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    items.push(...(page[member] as Item[]))
    nextToken = page.nextToken as string | undefined
  } while (nextToken !== undefined)
  return items
}

/**
 * Those after `last`, `n` of them, and where the next ones are.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 *
 * @throws Refused for an `n` that is no number.
 */
function paged(desk: Desk, names: readonly string[]) {
  const [n, last] = [parameter(desk, 'n'), parameter(desk, 'last')]
  if (n !== undefined && !/^\d{1,9}$/.test(n)) {
    throw new Refused(400, 'PAGINATION_NUMBER_INVALID', `n is ${n.slice(0, 80)}: give a number`)
  }
  const size = Math.min(Number(n ?? LARGEST_PAGE), LARGEST_PAGE)
  const rest = names.toSorted().filter((name) => last === undefined || name > last)
  const items = rest.slice(0, size)
  const end = items.at(-1)
  if (items.length === rest.length || end === undefined) return { items, headers: {} }
  const next = `${desk.request.path}?n=${size}&last=${encodeURIComponent(end)}`
  return { items, headers: { link: `<${next}>; rel="next"` } }
}
