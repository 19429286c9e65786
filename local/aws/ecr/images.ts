import type {
  BatchDeleteImageRequest,
  BatchGetImageRequest,
  DescribeImagesRequest,
  ImageIdentifier,
  ListImagesRequest,
} from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { emitImageAction } from './events.ts'
import { INDEXES } from './image.ts'
import type { Registry } from './registry.ts'
import { ecrPage } from './registry.ts'
import type { Repository, StoredImage } from './repository.ts'
import { countsOf } from './scan.ts'

/** Reading and deleting images. */
export function imageOperations(registry: Registry) {
  return {
    DescribeImages: (input: DescribeImagesRequest) => describeImages(registry, input),
    ListImages: (input: ListImagesRequest) => listImages(registry, input),
    BatchGetImage: (input: BatchGetImageRequest) => batchGet(registry, input),
    BatchDeleteImage: (input: BatchDeleteImageRequest) => batchDelete(registry, input),
  }
}

function describeImages(registry: Registry, input: DescribeImagesRequest) {
  onlyMembers('ecr:DescribeImages', input, [
    'registryId',
    'repositoryName',
    'imageIds',
    'nextToken',
    'maxResults',
    'filter',
  ])
  const repository = registry.repository(input.repositoryName, input.registryId)
  const ids = input.imageIds ?? []
  if (ids.length > 0) {
    const images = new Set(ids.map((id) => registry.image(repository, id)))
    return { imageDetails: [...images].map((image) => detail(registry, repository, image)) }
  }
  const wanted = input.filter?.tagStatus ?? 'ANY'
  const images = [...repository.images.values()].filter(({ digest }) => {
    const tagged = registry.tagsOf(repository, digest).length > 0
    return wanted === 'ANY' || tagged === (wanted === 'TAGGED')
  })
  const { items, next } = ecrPage(images, input.nextToken, input.maxResults)
  return {
    imageDetails: items.map((image) => detail(registry, repository, image)),
    ...(next === undefined ? {} : { nextToken: next }),
  }
}

function detail(registry: Registry, repository: Repository, image: StoredImage) {
  const tags = registry.tagsOf(repository, image.digest)
  const { config, layers = [] } = image.manifest
  const artifact = image.manifest.artifactType ?? config?.mediaType
  const size = layers.reduce((sum, layer) => sum + (layer.size ?? 0), config?.size ?? 0)
  return {
    registryId: registry.aws.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(tags.length > 0 ? { imageTags: tags } : {}),
    imageSizeInBytes: size,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    ...(artifact === undefined ? {} : { artifactMediaType: artifact }),
    imageStatus: 'ACTIVE' as const,
    ...(image.scan === undefined ? {} : { imageScanStatus: { status: image.scan.status } }),
    ...(image.scan?.completedAt === undefined
      ? {}
      : {
          imageScanFindingsSummary: {
            imageScanCompletedAt: image.scan.completedAt,
            findingSeverityCounts: countsOf(image.scan.findings),
          },
        }),
  }
}

function listImages(registry: Registry, input: ListImagesRequest) {
  const repository = registry.repository(input.repositoryName, input.registryId)
  const wanted = input.filter?.tagStatus ?? 'ANY'
  const ids = [...repository.images.keys()].flatMap((imageDigest): ImageIdentifier[] => {
    const tags = registry.tagsOf(repository, imageDigest)
    if (tags.length === 0) return wanted === 'TAGGED' ? [] : [{ imageDigest }]
    return wanted === 'UNTAGGED' ? [] : tags.map((imageTag) => ({ imageDigest, imageTag }))
  })
  const { items, next } = ecrPage(ids, input.nextToken, input.maxResults)
  return { imageIds: items, ...(next === undefined ? {} : { nextToken: next }) }
}

function batchGet(registry: Registry, input: BatchGetImageRequest) {
  const repository = registry.repository(input.repositoryName, input.registryId)
  const ids = batchOf(input.imageIds)
  const accepted = input.acceptedMediaTypes
  const answers = ids.map((imageId) => {
    const image = registry.find(repository, imageId)
    const refused = accepted?.length && image && !accepted.includes(image.mediaType)
    if (image === undefined || refused) return { failure: notFound(imageId) }
    return {
      image: {
        registryId: registry.aws.account,
        repositoryName: repository.name,
        imageId: { ...imageId, imageDigest: image.digest },
        imageManifest: image.text,
        imageManifestMediaType: image.mediaType,
      },
    }
  })
  return {
    images: answers.flatMap(({ image }) => (image === undefined ? [] : [image])),
    failures: answers.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  }
}

/** @throws AwsError for none or more than 100 ids. */
function batchOf(ids: ImageIdentifier[] = []): ImageIdentifier[] {
  if (ids.length >= 1 && ids.length <= 100) return ids
  throw new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length between 1 and 100'`,
  )
}

const notFound = (imageId: ImageIdentifier) => ({
  imageId,
  failureCode: 'ImageNotFound' as const,
  failureReason: 'Requested image not found',
})

function batchDelete(registry: Registry, input: BatchDeleteImageRequest) {
  const repository = registry.repository(input.repositoryName, input.registryId)
  const deleted: ImageIdentifier[] = []
  const failures: (Omit<ReturnType<typeof notFound>, 'failureCode'> & { failureCode: string })[] =
    []
  for (const imageId of batchOf(input.imageIds)) {
    const image = registry.find(repository, imageId)
    if (image === undefined) failures.push(notFound(imageId))
    else if (imageId.imageTag === undefined && isChild(repository, image.digest)) {
      const failureReason = `Requested image referenced by manifest list: [${image.digest}]`
      failures.push({ imageId, failureCode: 'ImageReferencedByManifestList', failureReason })
    } else deleted.push(...remove(registry, repository, image, imageId.imageTag))
  }
  return { imageIds: deleted, failures }
}

export const isChild = (repository: Repository, digest: string): boolean =>
  [...repository.images.values()].some(
    ({ mediaType, manifest }) =>
      INDEXES.includes(mediaType) && manifest.manifests?.some((child) => child.digest === digest),
  )

/** By tag: the tag goes, and the image with its last one. By digest: all goes. */
export function remove(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  tag?: string,
): ImageIdentifier[] {
  const imageDigest = image.digest
  const before = registry.tagsOf(repository, imageDigest)
  const tags = tag === undefined ? before : [tag]
  for (const name of tags) repository.named.delete(name)
  if (tags.length === before.length) repository.images.delete(imageDigest)
  for (const name of tags) emitImageAction(registry.aws, 'DELETE', repository, image, name)
  if (tags.length === 0) emitImageAction(registry.aws, 'DELETE', repository, image)
  if (tags.length === 0) return [{ imageDigest }]
  return tags.map((imageTag) => ({ imageDigest, imageTag }))
}
