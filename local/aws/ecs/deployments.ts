import type { DeploymentConfiguration } from '@aws-sdk/client-ecs'
import { clone } from '../clone.ts'
import { thresholdOf } from './breaker.ts'
import { emitAction, emitDeployment, note } from './events.ts'
import type { Fleet } from './fleet.ts'
import type { Deployment, EcsService, Revision, ServiceDeployment, Task } from './model.ts'
import { backOff, IMPAIRED_AFTER } from './physics.ts'

export const ONGOING: readonly string[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]

export const currentOf = ({ history }: EcsService): ServiceDeployment | undefined => history.at(-1)

/** Starts a deployment of `revision`; one that is under way gives way to it. */
export function begin(fleet: Fleet, service: EcsService, revision: Revision): void {
  const { world } = fleet
  const { date } = world
  for (const ongoing of service.history.filter(({ status }) => ONGOING.includes(status))) {
    move(fleet, ongoing, 'STOP_REQUESTED', 'Stopped by a newer service deployment.')
  }
  const id = `ecs-svc/${fleet.digits('deployment', 19)}`
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
  }
  const sources = service.deployments.map((other) => other.revision)
  for (const other of service.deployments) other.status = 'ACTIVE'
  service.deployments.unshift(deployment)
  service.revisions.push(revision)
  const name = `${service.cluster.name}/${service.name}`
  const configuration = clone(service.configuration)
  service.history.push({
    arn: fleet.aws.arn(
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
  })
  service.steady = false
  fleet.changed(service)
}

/** The scheduler takes up what was asked for since it last looked. */
export function advance(fleet: Fleet, service: EcsService): void {
  for (const deployment of service.history) {
    if (deployment.status === 'STOP_REQUESTED') finish(fleet, service, deployment, 'STOPPED')
  }
  const current = currentOf(service)
  if (current?.status === 'PENDING') {
    current.startedAt = fleet.world.date
    move(fleet, current, 'IN_PROGRESS')
    emitDeployment(fleet, service, current.deployment, 'IN_PROGRESS')
  }
  if (current?.status === 'ROLLBACK_REQUESTED') {
    fail(fleet, service, current, {
      event: false,
      rollback: true,
      reason: `ECS deployment ${current.deployment.id} stopped by a user.`,
      why: 'Service deployment rolled back because of a user request.',
      by: 'ECS deployment',
    })
  }
}

/** The deployment is steady, and has been for its bake time. */
export function complete(fleet: Fleet, service: EcsService, current: ServiceDeployment): void {
  const deployment = current.rollback?.to ?? current.deployment
  deployment.rolloutState = 'COMPLETED'
  deployment.reason = `ECS deployment ${deployment.id} completed.`
  deployment.updatedAt = fleet.world.date
  service.completed = deployment
  finish(fleet, service, current, current.rollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL')
  emitDeployment(fleet, service, deployment, 'COMPLETED')
  note(fleet, service, `(deployment ${deployment.id}) deployment completed.`)
}

/**
 * A task of a deployment stopped by itself. Counts if the deployment is still under way and the
 * task never was healthy, or a health check failed it.
 *
 * @param started whether the task ever reached RUNNING; starts that did not are slowed down.
 */
export function countFailure(
  fleet: Fleet,
  service: EcsService,
  deployment: Deployment,
  started: boolean,
): void {
  deployment.failedTasks++
  deployment.updatedAt = fleet.world.date
  deployment.failedStarts = started ? 0 : deployment.failedStarts + 1
  deployment.retryAt = fleet.world.now + backOff(deployment.failedStarts)
  if (deployment.failedStarts === IMPAIRED_AFTER) {
    note(fleet, service, 'is unable to consistently start tasks successfully.')
    emitAction(fleet, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED')
  }
  const current = currentOf(service)
  if (current === undefined || deployment.rolloutState !== 'IN_PROGRESS') return
  if (current.deployment === deployment) current.failureCount = deployment.failedTasks
  const { deploymentCircuitBreaker: breaker } = current.configuration
  const threshold = thresholdOf(breaker, service.desired)
  if (!breaker?.enable || deployment.failedTasks < threshold) return
  if (current.rollback?.to === deployment) rollbackFailed(fleet, service, current)
  else if (current.deployment === deployment && current.status === 'IN_PROGRESS') {
    current.breaker = 'TRIGGERED'
    fail(fleet, service, current, {
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

type Failure = { event: boolean; rollback: boolean; reason: string; why: string; by: string }

/** The deployment has failed: back to the last completed one, or it stalls. */
export function fail(
  fleet: Fleet,
  service: EcsService,
  current: ServiceDeployment,
  { event, rollback, reason, why, by }: Failure,
): void {
  const { deployment } = current
  deployment.rolloutState = 'FAILED'
  deployment.reason = reason
  deployment.updatedAt = fleet.world.date
  if (event) emitDeployment(fleet, service, deployment, 'FAILED')
  note(fleet, service, `(deployment ${deployment.id}) deployment failed: ${reason}`)
  fleet.changed(service)
  const to = rollback ? service.completed : undefined
  if (to === undefined) {
    const nowhere = rollback ? ' There is no completed deployment to roll back to.' : ''
    move(fleet, current, 'STOP_REQUESTED', `${reason}${nowhere}`)
    return
  }
  current.rollback = { reason: why, startedAt: fleet.world.date, to }
  move(fleet, current, 'ROLLBACK_IN_PROGRESS', why)
  delete service.completed
  Object.assign(to, { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 0 })
  Object.assign(to, { failedStarts: 0, retryAt: 0, updatedAt: fleet.world.date })
  to.reason = `${by}: rolling back to deploymentId ${to.id}.`
  service.deployments = [to, ...service.deployments.filter((other) => other !== to)]
  for (const other of service.deployments.slice(1)) other.status = 'ACTIVE'
  note(fleet, service, `rolling back to deployment ${to.id}.`)
  emitDeployment(fleet, service, to, 'IN_PROGRESS')
}

function rollbackFailed(fleet: Fleet, service: EcsService, current: ServiceDeployment): void {
  const to = current.rollback?.to
  if (to === undefined) return
  to.rolloutState = 'FAILED'
  to.reason = 'ECS deployment circuit breaker: tasks failed to start.'
  emitDeployment(fleet, service, to, 'FAILED')
  finish(fleet, service, current, 'ROLLBACK_FAILED')
}

export function move(
  { world }: Fleet,
  deployment: ServiceDeployment,
  status: ServiceDeployment['status'],
  reason?: string,
): void {
  deployment.status = status
  deployment.updatedAt = world.date
  if (reason !== undefined) deployment.statusReason = reason
}

function finish(
  fleet: Fleet,
  service: EcsService,
  deployment: ServiceDeployment,
  status: 'SUCCESSFUL' | 'STOPPED' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED',
): void {
  deployment.frozen = countsOf(service, deployment)
  move(fleet, deployment, status)
  deployment.finishedAt = fleet.world.date
  if (status === 'STOPPED') deployment.stoppedAt = fleet.world.date
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
      requestedTaskCount: service.deployments[0]?.revision === revision ? service.desired : 0,
      runningTaskCount: tasks.filter(isRunning).length,
      pendingTaskCount: tasks.filter(isPending).length,
    }
  }
  return { target: of(deployment.deployment.revision), sources: deployment.sources.map(of) }
}

export const isRunning = ({ status }: Task): boolean => status === 'RUNNING'

export const isPending = ({ status, desiredStatus }: Task): boolean =>
  desiredStatus === 'RUNNING' && ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(status)
