import type { PutImageRequest } from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { namedBy } from './contents.ts'
import { emitImageAction, emitReplication, type Origin } from './events.ts'
import {
  digestOf,
  type ImageDescription,
  INDEXES,
  MANIFEST,
  MANIFEST_TYPES,
  PROGRAM,
} from './image.ts'
import { describedBy } from './labels.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import type { Registry } from './registry.ts'
import type { Repository, StoredImage } from './repository.ts'
import { startScan } from './scan.ts'

/** `PutImage`, the last step of every push. */
export function putOperations(registry: Registry) {
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

/** @throws AwsError as ECR refuses a manifest. */
export function put(
  registry: Registry,
  repository: Repository,
  input: Pick<
    PutImageRequest,
    'imageManifest' | 'imageManifestMediaType' | 'imageTag' | 'imageDigest'
  >,
  from?: Origin,
): StoredImage {
  const text = input.imageManifest ?? ''
  const manifest = parseManifest(text)
  const digest = digestOf(text)
  if (input.imageDigest !== undefined && input.imageDigest !== digest) {
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The image with digest '${input.imageDigest}' in repository '${repository.name}' and registry ID '${registry.aws.account}' does not match the image digest that Amazon ECR has calculated.`,
    )
  }
  const mediaType = input.imageManifestMediaType ?? manifest.mediaType ?? MANIFEST
  refuseOtherTypes(mediaType)
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
  const described = registry.descriptions.get(digest) ?? descriptionOf(registry, manifest)
  if (described !== undefined) registry.descriptions.set(digest, described)
  registry.contents.name(namedBy(manifest))
  repository.images.set(digest, image)
  if (known === undefined && repository.scanning.scanOnPush) startScan(registry, repository, image)
  name(registry, repository, image, { ...(from && { from }), tag: input.imageTag })
  return image
}

/**
 * What an image does that was put together outside: what the layers do that it was made of here,
 * and what its labels say. Undefined where neither says anything.
 */
function descriptionOf(registry: Registry, manifest: Manifest): ImageDescription | undefined {
  const ofLayers = registry.descriptions.get(manifest.layers?.at(-1)?.digest ?? '')
  const { Entrypoint, Labels } = registry.configOf(manifest).config ?? {}
  const labelled = describedBy(Labels)
  if (ofLayers === undefined) return Object.keys(labelled).length > 0 ? labelled : undefined
  const [program]: unknown[] = Array.isArray(Entrypoint) ? Entrypoint : [PROGRAM]
  const isThere = program === undefined || program === PROGRAM
  const missing = isThere ? {} : { missingProgram: String(program) }
  return { ...ofLayers, ...labelled, ...missing }
}

function name(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  { tag, from }: { tag: string | undefined; from?: Origin },
): void {
  if (tag !== undefined) {
    repository.named.delete(tag)
    repository.named.set(tag, image.digest)
  }
  if (from === undefined) emitImageAction(registry.aws, 'PUSH', repository, image, tag)
  else emitReplication(registry.aws, repository, image, from, tag)
}

/** A tag that names the image already needs no push: the client sees that it exists. */
export function tagImage(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  tag: string,
): void {
  if (repository.named.get(tag) === image.digest) return
  refuseImmutable(repository, tag, image.digest)
  name(registry, repository, image, { tag })
}

/** @throws AwsError for what a registry does not keep. */
function refuseOtherTypes(mediaType: string): void {
  if (MANIFEST_TYPES.includes(mediaType)) return
  throw new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'ImageManifestMediaType' failed to satisfy constraint: '${mediaType.slice(0, 100)} is none of ${MANIFEST_TYPES.join(', ')}'`,
  )
}

/** In the words that clients were shown: https://github.com/int128/docker-manifest-create-action/pull/63 */
function refuseWhatIsMissing(
  { contents, aws }: Registry,
  repository: Repository,
  manifest: Manifest,
  mediaType: string,
): void {
  const why = `required for pushing image into repository with name '${repository.name}' in the registry with id '${aws.account}' do not exist`
  if (INDEXES.includes(mediaType)) {
    const digests = (manifest.manifests ?? []).map(({ digest }) => digest)
    const missing = digests.filter((digest) => !repository.images.has(digest))
    if (missing.length === 0) return
    throw new AwsError(
      'ReferencedImagesNotFoundException',
      `Images with digests '[${missing.join(', ')}]' ${why}`,
    )
  }
  const missing = namedBy(manifest).filter((digest) => !contents.has(repository, digest))
  if (missing.length === 0) return
  throw new AwsError(
    'LayersNotFoundException',
    `Layers with digests '[${missing.join(', ')}]' ${why}`,
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
