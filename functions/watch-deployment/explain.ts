import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  type Container,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import type { Failure } from '../../domain/table/record.ts'
import { cut, LOG_CHARACTERS, LOG_LINE_CHARACTERS, REASON_CHARACTERS } from '../../domain/text.ts'

/** One revision of one service: `service` is the name, `taskDefinition` the ARN. */
export type Revision = { cluster: string; service: string; taskDefinition: string }

/** Enough to see the exception, few enough for a Slack message. */
const LOG_LINES = 12

/**
 * Why tasks of this revision stopped by themselves: the last one that did, with its container's
 * exit code and last log lines. Undefined when none did.
 *
 * @param since only tasks that stopped after this instant count.
 */
export async function explain(
  { ecs, logs }: { ecs: ECSClient; logs: CloudWatchLogsClient },
  revision: Revision,
  since = new Date(0),
): Promise<Failure | undefined> {
  const task = await lastFailedTask(ecs, revision, since)
  return task && explainTask({ ecs, logs }, task)
}

/** Why this task ended as it did, with its container's exit code and last log lines. */
export async function explainTask(
  { ecs, logs }: { ecs: ECSClient; logs: CloudWatchLogsClient },
  task: Task,
): Promise<Failure> {
  const container = failedContainer(task.containers ?? [])
  const stoppedReason = [task.stoppedReason, container?.reason].filter(Boolean).join(': ')
  return {
    stoppedReason: cut(stoppedReason || 'ECS gives no reason', REASON_CHARACTERS),
    ...(container?.name === undefined ? {} : { container: container.name }),
    ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    logs: await lastLogLines({ ecs, logs }, task, container?.name),
  }
}

/** ECS remembers stopped tasks for about an hour. */
async function lastFailedTask(
  ecs: ECSClient,
  { cluster, service: serviceName, taskDefinition }: Revision,
  since: Date,
): Promise<Task | undefined> {
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, serviceName, desiredStatus: 'STOPPED', maxResults: 100 }),
  )
  if (taskArns.length === 0) return undefined
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))
  return tasks
    .filter((task) => task.taskDefinitionArn === taskDefinition && stoppedByItself(task))
    .filter(({ stoppedAt = new Date(0) }) => stoppedAt >= since)
    .toSorted((a, b) => (a.stoppedAt?.getTime() ?? 0) - (b.stoppedAt?.getTime() ?? 0))
    .at(-1)
}

/** The rule of `events/task-stopped.ts`, on what `DescribeTasks` says. */
const stoppedByItself = ({ stopCode, stoppedReason }: Task): boolean =>
  stopCode === 'TaskFailedToStart' ||
  stopCode === 'EssentialContainerExited' ||
  (stoppedReason?.startsWith('Task failed') ?? false)

/**
 * ECS ends what waits for a container that has failed, with an exit code of its own.
 * https://github.com/aws/amazon-ecs-agent/pull/3218
 */
const WAITED_IN_VAIN = /dependency graph: failed to resolve container ordering dependency/

/** The container that failed: one that exited with an error, else one ECS gives a reason for. */
function failedContainer(containers: readonly Container[]): Container | undefined {
  const failed = containers.filter(({ exitCode = 0 }) => exitCode !== 0)
  return (
    failed.find(({ reason = '' }) => !WAITED_IN_VAIN.test(reason)) ??
    failed[0] ??
    containers.find(({ reason }) => reason !== undefined) ??
    containers[0]
  )
}

/** The end of the container's log, if it goes to CloudWatch Logs under the usual stream name. */
async function lastLogLines(
  { ecs, logs }: { ecs: ECSClient; logs: CloudWatchLogsClient },
  task: Task,
  name: string | undefined,
): Promise<string[]> {
  const { taskDefinitionArn: taskDefinition } = task
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
  const container = described.taskDefinition?.containerDefinitions?.find((one) => one.name === name)
  const { logDriver, options } = container?.logConfiguration ?? {}
  const group = options?.['awslogs-group']
  const prefix = options?.['awslogs-stream-prefix']
  if (logDriver !== 'awslogs' || group === undefined || prefix === undefined) return []
  const logStreamName = `${prefix}/${name}/${task.taskArn?.split('/').at(-1)}`
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName, limit: LOG_LINES }),
    )
    return lastOf(events.map(({ message = '' }) => cut(message, LOG_LINE_CHARACTERS)))
  } catch (error) {
    // A container that never started has no stream: there are no lines.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return []
    throw error
  }
}

/** As many of the last lines as fit together. */
function lastOf(lines: readonly string[]): string[] {
  let left = LOG_CHARACTERS
  const from = lines.findLastIndex((line) => {
    left -= line.length + 1
    return left < 0
  })
  return lines.slice(from + 1)
}
