import type { Origin } from './events.ts'
import type { BuiltImage, ImageDescription } from './image.ts'
import { buildArtifact, buildImage, buildIndex } from './image.ts'
import { put, tagImage } from './put.ts'
import type { Registry } from './registry.ts'

/** A push as a person or a pipeline makes it. */
export type Push = {
  repository: string
  tag?: string
  tags?: readonly string[]
  image?: ImageDescription
  /** Gives the tags to this image, which the repository has already, instead of a new one. */
  digest?: string
  /** It is not pushed here: another registry replicates it. */
  from?: Origin
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
    for (const { digest: name, text } of blobs) registry.contents.keep(repository, name, text)
    registry.descriptions.set(digest, asked.image ?? {})
    // Its own layer is what does it, whatever manifest names it later.
    for (const own of blobs.slice(-1)) registry.descriptions.set(own.digest, asked.image ?? {})
    const last = digest === built.at(-1)?.digest
    const named = last && tags.length > 0 ? tags : [undefined]
    for (const imageTag of named) {
      put(
        registry,
        repository,
        {
          imageManifest: manifest,
          imageManifestMediaType: mediaType,
          ...(imageTag === undefined ? {} : { imageTag }),
        },
        asked.from,
      )
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
