import type {
  ContinueServiceDeploymentRequest,
  DescribeServiceDeploymentsRequest,
  DescribeServiceRevisionsRequest,
  ListServiceDeploymentsRequest,
  ServiceDeployment as Shape,
  StopServiceDeploymentRequest,
} from '@aws-sdk/client-ecs'
import { clone } from '../clone.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { thresholdOf } from './breaker.ts'
import { countsOf, move, ONGOING } from './deployments.ts'
import { clusterOf, ecsPage, findService, refuse } from './find.ts'
import type { EcsService, ServiceDeployment, Shifting } from './model.ts'
import { imagesOf } from './model.ts'
import { attachment } from './service-shape.ts'
import { isListed } from './stale.ts'
import type { EcsState } from './state.ts'

/** ECS keeps service deployments for 90 days. */
const KEPT_MILLISECONDS = 90 * 86_400_000

type Found = { service: EcsService; deployment: ServiceDeployment }

/** Service deployments and service revisions. */
export function serviceDeploymentOperations(ecs: EcsState) {
  return {
    ListServiceDeployments: (input: ListServiceDeploymentsRequest) => list(ecs, input),
    DescribeServiceDeployments: ({
      serviceDeploymentArns = [],
    }: DescribeServiceDeploymentsRequest) => {
      if (serviceDeploymentArns.length > 20) {
        refuse('serviceDeploymentArns can have at most 20 items.')
      }
      const found = serviceDeploymentArns.map((arn) => ({ arn, found: find(ecs, arn) }))
      return {
        serviceDeployments: found.flatMap((one) => (one.found ? [describe(one.found)] : [])),
        failures: missing(found),
      }
    },
    StopServiceDeployment: (input: StopServiceDeploymentRequest) => stop(ecs, input),
    ContinueServiceDeployment: (input: ContinueServiceDeploymentRequest) => goOn(ecs, input),
    DescribeServiceRevisions: ({ serviceRevisionArns = [] }: DescribeServiceRevisionsRequest) => {
      if (serviceRevisionArns.length > 20) refuse('serviceRevisionArns can have at most 20 items.')
      const found = serviceRevisionArns.map((arn) => ({ arn, found: revisionOf(ecs, arn) }))
      return {
        serviceRevisions: found.flatMap((one) => (one.found ? [one.found] : [])),
        failures: missing(found),
      }
    },
  }
}

const missing = (asked: readonly { arn: string; found?: unknown }[]) =>
  asked.flatMap(({ arn, found }) => (found === undefined ? [{ arn, reason: 'MISSING' }] : []))

function find(ecs: EcsState, arn: string): Found | undefined {
  for (const service of ecs.services.values()) {
    const deployment = service.history.find((one) => one.arn === arn)
    if (deployment !== undefined) return { service, deployment }
  }
  return undefined
}

function list(ecs: EcsState, input: ListServiceDeploymentsRequest) {
  const cluster = clusterOf(ecs, input.cluster)
  const service = findService(ecs, cluster, input.service)
  if (service === undefined) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.')
  }
  const { status: statuses = [], createdAt: { before, after } = {} } = input
  const found = service.history
    .filter((deployment) => isListed(ecs, service, deployment))
    .filter(({ createdAt }) => ecs.world.now - createdAt.getTime() < KEPT_MILLISECONDS)
    .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    .filter(
      ({ createdAt }) => createdAt <= (before ?? createdAt) && createdAt >= (after ?? createdAt),
    )
    .toReversed()
  const { items, next } = ecsPage(found, input.nextToken, input.maxResults ?? 20)
  return {
    serviceDeployments: items.map((deployment) => brief(service, deployment)),
    ...(next === undefined ? {} : { nextToken: next }),
  }
}

const brief = (service: EcsService, deployment: ServiceDeployment) => ({
  serviceDeploymentArn: deployment.arn,
  serviceArn: service.arn,
  clusterArn: service.cluster.arn,
  createdAt: deployment.createdAt,
  ...(deployment.startedAt === undefined ? {} : { startedAt: deployment.startedAt }),
  ...(deployment.finishedAt === undefined ? {} : { finishedAt: deployment.finishedAt }),
  targetServiceRevisionArn: deployment.deployment.revision.arn,
  status: deployment.status,
  ...(deployment.statusReason === undefined ? {} : { statusReason: deployment.statusReason }),
})

