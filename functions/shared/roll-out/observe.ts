import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Service,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import type { SFNClient } from '@aws-sdk/client-sfn'
import type { Policy } from '../../../domain/deploy-policy.ts'
import { type PlatformName, requiredPlatform } from '../../../domain/image.ts'
import type { Candidate, Cause, Observed } from '../../../domain/roll-out/observed.ts'
import { preDeployOf } from '../../../domain/roll-out/pre-deploy.ts'
import { type Gate, gateIn } from '../../../domain/roll-out/settings.ts'
import { shiftingOf } from '../../../domain/roll-out/strategy.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { repositoriesOf, TAGS } from '../../../domain/tags.ts'
import { isRunning } from '../executions.ts'
import type { Managed } from '../managed.ts'
import type { Table } from '../table/table.ts'
import { candidatesFor } from './candidates.ts'
import { leftFrom, missing } from './lost.ts'
import type { Registry } from './registry.ts'
import { isPlaceholder, type Revision, type RunningImage, runningOf } from './running.ts'
import { type Stored, withDigests } from './stored.ts'
import { readWaiting } from './waiting.ts'

export type Sources = { ecs: ECSClient; sfn: SFNClient; registry: Registry; table: Table }

/** What plans need to know of one service, and what its writes need to copy. */
export type Observation = {
  /** For each repository the service follows, the newest image first; at least one. */
  places: Observed[]
  taskDefinition: TaskDefinition
  taskDefinitionTags: Tag[]
  /** Registry host of the service's account and Region. */
  registryHost: string
}

/** Reads, at this moment, all that the decisions about one service rest on. */
export async function observe(
  sources: Sources,
  managed: Managed,
  stored: Stored,
  policy: Policy,
  cause: Cause,
): Promise<Observation> {
  const { ecs, sfn, registry, table } = sources
  const { service, arn, id } = managed
  const waiting = stored.state?.waiting ? await readWaiting(table, id, stored.state.waiting) : []
  const candidates = await candidatesFor(registry, {
    managed,
    policy,
    cause,
    state: stored.state,
    waiting,
  })
  // Without an image to run there is nothing to compare it with; the sweep looks at what runs too.
  const { taskDefinition = {}, tags = [] } =
    candidates.length === 0 && cause.kind !== 'sweep'
      ? {}
      : await describe(ecs, service.taskDefinition)
  const registryHost = registryOf(arn)
  const places = await Promise.all(
    candidates.map((candidate) =>
      placeOf(ecs, managed, { candidate, registryHost, taskDefinition, tags }),
    ),
  )
  const named = new Set(candidates.map(({ repository }) => repository))
  const asked = { service: id, policy, state: stored.state, cause }
  const left = await leftFrom(sources, managed, {
    ...asked,
    repositories: repositoriesOf(managed.tags).filter((one) => !named.has(one)),
    revision: { registryHost, taskDefinition, tags },
  })
  // Also of what runs: an image that has not held is nothing to go back to, or is to be gone back from.
  const digests = [
    ...places
      .filter(isOther)
      .flatMap(({ candidate, running }) => [
        candidate.digest,
        ...(running === undefined || hasHeld(stored.state, running) ? [] : [running.digest]),
      ]),
    ...[...places, ...left].flatMap(({ running }) =>
      running !== undefined && hasFailed(stored.state, running) ? [running.digest] : [],
    ),
  ]
  const state = await withDigests(table, id, stored, [...new Set(digests)])
  const abandoned = await isAbandoned(sfn, state, cause)
  const common = { policy, abandoned, ...commonOf(managed, taskDefinition, stored, state) }
  const seen: Observed[] = []
  for (const place of places) {
    const { candidate, containers, running } = place
    const details = isOther(place)
      ? await inspected(registry, candidate, common)
      : { platforms: [] }
    seen.push({
      ...common,
      placeholder: containers.some(isPlaceholder),
      used: containers.length > 0,
      waiting: waiting.filter(({ detail }) => detail.repository === candidate.repository),
      candidate: { ...candidate, ...details },
      ...(running === undefined ? {} : { running }),
      ...(isOther(place) ? await missing(sources, asked, candidate.repository, running) : {}),
    })
  }
  const gone = waiting.filter(({ detail }) => !named.has(detail.repository))
  seen.push(
    ...left.map((one) => ({ ...common, placeholder: false, used: true, waiting: [], ...one })),
  )
  // Pushes to a repository that has nothing for the service any more are ended too.
  if (seen.length === 0 || gone.length > 0) {
    seen.push({ ...common, placeholder: false, used: false, waiting: gone })
  }
  return { places: seen, taskDefinition, taskDefinitionTags: tags, registryHost }
}

