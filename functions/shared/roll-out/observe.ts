import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'
import type { Policy } from '../../../domain/deploy-policy.ts'
import { requiredPlatform } from '../../../domain/image.ts'
import type { Candidate, Cause, Observed } from '../../../domain/roll-out/observed.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import type { Managed } from '../managed.ts'
import type { Table } from '../table/table.ts'
import { candidatesFor } from './candidates.ts'
import type { Registry } from './registry.ts'
import { isPlaceholder, type RunningImage, runningImage, uses } from './running.ts'
import { type Stored, withDigests } from './stored.ts'
import { readWaiting } from './waiting.ts'

export type Sources = { ecs: ECSClient; sfn: SFNClient; registry: Registry; table: Table }

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
  sources: Sources,
  managed: Managed,
  stored: Stored,
  policy: Policy,
  cause: Cause,
): Promise<Observation> {
  const { ecs, sfn, registry, table } = sources
  const { service, arn, id } = managed
  const candidates = await candidatesFor(registry, managed, policy, cause, stored.state)
  // Without an image to run there is nothing to compare it with.
  const { taskDefinition = {}, tags = [] } =
    candidates.length === 0 ? {} : await describe(ecs, service.taskDefinition)
  const places = await Promise.all(
    candidates.map((candidate) => placeOf(ecs, managed, candidate, taskDefinition, tags)),
  )
  const digests = places.filter(isOther).map(({ candidate }) => candidate.digest)
  const state = await withDigests(table, id, stored, digests)
  const place = places.find((one) => isDue(one, state)) ?? places[0]
  const { candidate, containers = [], running } = place ?? {}
  const details =
    place !== undefined && isOther(place)
      ? await registry.inspect(place.candidate.repository, place.candidate)
      : { platforms: [] }
  const platform = requiredPlatform(taskDefinition)
  const observed: Observed = {
    policy,
    controller: service.deploymentController?.type ?? 'ECS',
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    desiredCount: service.desiredCount ?? 0,
    placeholder: containers.some(isPlaceholder),
    used: containers.length > 0,
    abandoned: await isAbandoned(sfn, state, cause),
    waiting: state?.waiting ? await readWaiting(table, id, state.waiting) : [],
    ...known(stored),
    ...(state === undefined ? {} : { state }),
    ...(running === undefined ? {} : { running }),
    ...(platform === undefined ? {} : { platform }),
    ...(candidate === undefined ? {} : { candidate: { ...candidate, ...details } }),
  }
  return { observed, taskDefinition, taskDefinitionTags: tags, registryHost: registryOf(arn) }
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
  { service }: Managed,
  candidate: Candidate,
  { containerDefinitions = [] }: TaskDefinition,
  tags: readonly Tag[],
): Promise<Place> {
  const containers = containerDefinitions.filter((one) => uses(one, candidate.repository))
  return { candidate, containers, running: await runningImage(ecs, service, containers, tags) }
}

const isOther = ({ candidate, running }: Place): boolean => candidate.digest !== running?.digest

/** Whether there is something to do; an image that did not hold must not block the others. */
function isDue(place: Place, state: ServiceState | undefined): boolean {
  const tried = state?.tried?.[place.candidate.digest]?.verdict
  return isOther(place) && tried !== 'rolled-back' && tried !== 'recalled'
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
