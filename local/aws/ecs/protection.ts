import type {
  Failure,
  GetTaskProtectionRequest,
  ProtectedTask,
  UpdateTaskProtectionRequest,
} from '@aws-sdk/client-ecs'
import { note } from './events.ts'
import { clusterOf, findTask, refuse } from './find.ts'
import type { EcsService, Task } from './model.ts'
import type { EcsState } from './state.ts'

/** Tasks in one call, and minutes. */
const MOST_TASKS = 10
const USUAL_MINUTES = 120
const LONGEST_MINUTES = 2_880

/**
 * Scale-in protection: a task that works on something is neither stopped by a smaller desired count
 * nor by a deployment, until it says that it is done or its time is over. Whoever stops it by name,
 * and a check that it fails, stop it all the same.
 *
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html
 */
export function protectionOperations(ecs: EcsState) {
  return {
    UpdateTaskProtection: (input: UpdateTaskProtectionRequest) => update(ecs, input),
    GetTaskProtection: ({ cluster, tasks = [] }: GetTaskProtectionRequest) => {
      if (tasks.length === 0) refuse('Tasks cannot be empty.')
      return answer(ecs, cluster, tasks, () => undefined)
    },
  }
}

function update(ecs: EcsState, input: UpdateTaskProtectionRequest) {
  const { cluster, tasks = [], protectionEnabled = false } = input
  const { expiresInMinutes: minutes = USUAL_MINUTES } = input
  if (tasks.length === 0) refuse('Tasks cannot be empty.')
  if (tasks.length > MOST_TASKS) refuse(`Tasks can have at most ${MOST_TASKS} items.`)
  if (minutes < 1 || minutes > LONGEST_MINUTES) {
    refuse(`expiresInMinutes must be between 1 and ${LONGEST_MINUTES}.`)
  }
  return answer(ecs, cluster, tasks, (task) => {
    if (protectionEnabled && isBlocked(task)) return BLOCKED
    task.protection?.cancel()
    delete task.protection
    if (!protectionEnabled) {
      ecs.changed(task.service)
      return undefined
    }
    const what = `ECS protects ${task.id} no longer`
    task.protection = ecs.world.after(minutes * 60_000, what, () => {
      delete task.protection
      ecs.changed(task.service)
    })
    return undefined
  })
}

type Refusal = Pick<Failure, 'reason' | 'detail'>

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
const NOT_VALID: Refusal = {
  reason: 'TASK_NOT_VALID',
  detail: 'The specified task is not part of an Amazon ECS service, or it is stopping.',
}
const BLOCKED: Refusal = {
  reason: 'DEPLOYMENT_BLOCKED',
  detail: 'The deployment that replaces the task is blocked by tasks that are protected already.',
}

/** A task of an older deployment, whose end other protected tasks hold up already. */
function isBlocked(task: Task): boolean {
  const { service, deployment } = task
  const [primary] = service?.deployments ?? []
  if (deployment === primary || task.protection !== undefined) return false
  return [...(service?.tasks ?? [])].some(
    (other) => other.deployment !== primary && isProtected(other),
  )
}

/** Each task succeeds or fails for itself. */
function answer(
  ecs: EcsState,
  clusterName: string | undefined,
  named: readonly string[],
  change: (task: Task) => Refusal | undefined,
): { protectedTasks: ProtectedTask[]; failures: Failure[] } {
  const cluster = clusterOf(ecs, clusterName)
  const protectedTasks: ProtectedTask[] = []
  const failures: Failure[] = []
  for (const name of named) {
    const task = findTask(ecs, cluster, name)
    const id = name.split('/').at(-1)
    const arn = task?.arn ?? ecs.aws.arn('ecs', `task/${cluster.name}/${id}`)
    const isOfService = task?.service !== undefined && task.desiredStatus === 'RUNNING'
    const refusal =
      task === undefined ? { reason: 'MISSING' } : isOfService ? change(task) : NOT_VALID
    if (refusal !== undefined) failures.push({ arn, ...refusal })
    else protectedTasks.push(shapeOf(arn, task))
  }
  return { protectedTasks, failures }
}

function shapeOf(taskArn: string, task: Task | undefined): ProtectedTask {
  const until = task?.protection?.at
  return until === undefined
    ? { taskArn, protectionEnabled: false }
    : { taskArn, protectionEnabled: true, expirationDate: new Date(until) }
}

export const isProtected = ({ protection }: Task): boolean => protection !== undefined

/** Says once that a service cannot become smaller, until it has been steady again. */
export function noteProtected(ecs: EcsState, service: EcsService, count: number): void {
  if (service.saidProtected === count) return
  service.saidProtected = count
  note(ecs, service, `was unable to scale in due to (reason ${count} tasks under protection).`)
}
