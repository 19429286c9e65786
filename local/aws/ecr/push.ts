import type { PutImageRequest } from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { emitImageAction } from './events.ts'
import type { BuiltImage, ImageDescription, Manifest } from './image.ts'
import {
  buildArtifact,
  buildImage,
  buildIndex,
  digestOf,
  INDEXES,
  MANIFEST,
  PROGRAM,
} from './image.ts'
import type { Registry, Repository, StoredImage } from './registry.ts'
import { startScan } from './scan.ts'

/** A push as a person or a pipeline makes it. */
export type Push = {
  repository: string
  tag?: string
  tags?: readonly string[]
  image?: ImageDescription
  /** Gives the tags to this image, which the repository has already, instead of a new one. */
  digest?: string
}

/** `PutImage`, the last step of every push. */
export function pushOperations(registry: Registry) {
  return {
    PutImage: (input: PutImageRequest) => {
      onlyMembers('ecr:PutImage', input, [
        'registryId',
        'repositoryName',
        'imageManifest',
        'imageManifestMediaType',
        'imageTag',
        'imageDigest',
      ])
      const repository = registry.repository(input.repositoryName, input.registryId)
      const image = put(registry, repository, input)
      return {
        image: {
          registryId: registry.aws.account,
          repositoryName: repository.name,
          imageId: {
            imageDigest: image.digest,
            ...(input.imageTag === undefined ? {} : { imageTag: input.imageTag }),
          },
          imageManifest: image.text,
          imageManifestMediaType: image.mediaType,
        },
      }
    },
  }
}

/**
 * Builds and pushes an image. One with several architectures goes as its untagged children first,
 * then the tagged index, as buildx does.
 *
 * @returns the digest the tags name now.
 * @throws AwsError as ECR refuses the push, for instance for a tag that is immutable.
 */
export function push(registry: Registry, asked: Push, number: number): string {
  const repository = registry.repository(asked.repository)
  const tags = [...(asked.tag === undefined ? [] : [asked.tag]), ...(asked.tags ?? [])]
  if (asked.digest !== undefined) {
    const image = registry.image(repository, { imageDigest: asked.digest })
    for (const tag of tags) tagImage(registry, repository, image, tag)
    return image.digest
  }
  const built = build(asked, repository.name, registry, number)
  for (const { manifest, mediaType, blobs, digest } of built) {
    for (const { digest: name, text } of blobs) registry.blobs.set(name, text)
    registry.descriptions.set(digest, asked.image ?? {})
    // Its own layer is what does it, whatever manifest names it later.
    for (const own of blobs.slice(-1)) registry.descriptions.set(own.digest, asked.image ?? {})
    const last = digest === built.at(-1)?.digest
    const named = last && tags.length > 0 ? tags : [undefined]
    for (const imageTag of named) {
      put(registry, repository, {
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
        ...(imageTag === undefined ? {} : { imageTag }),
      })
    }
  }
  return built.at(-1)?.digest ?? ''
}

/** What is pushed, in order; the last one gets the tags. */
function build(asked: Push, repository: string, { aws }: Registry, number: number): BuiltImage[] {
  const { architectures = ['linux/amd64', 'linux/arm64'], artifact = 'image' } = asked.image ?? {}
  const { seed, date: created } = aws.world
  const origin = { repository, seed, number, created }
  if (artifact !== 'image') return [buildArtifact(artifact, origin)]
  const children = architectures.map((platform) => buildImage(platform, origin))
  return children.length > 1 ? [...children, buildIndex(children)] : children
}

