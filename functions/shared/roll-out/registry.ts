import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  type DescribeImagesResponse,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  type Image,
  type ImageDetail,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr'
import type { Policy, Tagged } from '../../../domain/deploy-policy.ts'
import type { Scan } from '../../../domain/findings.ts'
import {
  companionByManifest,
  companionByTag,
  imageFor,
  type Manifest,
  type PlatformName,
  platformName,
  platformsOf,
} from '../../../domain/image.ts'
import { isKeptName } from '../../../domain/kept-name.ts'
import type { Push } from '../../../domain/table/record.ts'
import { instant } from '../../../domain/time.ts'
import { type Configuration, configurationIn, LayerUnreadable, labelsIn } from './configuration.ts'
import { imagesOf } from './images.ts'
import { isGone, scanIn } from './scan.ts'

/** Manifest formats we can read; an index is what we pin, ECS picks the platform's child. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

type Inspected = {
  companion?: string
  platforms: PlatformName[]
  /** Of an index: the image of it that a platform takes. */
  imageFor?: (platform: PlatformName | undefined) => string | undefined
}

/** A manifest, character for character: its digest is made of them. */
export type WrittenManifest = { manifest: string; mediaType: string | undefined }

/** Step Functions carries 256 KiB from state to state; an index has some kilobytes. */
const MANIFEST_CHARACTERS = 32_000
/** The most that `DescribeImages` answers at once. */
const PAGE = 1000

/**
 * The registry's answers to what a decision asks. It is asked once for the same: services that
 * follow one repository share what it says, within one invocation.
 */
export class Registry {
  readonly #ecr: ECRClient
  readonly #fetch: typeof fetch
  readonly #asked = new Map<string, Promise<ImageDetail[]>>()
  readonly #inspected = new Map<string, Promise<Inspected>>()
  /** Manifests as they were read, by repository and digest. */
  readonly #manifests = new Map<string, WrittenManifest>()

  constructor(ecr: ECRClient, fetch_: typeof fetch) {
    this.#ecr = ecr
    this.#fetch = fetch_
  }

