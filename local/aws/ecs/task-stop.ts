import type { TaskStopCode } from '@aws-sdk/client-ecs'
import { CloudMap } from '../cloud-map/cloud-map.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { countFailure } from './deployments.ts'
import { duration, REMEMBERED_MILLISECONDS, STOP_TIMEOUT_SECONDS } from './durations.ts'
import type { Task, TaskContainer } from './model.ts'
import type { EcsState } from './state.ts'
import { emitTask } from './task-shape.ts'
import { at, clearTimers } from './task-timers.ts'
import { targetsOf } from './traffic.ts'

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
export function stopTask(ecs: EcsState, task: Task, { code, reason, failed }: Stop): void {
  if (task.desiredStatus === 'STOPPED') return
  const wasRunning = task.status === 'RUNNING'
  clearTimers(task)
  task.protection?.cancel()
  delete task.protection
  Object.assign(task, { desiredStatus: 'STOPPED', stopCode: code, stoppedReason: reason })
  task.times.stoppingAt = ecs.world.date
  const wasHealthy = task.healthy
  task.healthy = false
  if (failed !== undefined) task.failed = failed
  detach(ecs, task)
  if (failed === 'health') count(ecs, task)
  if (failed === 'start' || failed === 'exit' || !wasRunning) {
    task.countAtEnd = failed === 'start' || (failed === 'exit' && !wasHealthy)
    endContainers(ecs, task)
    deprovision(ecs, task)
  } else if (code === 'SpotInterruption') {
    // The warning: it still runs.
    become(ecs, task, 'RUNNING')
    terminate(ecs, task)
  } else {
    become(ecs, task, 'DEACTIVATING')
    if (!isDraining(ecs, task)) terminate(ecs, task)
  }
  ecs.changed(task.service)
}

/**
 * Fargate takes back the Spot capacity of a task: an event warns of it, and its containers are told
 * to end at the same time. They have two minutes, or their `stopTimeout`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export function interruptTask(ecs: EcsState, task: Task): void {
  if (task.desiredStatus === 'STOPPED' || task.status !== 'RUNNING') return
  stopTask(ecs, task, {
    code: 'SpotInterruption',
    reason: 'Your Spot Task was interrupted.',
  })
}

/** The load balancer has let go of the task's last target. */
export function drained(ecs: EcsState, task: Task): void {
  if (task.status === 'DEACTIVATING' && !isDraining(ecs, task)) terminate(ecs, task)
}

function detach(ecs: EcsState, task: Task): void {
  const { deployment } = task
  const { serviceRegistries = [] } = deployment?.revision ?? {}
  for (const { group, port } of deployment === undefined ? [] : targetsOf(deployment)) {
    ecs.aws.find(ElasticLoadBalancing)?.deregister(group, task.address, port)
  }
  for (const { registryArn = '' } of serviceRegistries) {
    ecs.aws.find(CloudMap)?.deregister(registryArn, task.id)
  }
}

const isDraining = (ecs: EcsState, { deployment, address }: Task): boolean =>
  deployment !== undefined &&
  targetsOf(deployment).some(
    ({ group, port }) =>
      ecs.aws.find(ElasticLoadBalancing)?.stateOf(group, address, port) === 'draining',
  )

/** SIGTERM, and SIGKILL for who does not listen. */
function terminate(ecs: EcsState, task: Task): void {
  become(ecs, task, 'STOPPING')
  const alive = task.containers.filter(({ shape }) => shape.lastStatus === 'RUNNING')
  const obedient = alive.every(({ application }) => application?.obedient ?? true)
  const usual = obedient ? duration(ecs.world, 'stopping') : stopTimeout(task)
  const slowest = Math.max(...alive.map(({ application }) => application?.leavesAfter ?? 0), 0)
  const wait = Math.max(usual, Math.min(slowest, stopTimeout(task)))
  at(ecs, task, ecs.world.now + wait, 'ECS containers stop', () => {
    endContainers(ecs, task)
    deprovision(ecs, task)
  })
}

const stopTimeout = ({ definition }: Task): number =>
  1000 *
  Math.max(
    ...(definition.shape.containerDefinitions ?? []).map(
      ({ stopTimeout: seconds }) => seconds ?? STOP_TIMEOUT_SECONDS,
    ),
  )

function endContainers(ecs: EcsState, task: Task): void {
  task.times.executionStoppedAt = ecs.world.date
  const timeout = stopTimeout(task)
  for (const container of task.containers) {
    const { obedient = true, leavesAfter = 0 } = container.application ?? {}
    endContainer(container, obedient && leavesAfter <= timeout ? 0 : KILLED)
  }
}

/** What a container exits with that needs SIGKILL; one that ends on SIGTERM exits with 0. */
const KILLED = 137

export function endContainer({ shape }: TaskContainer, exitCode: number): void {
  if (shape.lastStatus === 'STOPPED') return
  if (shape.lastStatus === 'RUNNING') shape.exitCode = exitCode
  shape.lastStatus = 'STOPPED'
  if (shape.healthStatus !== undefined) shape.healthStatus = 'UNKNOWN'
}

function deprovision(ecs: EcsState, task: Task): void {
  become(ecs, task, 'DEPROVISIONING')
  const wait = duration(ecs.world, 'deprovisioning')
  at(ecs, task, ecs.world.now + wait, 'ECS task stopped', () => {
    for (const attachment of task.attachments) attachment.status = 'DELETED'
    task.times.stoppedAt = ecs.world.date
    become(ecs, task, 'STOPPED')
    if (task.countAtEnd) count(ecs, task)
    task.service?.tasks.delete(task)
    ecs.addresses.delete(task.address)
    ecs.changed(task.service)
    ecs.world.after(REMEMBERED_MILLISECONDS, 'ECS forgets a task', () => {
      ecs.tasks.delete(task.arn)
    })
  })
  ecs.changed(task.service)
}

function count(ecs: EcsState, task: Task): void {
  const { service, deployment } = task
  if (service === undefined || deployment === undefined) return
  const started = task.times.startedAt !== undefined
  if (!started && deployment.revision.resolved.size === 0) deployment.revision.unresolvedStarts++
  countFailure(ecs, service, deployment, started)
}

export function become(ecs: EcsState, task: Task, status: Task['status']): void {
  task.status = status
  emitTask(ecs, task)
}
