import {
  type Deployment,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
  type ServiceEvent,
} from '@aws-sdk/client-ecs'
import { serviceOf } from '../../domain/arn.ts'
import { shiftingOf } from '../../domain/roll-out/strategy.ts'
import type { Progress } from '../../domain/table/record.ts'
import { ecsTagsIn } from '../../domain/tags.ts'
import { isBack, type Judgement, judge, progressOf, waitsFor } from './judge.ts'

/**
 * The revision whose deployment is watched, and since when. `fresh`: it was given to ECS so lately
 * that reads may still show what was before.
 */
export type Watched = { taskDefinition: string; first: boolean; since: string; fresh: boolean }

/** ECS's words for why it cannot go on, as it writes them among a service's events. */
const CANNOT = /\bunable to\b|\bcannot\b/
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
const SHORT = /\bCapacity is unavailable\b/

export type DeploymentStatus = {
  judgement: Judgement
  progress: Progress
  /** When it became steady. */
  steadyAt?: Date
  /** Tasks that failed in the course of it. */
  failures: number
  /** What it waits for by plan, in words; absent while its tasks start and stop. */
  waits?: string
  /** How many tasks the service should have: none while it sleeps. */
  desired: number
  tags: Record<string, string>
  /** What ECS has written about the service, the newest first. */
  events: readonly ServiceEvent[]
  /** Why ECS cannot go on, in its own words, if it said so since the roll-out began. */
  complaint?: string
  /** When it last said that there is no capacity for a task. */
  shortAt?: Date
}

/** The service was deleted in the course of its roll-out. */
export class DeploymentGone extends Error {
  override readonly name = 'DeploymentGone'
}

/** `DescribeServiceDeployments` and `DescribeServiceRevisions` take twenty at a time. */
const DESCRIBED_AT_ONCE = 20
/** Our clock dates the claim, ECS's the deployment. */
const CLOCK_SKEW_MILLISECONDS = 60_000

/**
 * How the deployment of a revision is doing. What counts is the revision: a deployment of it that
 * somebody forces anew in the course of a roll-out is as good as the one the machine began.
 *
 * One call answers for a deployment that goes well; what ECS did about one that does not is asked
 * from its service deployments.
 *
 * @throws DeploymentGone
 */
export async function deploymentStatus(
  ecs: ECSClient,
  serviceArn: string,
  watched: Watched,
): Promise<DeploymentStatus> {
  const service = await describeService(ecs, serviceArn)
  const status = await statusOf(ecs, service, serviceArn, watched)
  const { message: complaint, createdAt } = complaintIn(service, watched.since) ?? {}
  const isShort = complaint !== undefined && SHORT.test(complaint)
  return {
    ...status,
    desired: service.desiredCount ?? 0,
    tags: ecsTagsIn(service.tags),
    events: service.events ?? [],
    ...(complaint === undefined ? {} : { complaint }),
    ...(isShort && createdAt ? { shortAt: createdAt } : {}),
  }
}

type Status = Omit<DeploymentStatus, 'desired' | 'tags' | 'events' | 'complaint' | 'shortAt'>

async function statusOf(
  ecs: ECSClient,
  service: Service,
  serviceArn: string,
  watched: Watched,
): Promise<Status> {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY') ?? {}
  const runs = primary.taskDefinition === watched.taskDefinition
  const { rolloutState, failedTasks = 0, updatedAt } = primary
  if (runs && rolloutState === 'COMPLETED') {
    const status = { progress: seen(primary), failures: failedTasks }
    return {
      ...status,
      judgement: { state: 'succeeded' },
      ...(updatedAt && { steadyAt: updatedAt }),
    }
  }
  const shifts = shiftingOf(service.deploymentConfiguration) !== undefined
  if (runs && rolloutState === 'IN_PROGRESS' && failedTasks === 0 && !shifts) {
    return { judgement: { state: 'in-progress' }, progress: seen(primary), failures: 0 }
  }
  return ofServiceDeployment(ecs, serviceArn, watched, primary)
}

