import { watchAlarms } from './alarms.ts'
import { earlySuccess, taskLimits } from './breaker.ts'
import { canPlace } from './capacity.ts'
import { advance, bakeOf, complete, currentOf, isRunning, ONGOING } from './deployments.ts'
import { BAKE_MILLISECONDS } from './durations.ts'
import { emitAction, note } from './events.ts'
import type { Deployment, EcsService, ServiceDeployment, Task } from './model.ts'
import { isProtected, noteProtected } from './protection.ts'
import { shift, shiftBack } from './stages.ts'
import type { EcsState } from './state.ts'
import { createTask } from './task-create.ts'
import { startTask } from './task-life.ts'
import { stopTask } from './task-stop.ts'

/**
 * One pass over a service: starts and stops tasks so that the primary deployment gets its tasks
 * within `minimumHealthyPercent` and `maximumPercent`, and ends deployments that are steady.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function schedule(ecs: EcsState, service: EcsService): void {
  if (service.status !== 'ACTIVE') {
    drain(ecs, service)
    return
  }
  const before = currentOf(service)?.status
  advance(ecs, service)
  const current = currentOf(service)
  if (before === 'PENDING' && current?.status === 'IN_PROGRESS') {
    goOn(ecs, watchAlarms(ecs, service, current))
    goOn(ecs, shift(ecs, service, current))
  }
  if (current?.status === 'ROLLBACK_IN_PROGRESS') goOn(ecs, shiftBack(ecs, service, current))
  const [primary] = service.deployments
  if (primary === undefined || service.controller === 'EXTERNAL') return
  if (service.scheduling === 'REPLICA') {
    startMissing(ecs, service, primary)
    for (const old of service.deployments.slice(1)) restore(ecs, service, old)
    stopOld(ecs, service, primary)
    stopSurplus(ecs, service, primary)
  }
  service.deployments = service.deployments.filter(
    (deployment) =>
      deployment === primary || deployment.wanted > 0 || tasksOf(service, deployment).some(isAlive),
  )
  current?.shifting?.look?.()
  settle(ecs, service, primary)
}

/** What takes its time beside the scheduler. */
function goOn({ world }: EcsState, work: Promise<void>): void {
  work.catch((error: unknown) => world.fail(error))
}

/** Where a deployment that shifts traffic is; undefined of a rolling one, and of one that has ended. */
function stageOf(service: EcsService) {
  const current = currentOf(service)
  return current !== undefined && ONGOING.includes(current.status)
    ? current.shifting?.stage
    : undefined
}

const tasksOf = ({ tasks }: EcsService, deployment: Deployment): Task[] =>
  [...tasks].filter((task) => task.deployment === deployment)

/** A task that failed by itself keeps its place until it has stopped, so that starts can slow down. */
const isLive = ({ desiredStatus, countAtEnd }: Task): boolean =>
  desiredStatus === 'RUNNING' || (countAtEnd ?? false)

/** Its containers may still run. */
const isAlive = ({ status }: Task): boolean => status !== 'DEPROVISIONING' && status !== 'STOPPED'

function startMissing(ecs: EcsState, service: EcsService, primary: Deployment): void {
  if (primary.rolloutState === 'FAILED') return
  const stage = stageOf(service)
  if (stage === 'RECONCILE_SERVICE' || (stage === 'PRE_SCALE_UP' && !isBack(service))) return
  start(ecs, service, primary, service.desired)
}

const isBack = (service: EcsService): boolean => currentOf(service)?.rollback !== undefined

/** A task that died of what was completed last is replaced by its own revision. */
function restore(ecs: EcsState, service: EcsService, old: Deployment): void {
  if (old.wanted > 0) start(ecs, service, old, old.wanted)
}

/** Starts what a deployment has less than `wanted`, as far as there is room for it. */
function start(ecs: EcsState, service: EcsService, deployment: Deployment, wanted: number): void {
  const live = tasksOf(service, deployment).filter(isLive).length
  if (live >= wanted) return
  const missing = Math.min(wanted - live, roomIn(service))
  if (missing <= 0) return
  if (ecs.world.now < deployment.retryAt) {
    ecs.scheduleBy(service, deployment.retryAt)
    return
  }
  if (!canPlace(ecs, service, deployment)) return
  const started = Array.from({ length: missing }, () => createTask(ecs, { service, deployment }))
  for (const task of started) startTask(ecs, task)
  const named = started.map(({ id }) => `(task ${id})`).join(' ')
  note(ecs, service, `has started ${missing} tasks: ${named}.`)
}

/** Two whole revisions run beside each other where traffic is shifted. */
function roomIn(service: EcsService): number {
  if (stageOf(service) !== undefined) return Number.POSITIVE_INFINITY
  const { most } = taskLimits(service.configuration, service.desired)
  return most - [...service.tasks].filter(isLive).length
}

/**
 * Tasks of older deployments go as soon as enough others are healthy; unhealthy ones at once, but
 * for one that starts in place of a task that died while it is needed.
 */
