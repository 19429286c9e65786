import { Ec2 } from '../ec2/ec2.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { applicationOf, commanded, wrongArchitecture } from './application.ts'
import { duration } from './durations.ts'
import type { Pulled } from './image.ts'
import { isInEcr, pull, unreachable } from './image.ts'
import { openLog, writeLog } from './logs.ts'
import type { Task, TaskContainer } from './model.ts'
import { isWaitedFor, mayStart } from './start-order.ts'
import type { EcsState } from './state.ts'
import { attach, watchContainer, watchTask } from './task-health.ts'
import { fetchResources } from './task-resources.ts'
import { become, endContainer, stopTask } from './task-stop.ts'
import { at } from './task-timers.ts'

/**
 * Starts a task: PROVISIONING (network interface), PENDING (pull), ACTIVATING (registrations),
 * RUNNING. What the image is decides how far it comes.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export function startTask(ecs: EcsState, task: Task): void {
  ecs.tasks.set(task.arn, task)
  ecs.addresses.set(task.address, task)
  task.service?.tasks.add(task)
  become(ecs, task, 'PROVISIONING')
  const provisioned = ecs.world.now + duration(ecs.world, 'provisioning')
  at(ecs, task, provisioned, 'ECS task provisioned', () => {
    for (const attachment of task.attachments) attachment.status = 'ATTACHED'
    become(ecs, task, 'PENDING')
    const connected = ecs.world.now + duration(ecs.world, 'connecting')
    at(ecs, task, connected, 'ECS task connected', () => pullImages(ecs, task))
  })
}

async function pullImages(ecs: EcsState, task: Task): Promise<void> {
  task.times.connectivityAt = ecs.world.date
  const refused = await fetchResources(ecs, task)
  // Somebody may have stopped it meanwhile.
  if (task.desiredStatus === 'STOPPED') return
  if (refused !== undefined) {
    const wait = duration(ecs.world, 'pullFailing')
    at(ecs, task, ecs.world.now + wait, 'ECS resources refused', () => {
      const [container] = task.containers
      if (container !== undefined) failToStart(ecs, task, container, refused)
    })
    return
  }
  task.times.pullStartedAt = ecs.world.date
  const pulled = new Map(task.containers.map((one) => [one, pullContainer(ecs, task, one)]))
  const failure = [...pulled].find(([, { error }]) => error !== undefined)
  const wait = duration(ecs.world, failure === undefined ? 'pulling' : 'pullFailing')
  at(ecs, task, ecs.world.now + wait, 'ECS images pulled', () => {
    task.times.pullStoppedAt = ecs.world.date
    if (failure === undefined) return activate(ecs, task, pulled)
    return failToStart(ecs, task, failure[0], failure[1].error ?? '')
  })
}

type Attempt = { error?: string } & Partial<Extract<Pulled, { exec: unknown }>>

function pullContainer(ecs: EcsState, task: Task, { name, shape }: TaskContainer): Attempt {
  const definition = task.definition.shape.containerDefinitions?.find((one) => one.name === name)
  const pinned = definition?.versionConsistency !== 'disabled'
  const container = { name, image: shape.image ?? '', pinned }
  if (!reaches(ecs, task, container.image)) return { error: unreachable(container.image) }
  return pull(ecs, task.definition.shape, container, task.deployment?.revision)
}

/** A task on Fargate pulls through its own network interface. */
function reaches({ aws }: EcsState, { attachments, launchType }: Task, image: string): boolean {
  const { details = [] } = attachments[0] ?? {}
  const subnet = details.find(({ name }) => name === 'subnetId')?.value ?? ''
  const to = isInEcr(image, aws.region) ? 'ecr' : 'internet'
  return launchType !== 'FARGATE' || (aws.find(Ec2)?.hasWayOut(subnet, to) ?? true)
}

/** On Fargate the task has the error; elsewhere its container has it. */
function failToStart(ecs: EcsState, task: Task, container: TaskContainer, error: string): void {
  if (task.launchType !== 'FARGATE') container.shape.reason = error
  stopTask(ecs, task, {
    code: 'TaskFailedToStart',
    reason: task.launchType === 'FARGATE' ? error : 'Task failed to start',
    failed: 'start',
  })
}

