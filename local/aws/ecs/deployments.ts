import type { DeploymentConfiguration } from '@aws-sdk/client-ecs'
import { clone } from '../clone.ts'
import { thresholdOf } from './breaker.ts'
import { backOff, IMPAIRED_AFTER } from './durations.ts'
import { emitAction, emitDeployment, note } from './events.ts'
import type { Deployment, EcsService, Revision, ServiceDeployment, Task } from './model.ts'
import type { EcsState } from './state.ts'
import { shiftsTraffic } from './strategy.ts'

export const ONGOING: readonly string[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]

export const currentOf = ({ history }: EcsService): ServiceDeployment | undefined => history.at(-1)

/** Starts a deployment of `revision`; it replaces one that is in progress. */
export function begin(ecs: EcsState, service: EcsService, revision: Revision): void {
  const { world } = ecs
  const { date } = world
  for (const ongoing of service.history.filter(({ status }) => ONGOING.includes(status))) {
    move(ecs, ongoing, 'STOP_REQUESTED', 'Stopped by a newer service deployment.')
  }
  const id = `ecs-svc/${ecs.digits('deployment', 19)}`
  const deployment: Deployment = {
    id,
    revision,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    reason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    createdAt: date,
    updatedAt: date,
    failedStarts: 0,
    retryAt: 0,
    wanted: 0,
    alternate: groupsFor(service),
  }
  const sources = service.deployments.map((other) => other.revision)
  for (const other of service.deployments) leave(service, other)
  service.deployments.unshift(deployment)
  service.revisions.push(revision)
  const name = `${service.cluster.name}/${service.name}`
  const configuration = clone(service.configuration)
  service.history.push({
    arn: ecs.aws.arn(
      'ecs',
      `service-deployment/${name}/${world.random.hex('ecs/service-deployment', 21)}`,
    ),
    deployment,
    sources: [...new Set(sources)],
    status: 'PENDING',
    createdAt: date,
    updatedAt: date,
    configuration,
    failureCount: 0,
    breaker: configuration.deploymentCircuitBreaker?.enable ? 'MONITORING' : 'DISABLED',
    alarms: configuration.alarms?.enable ? 'MONITORING' : 'DISABLED',
    triggeredAlarms: [],
    ...(shiftsTraffic(configuration)
      ? { shifting: { stage: 'PRE_SCALE_UP', production: 0, test: 0, hooks: [] } }
      : {}),
  })
  service.steady = false
  ecs.changed(service)
}

/** The target groups in which nothing runs that has the traffic; else those in which all runs. */
function groupsFor({ configuration, completed, deployments }: EcsService): boolean {
  const before = completed ?? deployments[0]
  if (before === undefined) return false
  return shiftsTraffic(configuration) ? !before.alternate : before.alternate
}

/**
 * Another deployment is the primary one now. What was completed keeps as many tasks as it has until
 * they are stopped for the new ones: one that dies meanwhile is replaced by its own revision.
 * https://aws.amazon.com/about-aws/whats-new/2025/11/amazon-ecs-service-availability-rolling-deployments
 */
function leave(service: EcsService, deployment: Deployment): void {
  if (deployment.status === 'PRIMARY') {
    const tasks = [...service.tasks].filter((task) => task.deployment === deployment)
    const alive = tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length
    const isKept = deployment.rolloutState === 'COMPLETED'
    deployment.wanted = isKept ? Math.min(alive, service.desired) : 0
  }
  deployment.status = 'ACTIVE'
}

/** The scheduler starts what was requested since its last run. */
export function advance(ecs: EcsState, service: EcsService): void {
  for (const deployment of service.history) {
    if (deployment.status === 'STOP_REQUESTED') finish(ecs, service, deployment, 'STOPPED')
  }
  const current = currentOf(service)
  if (current?.status === 'PENDING') {
    current.startedAt = ecs.world.date
    move(ecs, current, 'IN_PROGRESS')
    emitDeployment(ecs, service, current.deployment, 'IN_PROGRESS')
  }
  if (current?.status === 'ROLLBACK_REQUESTED') {
    fail(ecs, service, current, {
      event: false,
      rollback: true,
      reason: `ECS deployment ${current.deployment.id} stopped by a user.`,
      why: 'Service deployment rolled back because of a user request.',
      by: 'ECS deployment',
    })
  }
}

