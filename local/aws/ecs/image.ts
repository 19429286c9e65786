import { createHash } from 'node:crypto'
import type { TaskDefinition } from '@aws-sdk/client-ecs'
import { Ecr } from '../ecr/ecr.ts'
import type { RunnableImage } from '../ecr/registry.ts'
import type { Revision } from './model.ts'
import type { EcsState } from './state.ts'

const PRIVATE_REGISTRY = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/

/** What pulling an image gives, or the reason ECS writes when it cannot be pulled. */
export type Pulled =
  | { image: RunnableImage; exec: 'runs' | 'wrong-architecture' }
  | { error: string }

/**
 * Pulls the image of a container. The first task of a revision resolves the tag to a digest, and
 * every later one uses that digest, until starts have failed three times without one.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function pull(
  ecs: EcsState,
  definition: TaskDefinition,
  container: { name: string; image: string; pinned: boolean },
  revision?: Revision,
): Pulled {
  const pinned = container.pinned ? revision?.resolved.get(container.name) : undefined
  const platform = platformOf(definition)
  const image = find(ecs, container.image, platform, pinned)
  const named = container.image
  if (image === undefined) {
    return { error: cannotPull(`failed to resolve ref ${named}: ${named}: not found`) }
  }
  if (image.description.behaviour === 'never-starts') {
    return { error: cannotPull(`failed to pull and unpack image "${named}": unexpected EOF`) }
  }
  const { missingProgram } = image.description
  if (missingProgram !== undefined) return { error: cannotStart(missingProgram) }
  if (revision !== undefined && container.pinned && revision.unresolvedStarts < 3) {
    revision.resolved.set(container.name, image.digest)
  }
  const fits = image.platforms.length === 0 || image.platforms.includes(platform)
  if (!fits && image.isIndex) {
    return {
      error: cannotPull(
        `image Manifest does not contain descriptor matching platform '${platform}'`,
      ),
    }
  }
  return { image, exec: fits ? 'runs' : 'wrong-architecture' }
}

const cannotPull = (why: string): string =>
  `CannotPullContainerError: pull image manifest has been retried 7 time(s): ${why}`

/** As Fargate passes on what its container runtime says. */
const cannotStart = (program: string): string =>
  `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${program}": stat ${program}: no such file or directory: unknown`

/** What a task says that cannot reach its image's registry. */
export const unreachable = (image: string): string => {
  const [host = '', path = ''] = image.split(/\/(.*)/s)
  const at = path.replace(/[@:].*$/, '')
  return cannotPull(
    `failed to resolve ref ${image}: failed to do request: Head "https://${host}/v2/${at}/manifests/latest": dial tcp 198.51.100.20:443: i/o timeout`,
  )
}

/** Whether an image is in ECR, of whatever account. */
export const isInEcr = (image: string, region: string): boolean =>
  PRIVATE_REGISTRY.exec(image.split('/')[0] ?? '')?.[2] === region

/** Images of other registries, another account's among them, are taken to exist and to be well. */
function find(
  ecs: EcsState,
  reference: string,
  platform: string,
  pinned?: string,
): RunnableImage | undefined {
  const [name = '', digest] = reference.split('@')
  const host = name.slice(0, Math.max(0, name.indexOf('/')))
  const { account, region } = ecs.aws
  const registry = PRIVATE_REGISTRY.exec(host)
  if (registry?.[1] !== account || registry[2] !== region) {
    const content = createHash('sha256').update(reference).digest('hex')
    const description = { behaviour: 'healthy' as const }
    return { digest: digest ?? `sha256:${content}`, description, platforms: [], isIndex: true }
  }
  const path = name.slice(host.length + 1)
  const colon = path.lastIndexOf(':')
  const repository = colon < 0 ? path : path.slice(0, colon)
  const imageDigest = pinned ?? digest
  const imageTag = colon < 0 ? 'latest' : path.slice(colon + 1)
  return ecs.aws
    .find(Ecr)
    ?.runnable(repository, imageDigest === undefined ? { imageTag } : { imageDigest }, platform)
}

/** `linux/arm64`; x86 unless the task definition says otherwise. */
function platformOf({ runtimePlatform }: TaskDefinition): string {
  const os = runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ? 'windows' : 'linux'
  return `${os}/${runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64'}`
}