function put(
  registry: Registry,
  repository: Repository,
  input: Pick<
    PutImageRequest,
    'imageManifest' | 'imageManifestMediaType' | 'imageTag' | 'imageDigest'
  >,
): StoredImage {
  const text = input.imageManifest ?? ''
  const manifest = parse(text)
  const digest = digestOf(text)
  if (input.imageDigest !== undefined && input.imageDigest !== digest) {
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The specified image digest '${input.imageDigest}' does not match the digest that Amazon ECR calculated for the image '${digest}'`,
    )
  }
  const mediaType = input.imageManifestMediaType ?? manifest.mediaType ?? MANIFEST
  const known = repository.images.get(digest)
  refuseWhatIsMissing(registry, repository, manifest, mediaType)
  const image = known ?? { digest, mediaType, text, manifest, pushedAt: registry.aws.world.date }
  if (input.imageTag !== undefined) refuseImmutable(repository, input.imageTag, digest)
  const named = input.imageTag === undefined || repository.named.get(input.imageTag) === digest
  if (known !== undefined && named) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${input.imageTag ?? 'null'}' already exists in the repository with name '${repository.name}' in registry with id '${registry.aws.account}'`,
    )
  }
  repository.images.set(digest, image)
  if (!registry.descriptions.has(digest)) describe(registry, image)
  if (known === undefined && repository.scanning.scanOnPush) startScan(registry, repository, image)
  name(registry, repository, image, input.imageTag)
  return image
}

/** An image that was put together by hand from layers that are here does what they do. */
function describe(registry: Registry, { digest, manifest }: StoredImage): void {
  const ofLayers = registry.descriptions.get(manifest.layers?.at(-1)?.digest ?? '')
  if (ofLayers === undefined) return
  const entryPoint = registry.configOf(manifest).config?.Entrypoint
  const [program]: unknown[] = Array.isArray(entryPoint) ? entryPoint : [PROGRAM]
  const isThere = program === undefined || program === PROGRAM
  const missing = isThere ? {} : { missingProgram: String(program) }
  registry.descriptions.set(digest, { ...ofLayers, ...missing })
}

function name(registry: Registry, repository: Repository, image: StoredImage, tag?: string): void {
  if (tag !== undefined) {
    repository.named.delete(tag)
    repository.named.set(tag, image.digest)
  }
  emitImageAction(registry.aws, 'PUSH', repository, image, tag)
}

/** A tag that names the image already needs no push: the client sees that it exists. */
function tagImage(registry: Registry, repository: Repository, image: StoredImage, tag: string) {
  if (repository.named.get(tag) === image.digest) return
  refuseImmutable(repository, tag, image.digest)
  name(registry, repository, image, tag)
}

function parse(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest
  } catch {
    throw new AwsError(
      'InvalidParameterException',
      "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    )
  }
}

function refuseWhatIsMissing(
  { blobs, aws }: Registry,
  repository: Repository,
  manifest: Manifest,
  mediaType: string,
): void {
  const where = `the repository with name '${repository.name}' in registry with id '${aws.account}'`
  if (INDEXES.includes(mediaType)) {
    const missing = (manifest.manifests ?? []).filter(
      ({ digest }) => !repository.images.has(digest),
    )
    if (missing.length === 0) return
    throw new AwsError(
      'ReferencedImagesNotFoundException',
      `The images with digests [${missing.map(({ digest }) => digest).join(', ')}] required for pushing the image were not found in ${where}`,
    )
  }
  const layers = [manifest.config, ...(manifest.layers ?? [])].map((layer) => layer?.digest ?? '')
  const missing = layers.filter((digest) => digest !== '' && !blobs.has(digest))
  if (missing.length === 0) return
  throw new AwsError(
    'LayersNotFoundException',
    `Layers with digests '[${missing.join(', ')}]' required for pushing image into ${where} were not found`,
  )
}

function refuseImmutable(repository: Repository, tag: string, digest: string): void {
  const before = repository.named.get(tag)
  if (before === undefined || before === digest || !isImmutable(repository, tag)) return
  throw new AwsError(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
  )
}

/** Exclusions turn the repository's setting round for the tags they match. */
function isImmutable({ mutability, exclusions }: Repository, tag: string): boolean {
  const excluded = exclusions.some(({ filter = '' }) => {
    const parts = filter.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`).test(tag)
  })
  return mutability.startsWith('IMMUTABLE') !== (excluded && mutability.endsWith('EXCLUSION'))
}
