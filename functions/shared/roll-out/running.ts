import {
  type ContainerDefinition,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  type Service,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import { PLACEHOLDER, parseImage } from '../../../domain/image.ts'
import type { PinnedImage } from '../../../domain/table/service-state.ts'
import { TAGS } from '../../../domain/tags.ts'

/** What a container runs: the digest, and the tag it came under where it is known. */
export type RunningImage = { digest: string; tag?: string }

/** A repository of one registry: another account's may have the same name. */
export type Place = { registry: string; repository: string }

/** Whether a container runs an image of this repository, or stands in for one. */
export function uses(container: ContainerDefinition, { registry, repository }: Place): boolean {
  if (isPlaceholder(container)) return true
  const image = parseImage(container.image ?? '')
  return image.repository === repository && image.registry === registry
}

export const isPlaceholder = ({ dockerLabels }: ContainerDefinition): boolean =>
  dockerLabels?.[PLACEHOLDER] === 'true'

/** What runs now: pinned in the task definition, or as ECS resolved it for the revision. */
export async function runningImage(
  ecs: ECSClient,
  service: Service,
  containers: readonly ContainerDefinition[],
  tags: readonly Tag[],
): Promise<RunningImage | undefined> {
  const [container] = containers
  if (container === undefined || isPlaceholder(container)) return undefined
  const image = parseImage(container.image ?? '')
  const tag = tags.find(({ key }) => key === TAGS.tag)?.value ?? image.tag
  const named = tag === undefined ? {} : { tag }
  if (image.digest !== undefined) return { digest: image.digest, ...named }
  const digest = (await resolvedDigests(ecs, service)).get(container.name ?? '')
  return digest === undefined ? undefined : { digest, ...named }
}

/** The revision that a service runs, and the registry of its account. */
export type Revision = {
  registryHost: string
  taskDefinition: TaskDefinition
  tags: readonly Tag[]
}

/** What runs of a repository, and where. */
export async function runningOf(
  ecs: ECSClient,
  { service }: { service: Service },
  { repository, registryHost, taskDefinition, tags }: Revision & { repository: string },
): Promise<{ containers: ContainerDefinition[]; running: RunningImage | undefined }> {
  const own = { registry: registryHost, repository }
  const containers = (taskDefinition.containerDefinitions ?? []).filter((one) => uses(one, own))
  return { containers, running: await runningImage(ecs, service, containers, tags) }
}

/** The digests to which ECS resolved the tags of the revision that runs, by container. */
async function resolvedDigests(
  ecs: ECSClient,
  { currentServiceRevisions }: Service,
): Promise<Map<string, string>> {
  const revision = currentServiceRevisions?.[0]?.arn
  if (revision === undefined) return new Map()
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] }),
  )
  const images = serviceRevisions?.[0]?.containerImages ?? []
  return new Map(
    images.flatMap(({ containerName = '', imageDigest }) =>
      imageDigest === undefined ? [] : [[containerName, imageDigest] as const],
    ),
  )
}

/**
 * A task definition whose followed images are pinned to what they run now: a new deployment would
 * resolve their tags anew, and change more than the image that is rolled out, or go back to what
 * did not run before.
 *
 * @param repositories that the service follows; images of others are left as they are.
 */
export async function withPinned(
  ecs: ECSClient,
  service: Service,
  definition: TaskDefinition,
  repositories: readonly string[],
): Promise<TaskDefinition> {
  const { containerDefinitions = [] } = definition
  const floats = (container: ContainerDefinition) => {
    const { registry, repository, digest } = parseImage(container.image ?? '')
    const own = /\.dkr\.ecr[.-]/.test(registry)
    const followed = repositories.includes(repository) && own
    return followed && digest === undefined && !isPlaceholder(container)
  }
  if (!containerDefinitions.some(floats)) return definition
  const resolved = await resolvedDigests(ecs, service)
  const pin = (container: ContainerDefinition): ContainerDefinition => {
    const digest = floats(container) ? resolved.get(container.name ?? '') : undefined
    if (digest === undefined) return container
    const { registry, repository } = parseImage(container.image ?? '')
    return { ...container, image: `${registry}/${repository}@${digest}` }
  }
  return { ...definition, containerDefinitions: containerDefinitions.map(pin) }
}

/** The images that a task definition pins by their digests. */
export function pinnedImages({ containerDefinitions = [] }: TaskDefinition): PinnedImage[] {
  const pinned = containerDefinitions.flatMap((container) => {
    const { repository, digest } = parseImage(container.image ?? '')
    return digest === undefined || isPlaceholder(container) ? [] : [{ repository, digest }]
  })
  return [
    ...new Map(pinned.map((image) => [`${image.repository}@${image.digest}`, image])).values(),
  ]
}

/**
 * By container, the image that a pinned task definition names in place of a tag; undefined where the
 * definition names all of them by digest itself.
 */
export function pinsOf(
  { containerDefinitions = [] }: TaskDefinition,
  pinned: TaskDefinition,
): Record<string, string> | undefined {
  const pins = (pinned.containerDefinitions ?? []).flatMap(({ name = '', image = '' }, index) =>
    image === containerDefinitions[index]?.image ? [] : [[name, image] as const],
  )
  return pins.length > 0 ? Object.fromEntries(pins) : undefined
}
