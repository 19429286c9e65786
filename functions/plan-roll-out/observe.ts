import {
  type ContainerDefinition,
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'
import { choose, type Policy, type Tagged } from '../../domain/deploy-policy.ts'
import { PLACEHOLDER, parseImage, requiredPlatform } from '../../domain/image.ts'
import type { RollOutRecord, ServiceState } from '../../domain/record.ts'
import type { Remembered } from './memory.ts'
import type { Candidate, Cause, Observed } from './plan.ts'
import type { Registry } from './registry.ts'
import { uses } from './revision.ts'
import type { Managed } from './services.ts'
import { repositoriesOf } from './services.ts'

export type Sources = {
  ecs: ECSClient
  sfn: SFNClient
  registry: Registry
  /** Pushes to a service that wait for its roll-out to end. */
  waiting(service: string): Promise<RollOutRecord[]>
}

/** What a plan needs to know of one service, and what its writes need to copy. */
export type Observation = {
  observed: Observed
  taskDefinition: TaskDefinition
  taskDefinitionTags: Tag[]
  /** Registry host of the service's account and Region. */
  registryHost: string
}

/** Reads, at this moment, all that the decision about one service rests on. */
export async function observe(
  { ecs, sfn, registry, waiting }: Sources,
  managed: Managed,
  remembered: Remembered,
  policy: Policy,
  cause: Cause,
): Promise<Observation> {
  const { service, arn, id } = managed
  const { state } = remembered
  const candidates = await candidatesFor(registry, managed, policy, cause, state)
  // Without an image to run there is nothing to compare it with.
  const { taskDefinition = {}, tags = [] } =
    candidates.length === 0 ? {} : await describe(ecs, service.taskDefinition)
  const places = await Promise.all(
    candidates.map((candidate) => placeOf(ecs, managed, candidate, taskDefinition, tags)),
  )
  const place = places.find((one) => isDue(one, state)) ?? places[0]
  const { candidate, containers = [], running } = place ?? {}
  const details =
    candidate !== undefined && candidate.digest !== running?.digest
      ? await registry.inspect(candidate.repository, candidate)
      : { platforms: [] }
  const platform = requiredPlatform(taskDefinition)
  const observed: Observed = {
    policy,
    controller: service.deploymentController?.type ?? 'ECS',
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    desiredCount: service.desiredCount ?? 0,
    placeholder: containers.some(({ dockerLabels }) => dockerLabels?.[PLACEHOLDER] === 'true'),
    used: containers.length > 0,
    abandoned: await isAbandoned(sfn, state, cause),
    waiting: state?.waiting ? await waiting(id) : [],
    ...(running === undefined ? {} : { running }),
    ...(platform === undefined ? {} : { platform }),
    ...(candidate === undefined ? {} : { candidate: { ...candidate, ...details } }),
    ...remembered,
  }
  return { observed, taskDefinition, taskDefinitionTags: tags, registryHost: registryOf(arn) }
}

const describe = (ecs: ECSClient, taskDefinition = '') =>
  ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }))

/** An image the service should run, where it would run, and what runs there now. */
type Place = {
  candidate: Candidate
  containers: ContainerDefinition[]
  running: { digest: string; tag?: string } | undefined
}

async function placeOf(
  ecs: ECSClient,
  managed: Managed,
  candidate: Candidate,
  { containerDefinitions = [] }: TaskDefinition,
  tags: readonly Tag[],
): Promise<Place> {
  const containers = containerDefinitions.filter((one) => uses(one, candidate.repository))
  return { candidate, containers, running: await runningImage(ecs, managed, containers, tags) }
}

/** Whether there is something to do; an image that did not hold must not hide the others. */
function isDue({ candidate, running }: Place, state: ServiceState | undefined): boolean {
  const tried = state?.tried?.[candidate.digest]?.verdict
  return candidate.digest !== running?.digest && tried !== 'rolled-back' && tried !== 'recalled'
}

/**
 * The images the service should run, one for each repository it follows, newest first: what a
 * person named, else what its policy chooses now.
 */
async function candidatesFor(
  registry: Registry,
  { tags }: Managed,
  policy: Policy,
  cause: Cause,
  state: ServiceState | undefined,
): Promise<Candidate[]> {
  const repositories = cause.kind === 'push' ? [cause.push.repository] : repositoriesOf(tags)
  const found: Candidate[] = []
  for (const repository of repositories) {
    const image =
      cause.kind === 'by-hand'
        ? await registry.byDigest(repository, cause.digest)
        : choose(policy, dated(await registry.tagged(repository, policy), repository, cause, state))
    if (image !== undefined) found.push({ ...image, repository, platforms: [] })
  }
  return found.toSorted((a, b) => b.at.localeCompare(a.at))
}

/**
 * The registry dates an image by its first push: a tag moved back to an older image keeps the old
 * date. The push at hand and the last one seen tell when their tag came to name their digest.
 */
function dated(
  images: readonly Tagged[],
  repository: string,
  cause: Cause,
  state: ServiceState | undefined,
): Tagged[] {
  const seen = [state?.latest, cause.kind === 'push' ? cause.push : undefined].filter(
    (push) => push?.repository === repository,
  )
  return images.map((image) => {
    const last = seen.findLast((push) => push?.tag === image.tag && push.digest === image.digest)
    return last === undefined ? image : { ...image, at: last.at }
  })
}

/** What runs now: pinned in the task definition, or as ECS resolved it for the revision. */
async function runningImage(
  ecs: ECSClient,
  { service }: Managed,
  containers: readonly ContainerDefinition[],
  tags: readonly Tag[],
): Promise<{ digest: string; tag?: string } | undefined> {
  const [container] = containers
  if (container === undefined || container.dockerLabels?.[PLACEHOLDER] === 'true') return undefined
  const image = parseImage(container.image ?? '')
  const tag = tags.find(({ key }) => key === 'caretaker:tag')?.value ?? image.tag
  const named = tag === undefined ? {} : { tag }
  if (image.digest !== undefined) return { digest: image.digest, ...named }
  const revision = service.currentServiceRevisions?.[0]?.arn
  if (revision === undefined) return undefined
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] }),
  )
  const resolved = serviceRevisions?.[0]?.containerImages?.find(
    ({ containerName }) => containerName === container.name,
  )
  return resolved?.imageDigest === undefined
    ? undefined
    : { digest: resolved.imageDigest, ...named }
}

/**
 * Whether the roll-out under way has lost its execution. Only asked where it can be mended: an
 * event finds a roll-out that is under way, the sweep and a person may find one that is dead.
 */
async function isAbandoned(sfn: SFNClient, state: ServiceState | undefined, cause: Cause) {
  if (state?.rolling === undefined || cause.kind === 'push') return false
  try {
    const executionArn = state.rolling.execution
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }))
    return status !== 'RUNNING'
  } catch (error) {
    // Step Functions forgets: with its machine, or 90 days after the end.
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return true
    throw error
  }
}

/** `<account>.dkr.ecr.<region>.amazonaws.com`, with China's suffix in China. */
function registryOf(serviceArn: string): string {
  const [, partition, , region, account] = serviceArn.split(':')
  return `${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
}