/** The deployment is steady, and has been for its bake time. */
export function complete(ecs: EcsState, service: EcsService, current: ServiceDeployment): void {
  const deployment = current.rollback?.to ?? current.deployment
  deployment.rolloutState = 'COMPLETED'
  deployment.reason = `ECS deployment ${deployment.id} completed.`
  deployment.updatedAt = ecs.world.date
  service.completed = deployment
  for (const other of service.deployments) other.wanted = 0
  finish(ecs, service, current, current.rollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL')
  emitDeployment(ecs, service, deployment, 'COMPLETED')
  note(ecs, service, `(deployment ${deployment.id}) deployment completed.`)
}

/**
 * A task of a deployment stopped by itself. Counts if the deployment is still under way and the
 * task never was healthy, or a health check failed it.
 *
 * @param started whether the task ever reached RUNNING; starts that did not are slowed down.
 */
export function countFailure(
  ecs: EcsState,
  service: EcsService,
  deployment: Deployment,
  started: boolean,
): void {
  deployment.failedTasks++
  deployment.updatedAt = ecs.world.date
  deployment.failedStarts = started ? 0 : deployment.failedStarts + 1
  deployment.retryAt = ecs.world.now + backOff(deployment.failedStarts)
  if (deployment.failedStarts === IMPAIRED_AFTER) {
    note(ecs, service, 'is unable to consistently start tasks successfully.')
    emitAction(ecs, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED')
  }
  const current = currentOf(service)
  if (current === undefined || deployment.rolloutState !== 'IN_PROGRESS') return
  if (current.deployment === deployment) current.failureCount = deployment.failedTasks
  const { deploymentCircuitBreaker: breaker } = current.configuration
  const threshold = thresholdOf(breaker, service.desired)
  if (!breaker?.enable || deployment.failedTasks < threshold) return
  if (current.rollback?.to === deployment) rollbackFailed(ecs, service, current)
  else if (current.deployment === deployment && current.status === 'IN_PROGRESS') {
    current.breaker = 'TRIGGERED'
    fail(ecs, service, current, {
      event: true,
      rollback: breaker.rollback ?? false,
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
      why: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      by: 'ECS deployment circuit breaker',
    })
  }
}

/** A task of a deployment became healthy. */
export function countHealthy(service: EcsService, { deployment }: Task): void {
  const current = currentOf(service)
  if (deployment === undefined || current === undefined) return
  deployment.failedStarts = 0
  if (current.configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false) return
  if (deployment.rolloutState !== 'IN_PROGRESS') return
  deployment.failedTasks = 0
  if (current.deployment === deployment) current.failureCount = 0
}

type DeploymentFailure = {
  event: boolean
  rollback: boolean
  reason: string
  why: string
  by: string
}

/** The deployment has failed: back to the last completed one, or it stalls. */
export function fail(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
  { event, rollback, reason, why, by }: DeploymentFailure,
): void {
  const { deployment } = current
  deployment.rolloutState = 'FAILED'
  deployment.reason = reason
  deployment.updatedAt = ecs.world.date
  if (event) emitDeployment(ecs, service, deployment, 'FAILED')
  note(ecs, service, `(deployment ${deployment.id}) deployment failed: ${reason}`)
  ecs.changed(service)
  const to = rollback ? service.completed : undefined
  if (to === undefined) {
    if (rollback) finish(ecs, service, current, 'ROLLBACK_FAILED', NOWHERE)
    else move(ecs, current, 'STOP_REQUESTED', reason)
    return
  }
  current.rollback = { reason: why, startedAt: ecs.world.date, to }
  move(ecs, current, 'ROLLBACK_IN_PROGRESS', why)
  delete service.completed
  Object.assign(to, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 0 })
  Object.assign(to, { failedStarts: 0, retryAt: 0, updatedAt: ecs.world.date })
  to.reason = `${by}: rolling back to deploymentId ${to.id}.`
  service.deployments = [to, ...service.deployments.filter((other) => other !== to)]
  for (const other of service.deployments.slice(1)) leave(service, other)
  note(ecs, service, `rolling back to deployment ${to.id}.`)
  emitDeployment(ecs, service, to, 'IN_PROGRESS')
}

/**
 * As ECS says it in the console, and to Terraform's acceptance tests:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecs/service_test.go
 */
const NOWHERE = 'No rollback candidate was found to run the rollback.'

function rollbackFailed(ecs: EcsState, service: EcsService, current: ServiceDeployment): void {
  const to = current.rollback?.to
  if (to === undefined) return
  to.rolloutState = 'FAILED'
  to.reason = 'ECS deployment circuit breaker: tasks failed to start.'
  emitDeployment(ecs, service, to, 'FAILED')
  finish(ecs, service, current, 'ROLLBACK_FAILED')
}

export function move(
  { world }: EcsState,
  deployment: ServiceDeployment,
  status: ServiceDeployment['status'],
  reason?: string,
): void {
  deployment.status = status
  deployment.updatedAt = world.date
  // Nobody can go on with what is not under way any more.
  for (const hook of deployment.shifting?.hooks ?? []) hook.end?.('left')
  if (reason !== undefined) deployment.statusReason = reason
}

function finish(
  ecs: EcsState,
  service: EcsService,
  deployment: ServiceDeployment,
  status: 'SUCCESSFUL' | 'STOPPED' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED',
  reason?: string,
): void {
  deployment.frozen = countsOf(service, deployment)
  move(ecs, deployment, status, reason)
  deployment.finishedAt = ecs.world.date
  if (status === 'STOPPED') deployment.stoppedAt = ecs.world.date
  if (deployment.breaker === 'MONITORING') deployment.breaker = 'MONITORING_COMPLETE'
  if (deployment.alarms === 'MONITORING') deployment.alarms = 'MONITORING_COMPLETE'
}

/** How long a steady deployment is watched before it counts as complete. */
export const bakeOf = ({ bakeTimeInMinutes }: DeploymentConfiguration, fallback: number): number =>
  bakeTimeInMinutes === undefined ? fallback : bakeTimeInMinutes * 60_000

/** How many tasks of the target and the source revisions there are. */
export function countsOf(service: EcsService, deployment: ServiceDeployment) {
  const of = (revision: Revision) => {
    const tasks = [...service.tasks].filter((task) => task.deployment?.revision === revision)
    return {
      arn: revision.arn,
      requestedTaskCount: requestedOf(service, revision),
      runningTaskCount: tasks.filter(isRunning).length,
      pendingTaskCount: tasks.filter(isPending).length,
    }
  }
  return { target: of(deployment.deployment.revision), sources: deployment.sources.map(of) }
}

/** How many tasks of a revision ECS means to run. */
export function requestedOf({ deployments, desired }: EcsService, revision: Revision): number {
  const found = deployments.find((deployment) => deployment.revision === revision)
  return found?.status === 'PRIMARY' ? desired : (found?.wanted ?? 0)
}

export const isRunning = ({ status }: Task): boolean => status === 'RUNNING'

export const isPending = ({ status, desiredStatus }: Task): boolean =>
  desiredStatus === 'RUNNING' && ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(status)
