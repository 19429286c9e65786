import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  type DescribeImagesResponse,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageDetail,
} from '@aws-sdk/client-ecr'
import type { Policy, Tagged } from '../../domain/deploy-policy.ts'
import type { Manifest, PlatformName } from '../../domain/image.ts'
import { companionByManifest, companionByTag, platformsOf } from '../../domain/image.ts'
import { instant } from '../../domain/record.ts'

/** Manifest formats we can read; an index is what we pin, ECS picks the platform's child. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

/** The registry's answers to what a decision asks. */
export class Registry {
  readonly #ecr: ECRClient
  readonly #fetch: typeof fetch

  constructor(ecr: ECRClient, fetch_: typeof fetch) {
    this.#ecr = ecr
    this.#fetch = fetch_
  }

  /** The images a policy chooses from: one lookup for an exact tag, else every tagged image. */
  async tagged(repository: string, policy: Policy): Promise<Tagged[]> {
    if (policy.kind === 'off') return []
    const details =
      policy.kind === 'exact'
        ? await this.#named(repository, { imageTag: policy.tag })
        : await this.#all(repository)
    return details.flatMap(({ imageTags = [], imageDigest = '', imagePushedAt }) =>
      imageTags
        .filter((tag) => policy.kind !== 'exact' || tag === policy.tag)
        .filter((tag) => companionByTag(tag) === undefined || policy.kind === 'exact')
        .map((tag) => ({ tag, digest: imageDigest, at: instant(imagePushedAt ?? new Date(0)) })),
    )
  }

  /** The image with this digest, if the registry still has it. */
  async byDigest(repository: string, digest: string): Promise<Tagged | undefined> {
    const [image] = await this.#named(repository, { imageDigest: digest })
    if (image === undefined) return undefined
    const at = instant(image.imagePushedAt ?? new Date(0))
    return { tag: image.imageTags?.[0] ?? '', digest, at }
  }

  /** What the image is, and which platforms it has (empty when the registry does not tell). */
  async inspect(
    repository: string,
    { tag, digest }: Tagged,
  ): Promise<{ companion?: string; platforms: PlatformName[] }> {
    const byTag = companionByTag(tag)
    if (byTag !== undefined) return { companion: byTag, platforms: [] }
    const answer = await this.#ecr.send(
      new BatchGetImageCommand({
        repositoryName: repository,
        imageIds: [{ imageDigest: digest }],
        acceptedMediaTypes: MANIFESTS,
      }),
    )
    const text = answer.images?.[0]?.imageManifest
    if (text === undefined) return { platforms: [] }
    const manifest = JSON.parse(text) as Manifest
    const companion = companionByManifest(manifest)
    if (companion !== undefined) return { companion, platforms: [] }
    if (manifest.manifests !== undefined) return { platforms: platformsOf(manifest) }
    return { platforms: await this.#ownPlatform(repository, manifest) }
  }

  /** An image without an index tells its platform in its configuration, which is a layer. */
  async #ownPlatform(repository: string, manifest: Manifest): Promise<PlatformName[]> {
    if (manifest.config === undefined) return []
    const { downloadUrl } = await this.#ecr.send(
      new GetDownloadUrlForLayerCommand({
        repositoryName: repository,
        layerDigest: manifest.config.digest,
      }),
    )
    if (downloadUrl === undefined) return []
    const answer = await this.#fetch(downloadUrl).catch((cause: unknown) => {
      throw new LayerUnreadable(`${repository}: no answer for ${downloadUrl}`, { cause })
    })
    if (!answer.ok) throw new LayerUnreadable(`${repository}: ${answer.status} for ${downloadUrl}`)
    const { os, architecture } = (await answer.json()) as { os?: string; architecture?: string }
    return os === undefined || architecture === undefined ? [] : [`${os}/${architecture}`]
  }

  async #named(
    repositoryName: string,
    id: { imageTag: string } | { imageDigest: string },
  ): Promise<ImageDetail[]> {
    const page = await this.#page({ repositoryName, imageIds: [id] })
    return page.imageDetails ?? []
  }

  async #all(repositoryName: string): Promise<ImageDetail[]> {
    const images: ImageDetail[] = []
    let nextToken: string | undefined
    do {
      const page = await this.#page({
        repositoryName,
        filter: { tagStatus: 'TAGGED' },
        ...(nextToken === undefined ? {} : { nextToken }),
      })
      images.push(...(page.imageDetails ?? []))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    return images
  }

  /** An image or a repository that is not there is an answer: there is nothing to run. */
  async #page(input: DescribeImagesCommandInput): Promise<DescribeImagesResponse> {
    try {
      return await this.#ecr.send(new DescribeImagesCommand(input))
    } catch (error) {
      if (isGone(error)) return {}
      throw error
    }
  }
}

/** ECR gave an address for an image's configuration, and it did not answer. */
export class LayerUnreadable extends Error {
  override readonly name = 'LayerUnreadable'
}

const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  ['ImageNotFoundException', 'RepositoryNotFoundException'].includes(error.name)
