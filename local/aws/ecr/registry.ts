import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import { Contents, namedBy } from './contents.ts'
import type { Behaviour, ImageDescription } from './image.ts'
import { INDEXES } from './image.ts'
import type { Manifest } from './manifest.ts'
import type { Repository, StoredImage } from './repository.ts'

/** Of an image's configuration, what the registry and whoever runs it look at. */
type Config = {
  os?: string
  architecture?: string
  config?: { Entrypoint?: unknown; Labels?: unknown } | null
}

/** Bytes; what is longer is no configuration that a person's tool has written. */
const LARGEST_CONFIG = 4 * 1024 * 1024

/** How an image behaves when ECS runs it, as ECS needs to know. */
export type RunnableImage = {
  digest: string
  description: ImageDescription
  platforms: string[]
  isIndex: boolean
}

/** The state of the account's private registry. */
export class Registry {
  readonly aws: Aws
  readonly repositories = new Map<string, Repository>()
  readonly contents = new Contents()
  /** What the image of a digest does; kept by digest, so a re-tag does not change it. */
  readonly descriptions = new Map<string, ImageDescription>()

  /** Whether a push may take a layer over from another repository. */
  mounts = false

  constructor(aws: Aws) {
    this.aws = aws
  }

  get host(): string {
    return `${this.aws.account}.dkr.ecr.${this.aws.region}.amazonaws.com`
  }

  /** @throws AwsError RepositoryNotFoundException */
  repository(name: string | undefined, registryId?: string): Repository {
    const found = this.repositories.get(name ?? '')
    if (found === undefined || (registryId ?? this.aws.account) !== this.aws.account) {
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${name}' does not exist in the registry with id '${registryId ?? this.aws.account}'`,
      )
    }
    return found
  }

  /** The image an id names, or undefined. */
  find(
    repository: Repository,
    id: { imageTag?: string | undefined; imageDigest?: string | undefined },
  ): StoredImage | undefined {
    const named = id.imageTag === undefined ? undefined : repository.named.get(id.imageTag)
    if (id.imageTag !== undefined && named === undefined) return undefined
    if (named !== undefined && id.imageDigest !== undefined && named !== id.imageDigest) {
      return undefined
    }
    return repository.images.get(named ?? id.imageDigest ?? '')
  }

  /** @throws AwsError ImageNotFoundException */
  image(
    repository: Repository,
    id: { imageTag?: string | undefined; imageDigest?: string | undefined },
  ): StoredImage {
    const image = this.find(repository, id)
    if (image !== undefined) return image
    throw new AwsError(
      'ImageNotFoundException',
      `The image with imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'} does not exist within the repository with name '${repository.name}' in the registry with id '${this.aws.account}'`,
    )
  }

  /**
   * Takes a layer over from another repository, where the account allows it: one that an image of
   * that repository names (https://github.com/aws/containers-roadmap/issues/2860), encrypted alike.
   *
   * @returns whether it was.
   */
  mount(from: string, into: Repository, digest: string): boolean {
    const source = this.repositories.get(from)
    const content = this.contents.get(digest)
    if (!this.mounts || source === undefined || content === undefined) return false
    const isNamed = [...source.images.values()].some(({ manifest }) =>
      namedBy(manifest).includes(digest),
    )
    const alike =
      source.encryption.encryptionType === into.encryption.encryptionType &&
      source.encryption.kmsKey === into.encryption.kmsKey
    if (!isNamed || !alike || !source.layers.has(digest)) return false
    this.contents.keep(into, digest, content)
    return true
  }

  tagsOf(repository: Repository, digest: string): string[] {
    return [...repository.named].filter(([, named]) => named === digest).map(([tag]) => tag)
  }

  describe(digest: string): ImageDescription & { behaviour: Behaviour } {
    return { behaviour: 'healthy', ...this.descriptions.get(digest) }
  }

  /** The platforms an image can run on; empty when it does not say. */
  platformsOf(image: StoredImage): string[] {
    if (INDEXES.includes(image.mediaType)) {
      return (image.manifest.manifests ?? []).flatMap(({ platform }) =>
        platform === undefined ? [] : [`${platform.os}/${platform.architecture}`],
      )
    }
    const { os, architecture } = this.configOf(image.manifest)
    return os === undefined || architecture === undefined ? [] : [`${os}/${architecture}`]
  }

  /** What an image's configuration says; nothing where what was uploaded for one is none. */
  configOf({ config }: Manifest): Config {
    const content = this.contents.get(config?.digest ?? '') ?? '{}'
    if (content.length > LARGEST_CONFIG) return {}
    try {
      const read: unknown = JSON.parse(Buffer.from(content).toString())
      return typeof read === 'object' && read !== null ? read : {}
    } catch {
      return {}
    }
  }

  /**
   * The image `<repository>[:<tag>][@<digest>]` of this registry as a container runtime would pull
   * it for a platform, or undefined when there is none.
   */
  runnable(
    repositoryName: string,
    id: { imageTag?: string; imageDigest?: string },
    platform?: string,
  ) {
    const repository = this.repositories.get(repositoryName)
    const image = repository && this.find(repository, id)
    if (image === undefined) return undefined
    return {
      digest: image.digest,
      description: this.describe(this.#ran(image, platform)),
      platforms: this.platformsOf(image),
      isIndex: INDEXES.includes(image.mediaType),
    } satisfies RunnableImage
  }

  /** Of an index that was pushed from outside, the image for the platform is what runs. */
  #ran({ digest, manifest }: StoredImage, platform: string | undefined): string {
    if (this.descriptions.has(digest)) return digest
    const child = manifest.manifests?.find(
      (one) => one.platform && `${one.platform.os}/${one.platform.architecture}` === platform,
    )
    return child?.digest ?? digest
  }
}

export const ecrPage = pager('InvalidParameterException', 100)