  /** The images a policy chooses from: one lookup for an exact tag, else every tagged image. */
  async tagged(repository: string, policy: Policy): Promise<Tagged[]> {
    if (policy.kind === 'off') return []
    const details =
      policy.kind === 'exact'
        ? await this.#once(`${repository}:${policy.tag}`, () =>
            this.#named(repository, { imageTag: policy.tag }),
          )
        : await this.#once(repository, () => this.#all(repository))
    return details.flatMap(({ imageTags = [], imageDigest = '', imagePushedAt }) =>
      imageTags
        .filter((tag) => policy.kind !== 'exact' || tag === policy.tag)
        .filter((tag) => companionByTag(tag) === undefined || policy.kind === 'exact')
        .map((tag) => ({ tag, digest: imageDigest, at: instant(imagePushedAt ?? new Date(0)) })),
    )
  }

  /**
   * The image that a tag names now, if it is one of the pushes that were heard of: asked for with
   * its manifest, which the decision needs next. Another image's date only `tagged` tells.
   */
  async heard(
    repository: string,
    tag: string,
    pushes: readonly Push[],
  ): Promise<Tagged | undefined> {
    const image = await this.#image(repository, { imageTag: tag })
    const push = pushes.findLast(
      (one) => one.tag === tag && one.digest === image?.imageId?.imageDigest,
    )
    if (push === undefined || image?.imageManifest === undefined) return undefined
    return { tag, digest: push.digest, at: push.at }
  }

  /** The image with this digest, if the registry still has it. */
  async byDigest(repository: string, digest: string): Promise<Tagged | undefined> {
    const [image] = await this.#named(repository, { imageDigest: digest })
    if (image === undefined) return undefined
    const at = instant(image.imagePushedAt ?? new Date(0))
    return { tag: image.imageTags?.find((tag) => !isKeptName(tag)) ?? '', digest, at }
  }

  /** Whether the registry has this image; `policy` is what its tags were asked for already. */
  async has(repository: string, digest: string, policy: Policy): Promise<boolean> {
    const known = await this.tagged(repository, policy)
    if (known.some((image) => image.digest === digest)) return true
    return (await this.byDigest(repository, digest)) !== undefined
  }

  /** What the image is, and which platforms it has (empty when the registry does not tell). */
  inspect(repository: string, image: Tagged): Promise<Inspected> {
    const key = `${repository}:${image.tag}@${image.digest}`
    const known = this.#inspected.get(key) ?? this.#inspect(repository, image)
    this.#inspected.set(key, known)
    return known
  }

  async #inspect(repository: string, { tag, digest }: Tagged): Promise<Inspected> {
    const byTag = companionByTag(tag)
    if (byTag !== undefined) return { companion: byTag, platforms: [] }
    const manifest = await this.#manifest(repository, digest)
    if (manifest === undefined) return { platforms: [] }
    const companion = companionByManifest(manifest)
    if (companion !== undefined) return { companion, platforms: [] }
    if (manifest.manifests !== undefined) {
      return {
        platforms: platformsOf(manifest),
        imageFor: (platform) => imageFor(manifest, platform),
      }
    }
    return { platforms: await this.#ownPlatform(repository, manifest) }
  }

  /** An image's manifest, if it was read and is small enough to be handed on. */
  manifestOf(repository: string, digest: string): WrittenManifest | undefined {
    const written = this.#manifests.get(`${repository}@${digest}`)
    return (written?.manifest.length ?? 0) > MANIFEST_CHARACTERS ? undefined : written
  }

  /** What the scan of an image found, which is not an index. */
  async scan(repository: string, digest: string): Promise<Scan | undefined> {
    return scanIn((await imagesOf(this.#ecr, repository, [digest])).get(digest))
  }

  /**
   * Labels of an image's configuration, as its build has written them; of an index those of the image
   * for the platform. None where the image is not there, or has none.
   * https://github.com/opencontainers/image-spec/blob/main/annotations.md
   */
  async labels(
    repository: string,
    digest: string,
    platform: PlatformName | undefined,
  ): Promise<Record<string, string>> {
    const manifest = await this.#manifest(repository, digest)
    const own = manifest?.manifests === undefined ? undefined : imageFor(manifest, platform)
    const of = own === undefined ? manifest : await this.#manifest(repository, own)
    return of === undefined ? {} : labelsIn(await this.#configuration(repository, of))
  }

  async #manifest(repository: string, digest: string): Promise<Manifest | undefined> {
    if (!this.#manifests.has(`${repository}@${digest}`))
      await this.#image(repository, { imageDigest: digest })
    const written = this.#manifests.get(`${repository}@${digest}`)
    return written === undefined ? undefined : (JSON.parse(written.manifest) as Manifest)
  }

  /** An image without an index tells its platform in its configuration. */
  async #ownPlatform(repository: string, manifest: Manifest): Promise<PlatformName[]> {
    const { os, architecture } = await this.#configuration(repository, manifest)
    return typeof os === 'string' && typeof architecture === 'string'
      ? [platformName({ os, architecture })]
      : []
  }

  /** An image's configuration, which is a layer. */
  async #configuration(repository: string, manifest: Manifest): Promise<Configuration> {
    if (manifest.config === undefined) return {}
    const { downloadUrl } = await this.#ecr.send(
      new GetDownloadUrlForLayerCommand({
        repositoryName: repository,
        layerDigest: manifest.config.digest,
      }),
    )
    if (downloadUrl === undefined) return {}
    const what = `${repository}: the image's configuration ${manifest.config.digest}`
    const answer = await this.#fetch(downloadUrl).catch((cause: unknown) => {
      throw new LayerUnreadable(`${what} did not answer`, { cause })
    })
    if (!answer.ok) throw new LayerUnreadable(`${what} answered ${answer.status}`)
    return configurationIn(answer, what)
  }

  #once(key: string, ask: () => Promise<ImageDetail[]>): Promise<ImageDetail[]> {
    const known = this.#asked.get(key) ?? ask()
    this.#asked.set(key, known)
    return known
  }

  /** An image with its manifest; undefined for one that is not there, or in a format we cannot read. */
  async #image(repositoryName: string, id: ImageIdentifier): Promise<Image | undefined> {
    const command = new BatchGetImageCommand({
      repositoryName,
      imageIds: [id],
      acceptedMediaTypes: MANIFESTS,
    })
    const { images = [] } = await this.#ecr.send(command).catch((error: unknown) => {
      if (isGone(error)) return { images: [] }
      throw error
    })
    const [image] = images
    const { imageId, imageManifest: manifest, imageManifestMediaType: mediaType } = image ?? {}
    if (imageId?.imageDigest !== undefined && manifest !== undefined)
      this.#manifests.set(`${repositoryName}@${imageId.imageDigest}`, { manifest, mediaType })
    return image
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
        maxResults: PAGE,
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