function describe({ service, deployment }: Found): Shape {
  const { targetServiceRevisionArn: _, ...shown } = brief(service, deployment)
  const { target, sources } = deployment.frozen ?? countsOf(service, deployment)
  const { configuration, rollback, shifting } = deployment
  const alarmNames = configuration.alarms?.alarmNames ?? []
  return clone({
    ...shown,
    ...(deployment.stoppedAt === undefined ? {} : { stoppedAt: deployment.stoppedAt }),
    updatedAt: deployment.updatedAt,
    sourceServiceRevisions: sources.map((source, index) => ({
      ...source,
      ...(index === 0 ? weightsOf(shifting, (percent) => 100 - percent) : {}),
    })),
    targetServiceRevision: { ...target, ...weightsOf(shifting, (percent) => percent) },
    ...(shifting === undefined
      ? {}
      : {
          lifecycleStage: shifting.stage,
          lifecycleHookDetails: shifting.hooks.map(({ stage: _, end: __, ...hook }) => hook),
        }),
    deploymentConfiguration: configuration,
    ...(rollback === undefined
      ? {}
      : {
          rollback: {
            reason: rollback.reason,
            startedAt: rollback.startedAt,
            serviceRevisionArn: rollback.to.revision.arn,
          },
        }),
    deploymentCircuitBreaker: {
      status: deployment.breaker,
      failureCount: deployment.failureCount,
      threshold: thresholdOf(configuration.deploymentCircuitBreaker, service.desired),
    },
    alarms: {
      status: deployment.alarms,
      alarmNames,
      triggeredAlarmNames: deployment.triggeredAlarms,
    },
  })
}

/** A rolling deployment shifts no traffic, and has no weights. */
const weightsOf = (shifting: Shifting | undefined, of: (percent: number) => number) =>
  shifting === undefined
    ? {}
    : {
        requestedTestTrafficWeight: of(shifting.test),
        requestedProductionTrafficWeight: of(shifting.production),
      }

/**
 * Lets a deployment go on that waits at a pause hook, or sends it back.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html
 */
function goOn(
  ecs: EcsState,
  { serviceDeploymentArn = '', hookId = '', action = 'CONTINUE' }: ContinueServiceDeploymentRequest,
) {
  if (!/^ecs-[a-z]+-.+$/.test(hookId)) {
    refuse('Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}')
  }
  const found = find(ecs, serviceDeploymentArn)
  if (found === undefined) {
    throw new AwsError(
      'ServiceDeploymentNotFoundException',
      'The service deployment does not exist.',
    )
  }
  const { deployment } = found
  if (!ONGOING.includes(deployment.status)) {
    refuse(
      'Continuing a service deployment is not allowed for service deployment in terminal states.',
    )
  }
  const hook = deployment.shifting?.hooks.find((one) => one.hookId === hookId)
  if (hook?.end === undefined) {
    refuse(
      'Provided hookId is either completed, unavailable, or not associated with the given Resource ARN',
    )
  }
  hook.end(action === 'ROLLBACK' ? 'FAILED' : 'SUCCEEDED')
  return { serviceDeploymentArn }
}

/**
 * Stops a deployment by rolling it back, whether or not it was set up to.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
function stop(
  ecs: EcsState,
  { serviceDeploymentArn = '', stopType }: StopServiceDeploymentRequest,
) {
  if (stopType === 'ABORT')
    throw new NotImplemented('the stopType ABORT of ecs:StopServiceDeployment')
  const found = find(ecs, serviceDeploymentArn)
  if (found === undefined) {
    throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.')
  }
  const { service, deployment } = found
  if (!ONGOING.includes(deployment.status)) {
    throw new AwsError(
      'ConflictException',
      `The service deployment is ${deployment.status} and cannot be stopped.`,
    )
  }
  if (deployment.status === 'PENDING' || deployment.status === 'IN_PROGRESS') {
    move(ecs, deployment, 'ROLLBACK_REQUESTED', 'Service deployment rollback requested.')
    ecs.changed(service)
  }
  return { serviceDeploymentArn }
}

function revisionOf(ecs: EcsState, arn: string) {
  for (const service of ecs.services.values()) {
    const revision = service.revisions.find((one) => one.arn === arn)
    if (revision === undefined) continue
    return clone({
      serviceRevisionArn: arn,
      serviceArn: service.arn,
      clusterArn: service.cluster.arn,
      taskDefinition: revision.definition.arn,
      ...attachment(revision),
      containerImages: imagesOf(revision),
      guardDutyEnabled: false,
      createdAt: revision.createdAt,
    })
  }
  return undefined
}