/** The last roll-out was of this image, and ended well: what became of it need not be read. */
const hasHeld = (state: ServiceState | undefined, { digest }: RunningImage): boolean =>
  state?.latest?.digest === digest && state.latest.verdict === 'deployed'

/** The last roll-out was of this image, and came to no good end. */
const hasFailed = (state: ServiceState | undefined, { digest }: RunningImage): boolean =>
  state?.latest?.digest === digest && state.latest.verdict === 'failed'

/** What is so of a service, whichever of its repositories is looked at. */
export function commonOf(
  { service, tags }: Managed,
  taskDefinition: TaskDefinition,
  stored: Stored,
  state: ServiceState | undefined,
) {
  const platform = requiredPlatform(taskDefinition)
  const gate = gateIn(tags)
  const preDeploy = preDeployIn(taskDefinition)
  const shifting = shiftingOf(service.deploymentConfiguration)
  return {
    controller: service.deploymentController?.type ?? 'ECS',
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    desiredCount: service.desiredCount ?? 0,
    ours: service.taskDefinition === state?.revisions?.[0]?.taskDefinition,
    failing: isFailing(service, state),
    ...known(stored),
    ...(tags[TAGS.owner] === undefined ? {} : { team: tags[TAGS.owner] }),
    ...(state === undefined ? {} : { state }),
    ...(platform === undefined ? {} : { platform }),
    ...(gate === undefined ? {} : { gate }),
    ...(preDeploy === undefined ? {} : { preDeploy }),
    ...(shifting === undefined ? {} : { shifting }),
  }
}

/** Whether a task is to run before each deployment, as the label of a container says. */
function preDeployIn({ containerDefinitions = [] }: TaskDefinition): Observed['preDeploy'] {
  const asked = containerDefinitions.flatMap((one) => preDeployOf(one.dockerLabels) ?? [])
  if (asked.length === 0) return undefined
  return asked.includes('unreadable') ? 'unreadable' : 'asked'
}

/** What an image is, and what its scan found if the service asks for that. */
async function inspected(
  registry: Registry,
  candidate: Candidate,
  { platform, gate }: { platform?: PlatformName; gate?: Gate },
): Promise<Pick<Candidate, 'companion' | 'platforms' | 'scanned' | 'scan'>> {
  const { repository, digest } = candidate
  const { imageFor, ...details } = await registry.inspect(repository, candidate)
  const scanned = imageFor?.(platform) ?? digest
  const scan = gate === undefined ? undefined : await registry.scan(repository, scanned)
  return { ...details, scanned, ...(scan === undefined ? {} : { scan }) }
}

/** Whether tasks of the deployment that a roll-out began fail. */
function isFailing({ deployments = [] }: Service, state: ServiceState | undefined): boolean {
  const revision = state?.rolling?.taskDefinition
  return deployments.some(
    ({ status, taskDefinition, failedTasks = 0, rolloutState }) =>
      status === 'PRIMARY' &&
      taskDefinition === revision &&
      (failedTasks > 0 || rolloutState === 'FAILED'),
  )
}

const known = ({ environment, recorded }: Stored): Pick<Observed, 'environment' | 'recorded'> => ({
  ...(environment === undefined ? {} : { environment }),
  ...(recorded === undefined ? {} : { recorded }),
})

const describe = (ecs: ECSClient, taskDefinition = '') =>
  ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }))

/** An image the service should run, where it would run, and what runs there now. */
type Place = {
  candidate: Candidate
  containers: ContainerDefinition[]
  running: RunningImage | undefined
}

async function placeOf(
  ecs: ECSClient,
  managed: Managed,
  { candidate, ...revision }: Revision & { candidate: Candidate },
): Promise<Place> {
  const { repository } = candidate
  return { candidate, ...(await runningOf(ecs, managed, { ...revision, repository })) }
}

const isOther = ({ candidate, running }: Place): boolean => candidate.digest !== running?.digest

/**
 * Whether the roll-out under way has lost its execution. Only asked where it can be mended: an
 * event finds a roll-out that is under way, the sweep and a person may find one that is dead.
 */
async function isAbandoned(sfn: SFNClient, state: ServiceState | undefined, cause: Cause) {
  if (state?.rolling === undefined || cause.kind === 'push') return false
  return !(await isRunning(sfn, state.rolling.execution))
}

/** `<account>.dkr.ecr.<region>.amazonaws.com`, with China's suffix in China. */
export function registryOf(serviceArn: string): string {
  const [, partition, , region, account] = serviceArn.split(':')
  return `${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
}