/** The newest service deployment of the revision says what ECS makes of it. */
async function ofServiceDeployment(
  ecs: ECSClient,
  serviceArn: string,
  watched: Watched,
  primary: Deployment,
): Promise<Status> {
  const deployment = await newestOf(ecs, serviceArn, watched)
  const runs = primary.taskDefinition === watched.taskDefinition
  // ECS shows and lists deployments some moments after it has begun them.
  if (deployment === undefined && (runs || watched.fresh)) {
    const failures = runs ? (primary.failedTasks ?? 0) : 0
    return { judgement: { state: 'in-progress' }, progress: seen(primary), failures }
  }
  const other = `the service runs ${primary.taskDefinition?.split('/').at(-1)} now`
  if (deployment === undefined) {
    return { judgement: { state: 'replaced', reason: other }, progress: seen(primary), failures: 0 }
  }
  const judged = judge(deployment, watched)
  // What succeeded may be an earlier deployment of the revision: the latest is not listed yet.
  const judgement: Judgement =
    !runs && watched.fresh && judged.state === 'succeeded'
      ? { state: 'in-progress' }
      : inLight(judged, runs ? undefined : { deployment, primary, other })
  const { deploymentCircuitBreaker: breaker, finishedAt } = deployment
  const waits = waitsFor(deployment)
  return {
    judgement,
    progress: progressOf(deployment),
    failures: breaker?.failureCount ?? 0,
    ...(waits === undefined ? {} : { waits }),
    ...(judgement.state === 'succeeded' && finishedAt && { steadyAt: finishedAt }),
  }
}

/** A judgement of the image, in the light of what the service runs, if that is another one. */
function inLight(
  judged: Judgement,
  now: { deployment: ServiceDeployment; primary: Deployment; other: string } | undefined,
): Judgement {
  if (now === undefined) return judged
  const { deployment, primary, other } = now
  if (judged.state === 'succeeded') return { state: 'replaced', reason: other }
  if (judged.state !== 'in-progress' || !isBack(deployment, primary)) return judged
  return { state: 'rolled-back', reason: deployment.rollback?.reason ?? other }
}

function complaintIn({ events = [] }: Service, since: string): ServiceEvent | undefined {
  const from = Date.parse(since) - CLOCK_SKEW_MILLISECONDS
  return events.find(
    ({ createdAt, message = '' }) => (createdAt?.getTime() ?? 0) >= from && CANNOT.test(message),
  )
}

async function describeService(ecs: ECSClient, serviceArn: string): Promise<Service> {
  const cluster = serviceOf(serviceArn).split('/')[0]
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [serviceArn], include: ['TAGS'] }),
  )
  const [service] = services
  if (service === undefined || service.status === 'INACTIVE') {
    throw new DeploymentGone(`${serviceArn} is not there any more`)
  }
  return service
}

async function newestOf(
  ecs: ECSClient,
  service: string,
  { taskDefinition, since }: Watched,
): Promise<ServiceDeployment | undefined> {
  const cluster = serviceOf(service).split('/')[0]
  const after = new Date(Date.parse(since) - CLOCK_SKEW_MILLISECONDS)
  const { serviceDeployments: listed = [] } = await ecs.send(
    new ListServiceDeploymentsCommand({
      cluster,
      service,
      createdAt: { after },
      maxResults: DESCRIBED_AT_ONCE,
    }),
  )
  const arns = listed.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? [])
  if (arns.length === 0) return undefined
  const { serviceDeployments = [] } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }),
  )
  const targets = [...new Set(serviceDeployments.flatMap((one) => targetOf(one) ?? []))]
  const { serviceRevisions = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: targets }),
  )
  const own = new Set(
    serviceRevisions
      .filter((revision) => revision.taskDefinition === taskDefinition)
      .map(({ serviceRevisionArn }) => serviceRevisionArn),
  )
  return serviceDeployments
    .filter((deployment) => own.has(targetOf(deployment)))
    .toSorted((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0))
    .at(-1)
}

const targetOf = ({ targetServiceRevision }: ServiceDeployment): string | undefined =>
  targetServiceRevision?.arn

/** Without failures nobody asks where the circuit breaker would trip. */
const seen = ({ runningCount = 0, desiredCount = 0, failedTasks = 0 }: Deployment): Progress => ({
  running: runningCount,
  desired: desiredCount,
  failures: failedTasks,
  threshold: 0,
})
