import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { applicationOf, wrongArchitecture } from './application.ts'
import type { Fleet } from './fleet.ts'
import type { Pulled } from './image.ts'
import { pull } from './image.ts'
import { openLog, writeLog } from './logs.ts'
import type { Task, TaskContainer } from './model.ts'
import { duration } from './physics.ts'
import { attach, watchContainer, watchTask } from './task-health.ts'
import { become, endContainer, stopTask } from './task-stop.ts'
import { at } from './task-timers.ts'

/**
 * Starts a task: PROVISIONING (network interface), PENDING (pull), ACTIVATING (registrations),
 * RUNNING. What the image is decides how far it comes.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export function startTask(fleet: Fleet, task: Task): void {
  fleet.tasks.set(task.arn, task)
  fleet.addresses.set(task.address, task)
  task.service?.tasks.add(task)
  become(fleet, task, 'PROVISIONING')
  const provisioned = fleet.world.now + duration(fleet.world, 'provisioning')
  at(fleet, task, provisioned, 'ECS task provisioned', () => {
    for (const attachment of task.attachments) attachment.status = 'ATTACHED'
    become(fleet, task, 'PENDING')
    const connected = fleet.world.now + duration(fleet.world, 'connecting')
    at(fleet, task, connected, 'ECS task connected', () => pullImages(fleet, task))
  })
}

function pullImages(fleet: Fleet, task: Task): void {
  task.times.connectivityAt = fleet.world.date
  task.times.pullStartedAt = fleet.world.date
  const pulled = new Map(task.containers.map((one) => [one, pullContainer(fleet, task, one)]))
  const failure = [...pulled].find(([, { error }]) => error !== undefined)
  const wait = duration(fleet.world, failure === undefined ? 'pulling' : 'pullFailing')
  at(fleet, task, fleet.world.now + wait, 'ECS images pulled', () => {
    task.times.pullStoppedAt = fleet.world.date
    if (failure === undefined) return activate(fleet, task, pulled)
    return failToStart(fleet, task, failure[0], failure[1].error ?? '')
  })
}

type Attempt = { error?: string } & Partial<Extract<Pulled, { exec: unknown }>>

function pullContainer(fleet: Fleet, task: Task, { name, shape }: TaskContainer): Attempt {
  const definition = task.definition.shape.containerDefinitions?.find((one) => one.name === name)
  const pinned = definition?.versionConsistency !== 'disabled'
  const container = { name, image: shape.image ?? '', pinned }
  return pull(fleet, task.definition.shape, container, task.deployment?.revision)
}

/** On Fargate the task tells the error; elsewhere its container does. */
function failToStart(fleet: Fleet, task: Task, container: TaskContainer, error: string): void {
  if (task.launchType !== 'FARGATE') container.shape.reason = error
  stopTask(fleet, task, {
    code: 'TaskFailedToStart',
    reason: task.launchType === 'FARGATE' ? error : 'Task failed to start',
    failed: 'start',
  })
}

async function activate(
  fleet: Fleet,
  task: Task,
  pulled: ReadonlyMap<TaskContainer, Attempt>,
): Promise<void> {
  for (const container of task.containers) {
    const refused = await openLog(fleet, task, container)
    if (refused !== undefined) return failToStart(fleet, task, container, refused)
  }
  // Somebody may have stopped it while CloudWatch Logs was asked.
  if (task.desiredStatus === 'STOPPED') return
  for (const container of task.containers) run(fleet, task, container, pulled.get(container) ?? {})
  attach(fleet, task)
  become(fleet, task, 'ACTIVATING')
  const running = fleet.world.now + duration(fleet.world, 'activating')
  at(fleet, task, running, 'ECS task running', () => {
    task.times.startedAt = fleet.world.date
    become(fleet, task, 'RUNNING')
    watchTask(fleet, task)
    fleet.changed(task.service)
  })
}

/** The container's process starts. */
function run(fleet: Fleet, task: Task, container: TaskContainer, { image, exec }: Attempt): void {
  if (image === undefined) return
  const { shape } = container
  const definition = task.definition.shape.containerDefinitions?.find(
    ({ name }) => name === container.name,
  )
  const port = definition?.portMappings?.[0]?.containerPort ?? 8080
  const application =
    exec === 'wrong-architecture'
      ? wrongArchitecture(fleet.world)
      : applicationOf(fleet.world, image.description, { port, once: task.service === undefined })
  container.application = application
  shape.lastStatus = 'RUNNING'
  shape.imageDigest = image.digest
  const { exit, answersFrom, lastWords } = application
  if (exit === undefined || answersFrom < exit.at) {
    if (Number.isFinite(answersFrom)) {
      at(fleet, task, answersFrom, 'ECS application is up', () =>
        writeLog(fleet, container, [application.greeting]),
      )
    }
  }
  if (exit !== undefined) {
    at(fleet, task, exit.at, 'ECS container exits', async () => {
      await writeLog(fleet, container, lastWords)
      exited(fleet, task, container, exit.code)
    })
  }
  watchContainer(fleet, task, container)
}

function exited(fleet: Fleet, task: Task, container: TaskContainer, code: number): void {
  if (task.desiredStatus === 'STOPPED') return
  endContainer(container, code)
  fleet.aws.find(ElasticLoadBalancing)?.recheck(task.address)
  if (!container.essential) {
    become(fleet, task, task.status)
    return
  }
  stopTask(fleet, task, {
    code: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    failed: 'exit',
  })
}
