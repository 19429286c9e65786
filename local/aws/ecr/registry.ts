import type {
  ImageScanFinding,
  ImageScanningConfiguration,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
} from '@aws-sdk/client-ecr'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import type { Behaviour, ImageDescription, Manifest } from './image.ts'
import { INDEXES } from './image.ts'

type Scan = {
  status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETE'
  completedAt?: Date
  findings: ImageScanFinding[]
}

/** Of an image's configuration, what the registry and whoever runs it look at. */
type Config = { os?: string; architecture?: string; config?: { Entrypoint?: unknown } | null }

export type StoredImage = {
  digest: string
  mediaType: string
  text: string
  manifest: Manifest
  pushedAt: Date
  scan?: Scan
}

export type Repository = {
  name: string
  arn: string
  uri: string
  createdAt: Date
  mutability: ImageTagMutability
  exclusions: ImageTagMutabilityExclusionFilter[]
  scanning: ImageScanningConfiguration
  encryption: { encryptionType: 'AES256' | 'KMS' | 'KMS_DSSE'; kmsKey?: string }
  lifecyclePolicy?: { text: string; evaluatedAt: Date }
  policy?: string
  tags: Record<string, string>
  images: Map<string, StoredImage>
  /** Tag -> digest, oldest first. */
  named: Map<string, string>
}

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
  /** Blob digest -> content. Layers are addressed by content, across repositories. */
  readonly blobs = new Map<string, string | Uint8Array>()
  /** What the image of a digest does; kept by digest, so a re-tag does not change it. */
  readonly descriptions = new Map<string, ImageDescription>()

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
    const content = this.blobs.get(config?.digest ?? '') ?? '{}'
    try {
      return (JSON.parse(Buffer.from(content).toString()) as Config | null) ?? {}
    } catch {
      return {}
    }
  }

  /**
   * The image `<repository>[:<tag>][@<digest>]` of this registry as a container runtime would pull
   * it, or undefined when there is none.
   */
  runnable(repositoryName: string, id: { imageTag?: string; imageDigest?: string }) {
    const repository = this.repositories.get(repositoryName)
    const image = repository && this.find(repository, id)
    if (image === undefined) return undefined
    return {
      digest: image.digest,
      description: this.describe(image.digest),
      platforms: this.platformsOf(image),
      isIndex: INDEXES.includes(image.mediaType),
    } satisfies RunnableImage
  }
}

export const ecrPage = pager('InvalidParameterException', 100)