async function activate(
  ecs: EcsState,
  task: Task,
  pulled: ReadonlyMap<TaskContainer, Attempt>,
): Promise<void> {
  for (const container of task.containers) {
    const refused = await openLog(ecs, task, container)
    if (refused !== undefined) return failToStart(ecs, task, container, refused)
  }
  // Somebody may have stopped it while CloudWatch Logs was asked.
  if (task.desiredStatus === 'STOPPED') return
  startInOrder(ecs, task, pulled)
}

/** Containers start as those they depend on allow; the task goes on when none waits any more. */
function startInOrder(
  ecs: EcsState,
  task: Task,
  pulled: ReadonlyMap<TaskContainer, Attempt>,
): void {
  const waiting = new Set(task.containers)
  task.goesOn = () => {
    for (let container = next(); container !== undefined; container = next()) {
      waiting.delete(container)
      const may = mayStart(task, container)
      if (typeof may === 'object') return neverStarts(ecs, task, container, may.never)
      run(ecs, task, container, pulled.get(container) ?? {})
    }
    if (waiting.size > 0) return
    delete task.goesOn
    allStarted(ecs, task)
  }
  const next = () => [...waiting].find((container) => mayStart(task, container) !== false)
  task.goesOn()
}

/** As the agent stops what can never start: with the code of a process that was told to end. */
function neverStarts(ecs: EcsState, task: Task, container: TaskContainer, reason: string): void {
  Object.assign(container.shape, { reason, exitCode: 143, lastStatus: 'STOPPED' })
  endWithout(ecs, task, container)
}

function allStarted(ecs: EcsState, task: Task): void {
  attach(ecs, task)
  become(ecs, task, 'ACTIVATING')
  const running = ecs.world.now + duration(ecs.world, 'activating')
  at(ecs, task, running, 'ECS task running', () => {
    task.times.startedAt = ecs.world.date
    become(ecs, task, 'RUNNING')
    watchTask(ecs, task)
    ecs.changed(task.service)
  })
}

/** The command of a container: its own of this task, else the definition's. */
function wordsOf({ definition, overrides }: Task, container: string): readonly string[] {
  const own = overrides.containerOverrides?.find(({ name }) => name === container)
  const { containerDefinitions = [] } = definition.shape
  return own?.command ?? containerDefinitions.find(({ name }) => name === container)?.command ?? []
}

/** The container's process starts. */
function run(ecs: EcsState, task: Task, container: TaskContainer, { image, exec }: Attempt): void {
  if (image === undefined) return
  const { shape } = container
  const definition = task.definition.shape.containerDefinitions?.find(
    ({ name }) => name === container.name,
  )
  const port = definition?.portMappings?.[0]?.containerPort ?? 8080
  const application =
    exec === 'wrong-architecture'
      ? wrongArchitecture(ecs.world)
      : applicationOf(ecs.world, commanded(image.description, wordsOf(task, container.name)), {
          port,
          once: task.service === undefined || isWaitedFor(task, container),
        })
  container.application = application
  shape.lastStatus = 'RUNNING'
  shape.imageDigest = image.digest
  const { exit, answersFrom, lastWords } = application
  if (exit === undefined || answersFrom < exit.at) {
    if (Number.isFinite(answersFrom)) {
      at(ecs, task, answersFrom, 'ECS application is up', () =>
        writeLog(ecs, container, [application.greeting]),
      )
    }
  }
  if (exit !== undefined) {
    at(ecs, task, exit.at, 'ECS container exits', async () => {
      await writeLog(ecs, container, lastWords)
      exited(ecs, task, container, exit.code)
    })
  }
  watchContainer(ecs, task, container)
}

function exited(ecs: EcsState, task: Task, container: TaskContainer, code: number): void {
  if (task.desiredStatus === 'STOPPED') return
  endContainer(container, code)
  ecs.aws.find(ElasticLoadBalancing)?.recheck(task.address)
  endWithout(ecs, task, container)
}

/** A task ends with its essential container, and goes on without another. */
function endWithout(ecs: EcsState, task: Task, container: TaskContainer): void {
  if (!container.essential) {
    become(ecs, task, task.status)
    task.goesOn?.()
    return
  }
  stopTask(ecs, task, {
    code: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    failed: 'exit',
  })
}
