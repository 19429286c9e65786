import type { TaskStopCode } from '@aws-sdk/client-ecs'
import { CloudMap } from '../cloud-map/cloud-map.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { countFailure } from './deployments.ts'
import type { Fleet } from './fleet.ts'
import type { Task, TaskContainer } from './model.ts'
import { duration, REMEMBERED_MILLISECONDS, STOP_TIMEOUT_SECONDS } from './physics.ts'
import { emitTask } from './task-shape.ts'
import { at, clearTimers } from './task-timers.ts'

type Stop = {
  code: TaskStopCode
  reason: string
  /** `start`: it never ran. `exit`: it ended by itself. `health`: a check failed it. */
  failed?: 'start' | 'exit' | 'health'
}

/**
 * Stops a task. A running one leaves its target groups first (draining), gets SIGTERM, and is
 * killed when it does not leave in time; one that has ended by itself only gives back its network
 * interface.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export function stopTask(fleet: Fleet, task: Task, { code, reason, failed }: Stop): void {
  if (task.desiredStatus === 'STOPPED') return
  const wasRunning = task.status === 'RUNNING'
  clearTimers(task)
  Object.assign(task, { desiredStatus: 'STOPPED', stopCode: code, stoppedReason: reason })
  task.times.stoppingAt = fleet.world.date
  const wasHealthy = task.healthy
  task.healthy = false
  if (failed !== undefined) task.failed = failed
  detach(fleet, task)
  if (failed === 'health') count(fleet, task)
  if (failed === 'start' || failed === 'exit' || !wasRunning) {
    task.countAtEnd = failed === 'start' || (failed === 'exit' && !wasHealthy)
    endContainers(fleet, task)
    deprovision(fleet, task)
  } else {
    become(fleet, task, 'DEACTIVATING')
    if (!isDraining(fleet, task)) terminate(fleet, task)
  }
  fleet.changed(task.service)
}

/** The load balancer has let go of the task's last target. */
export function drained(fleet: Fleet, task: Task): void {
  if (task.status === 'DEACTIVATING' && !isDraining(fleet, task)) terminate(fleet, task)
}

function detach(fleet: Fleet, task: Task): void {
  const { loadBalancers = [], serviceRegistries = [] } = task.deployment?.revision ?? {}
  for (const { targetGroupArn, containerPort } of loadBalancers) {
    if (targetGroupArn === undefined) continue
    fleet.aws
      .find(ElasticLoadBalancing)
      ?.deregister(targetGroupArn, task.address, containerPort ?? 80)
  }
  for (const { registryArn = '' } of serviceRegistries) {
    fleet.aws.find(CloudMap)?.deregister(registryArn, task.id)
  }
}

const isDraining = (fleet: Fleet, { deployment, address }: Task): boolean =>
  (deployment?.revision.loadBalancers ?? []).some(
    ({ targetGroupArn = '', containerPort = 80 }) =>
      fleet.aws.find(ElasticLoadBalancing)?.stateOf(targetGroupArn, address, containerPort) ===
      'draining',
  )

/** SIGTERM, and SIGKILL for who does not listen. */
function terminate(fleet: Fleet, task: Task): void {
  become(fleet, task, 'STOPPING')
  const alive = task.containers.filter(({ shape }) => shape.lastStatus === 'RUNNING')
  const obedient = alive.every(({ application }) => application?.obedient ?? true)
  const wait = obedient ? duration(fleet.world, 'stopping') : stopTimeout(task)
  at(fleet, task, fleet.world.now + wait, 'ECS containers stop', () => {
    endContainers(fleet, task)
    deprovision(fleet, task)
  })
}

const stopTimeout = ({ definition }: Task): number =>
  1000 *
  Math.max(
    ...(definition.shape.containerDefinitions ?? []).map(
      ({ stopTimeout: seconds }) => seconds ?? STOP_TIMEOUT_SECONDS,
    ),
  )

function endContainers(fleet: Fleet, task: Task): void {
  task.times.executionStoppedAt = fleet.world.date
  for (const container of task.containers) endContainer(container)
}

/** A container that is told to leave exits with 0; one that has to be killed with 137. */
export function endContainer({ shape, application }: TaskContainer, exitCode?: number): void {
  if (shape.lastStatus === 'STOPPED') return
  if (shape.lastStatus === 'RUNNING') {
    shape.exitCode = exitCode ?? (application?.obedient === false ? 137 : 0)
  }
  shape.lastStatus = 'STOPPED'
  if (shape.healthStatus !== undefined) shape.healthStatus = 'UNKNOWN'
}

function deprovision(fleet: Fleet, task: Task): void {
  become(fleet, task, 'DEPROVISIONING')
  const wait = duration(fleet.world, 'deprovisioning')
  at(fleet, task, fleet.world.now + wait, 'ECS task stopped', () => {
    for (const attachment of task.attachments) attachment.status = 'DELETED'
    task.times.stoppedAt = fleet.world.date
    become(fleet, task, 'STOPPED')
    if (task.countAtEnd) count(fleet, task)
    task.service?.tasks.delete(task)
    fleet.addresses.delete(task.address)
    fleet.changed(task.service)
    fleet.world.after(REMEMBERED_MILLISECONDS, 'ECS forgets a task', () => {
      fleet.tasks.delete(task.arn)
    })
  })
  fleet.changed(task.service)
}

function count(fleet: Fleet, task: Task): void {
  const { service, deployment } = task
  if (service === undefined || deployment === undefined) return
  const started = task.times.startedAt !== undefined
  if (!started && deployment.revision.resolved.size === 0) deployment.revision.unresolvedStarts++
  countFailure(fleet, service, deployment, started)
}

export function become(fleet: Fleet, task: Task, status: Task['status']): void {
  task.status = status
  emitTask(fleet, task)
}