function stopOld(ecs: EcsState, service: EcsService, primary: Deployment): void {
  if (primary.rolloutState === 'FAILED') return
  const stage = stageOf(service)
  if (stage !== undefined && stage !== 'CLEAN_UP' && stage !== 'RECONCILE_SERVICE') return
  const isKept = ({ deployment }: Task) =>
    stage === 'RECONCILE_SERVICE' && deployment === service.completed
  const { leastHealthy } = taskLimits(service.configuration, service.desired)
  const old = [...service.tasks].filter(
    (task) => task.deployment !== primary && task.desiredStatus === 'RUNNING' && !isKept(task),
  )
  const healthy = [...service.tasks].filter((task) => task.healthy).length
  let spare = healthy - leastHealthy
  const isNeeded = ({ deployment }: Task) => (deployment?.wanted ?? 0) > 0 && spare < 0
  const stopped = old
    .filter((task) => !isProtected(task))
    .filter((task) => (task.healthy ? spare-- > 0 : !isNeeded(task)))
  for (const { deployment } of stopped) {
    if (deployment !== undefined && deployment.wanted > 0) deployment.wanted--
  }
  stopAll(ecs, service, stopped, primary)
}

/** Scaling in: what is not healthy yet goes first, then the youngest. */
function stopSurplus(ecs: EcsState, service: EcsService, primary: Deployment): void {
  const live = tasksOf(service, primary).filter((task) => task.desiredStatus === 'RUNNING')
  const surplus = live.length - service.desired
  if (surplus <= 0) return
  const free = live.filter((task) => !isProtected(task))
  if (free.length < surplus) noteProtected(ecs, service, live.length - free.length)
  const order = free.toReversed().toSorted((a, b) => Number(a.healthy) - Number(b.healthy))
  stopAll(ecs, service, order.slice(0, surplus), primary)
}

function stopAll(ecs: EcsState, service: EcsService, tasks: Task[], primary: Deployment): void {
  if (tasks.length === 0) return
  const reason = `Scaling activity initiated by (deployment ${primary.id})`
  for (const task of tasks) stopTask(ecs, task, { code: 'ServiceSchedulerInitiated', reason })
  const named = tasks.map(({ id }) => `(task ${id})`).join(' ')
  note(ecs, service, `has stopped ${tasks.length} running tasks: ${named}.`)
}

function isSteady(service: EcsService, primary: Deployment): boolean {
  const { own, others } = runningOf(service, primary)
  return own.length === service.desired && own.every(isWell) && others.length === 0
}

/** Tasks of the primary deployment that are meant to run, and all others that still do. */
function runningOf(service: EcsService, primary: Deployment): { own: Task[]; others: Task[] } {
  const own = tasksOf(service, primary).filter((task) => task.desiredStatus === 'RUNNING')
  const others = [...service.tasks].filter((task) => !own.includes(task) && isAlive(task))
  return { own, others }
}

const isWell = (task: Task): boolean => isRunning(task) && task.healthy

/**
 * Whether a deployment may complete before it is steady. A rollback is none: its tasks run already,
 * and what it waits for is the end of those that failed.
 */
function isEnough(service: EcsService, primary: Deployment, current: ServiceDeployment): boolean {
  const early = earlySuccess(current.configuration, service.desired)
  if (early === undefined || current.rollback !== undefined || current.shifting) return false
  const { own, others } = runningOf(service, primary)
  if (own.filter(isWell).length < early.healthy) return false
  return !early.oldMustBeGone || others.length === 0
}

function settle(ecs: EcsState, service: EcsService, primary: Deployment): void {
  const current = currentOf(service)
  const steady = isSteady(service, primary)
  if (!steady) service.steady = false
  if (!steady && (current === undefined || !isEnough(service, primary, current))) {
    if (current !== undefined) delete current.steadyAt
    return
  }
  if (primary.rolloutState === 'FAILED') return
  const stage = stageOf(service)
  if (stage !== undefined && stage !== 'CLEAN_UP') return
  if (current !== undefined && primary.rolloutState === 'IN_PROGRESS') {
    current.steadyAt ??= ecs.world.now
    const watched = current.alarms === 'MONITORING' ? BAKE_MILLISECONDS : 0
    // A rollback, and a deployment that starts nothing, have nothing to watch.
    const bake =
      current.rollback || current.shifting || service.desired === 0
        ? 0
        : bakeOf(current.configuration, watched)
    const until = current.steadyAt + bake
    if (ecs.world.now < until) {
      ecs.scheduleBy(service, until)
      return
    }
    complete(ecs, service, current)
  }
  if (!steady || service.steady) return
  service.steady = true
  delete service.saidProtected
  note(ecs, service, 'has reached a steady state.')
  emitAction(ecs, service, 'INFO', 'SERVICE_STEADY_STATE')
}

/** A deleted service stops its tasks, then is gone. */
function drain(ecs: EcsState, service: EcsService): void {
  const [primary] = service.deployments
  const running = [...service.tasks].filter((task) => task.desiredStatus === 'RUNNING')
  if (primary !== undefined) stopAll(ecs, service, running, primary)
  if (service.tasks.size === 0) service.status = 'INACTIVE'
}
