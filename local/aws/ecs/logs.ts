import { AwsError } from '../errors.ts'
import type { Task, TaskContainer } from './model.ts'
import type { EcsState } from './state.ts'

const ECS = { kind: 'aws', name: 'ecs' } as const

/**
 * Makes the container's log stream, `<prefix>/<container>/<task id>`.
 *
 * @returns why the task cannot start, when the log group does not exist.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export async function openLog(
  ecs: EcsState,
  task: Task,
  container: TaskContainer,
): Promise<string | undefined> {
  const definition = task.definition.shape.containerDefinitions?.find(
    ({ name }) => name === container.name,
  )
  const { logDriver, options = {} } = definition?.logConfiguration ?? {}
  const group = options['awslogs-group']
  const prefix = options['awslogs-stream-prefix']
  if (logDriver !== 'awslogs' || group === undefined || prefix === undefined) return undefined
  if (!ecs.aws.answers('cloudwatch-logs')) return undefined
  const stream = `${prefix}/${container.name}/${task.id}`
  if (options['awslogs-create-group'] === 'true') {
    await unlessExists(() => call(ecs, 'CreateLogGroup', { logGroupName: group }))
  }
  try {
    const names = { logGroupName: group, logStreamName: stream }
    await unlessExists(() => call(ecs, 'CreateLogStream', names))
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${error.name}: ${error.message} : exit status 1`
  }
  container.logStream = { group, stream }
  return undefined
}

/** What a container writes to its standard output, at this moment. */
export async function writeLog(
  ecs: EcsState,
  { logStream }: TaskContainer,
  lines: readonly string[],
): Promise<void> {
  if (logStream === undefined || lines.length === 0) return
  const { now } = ecs.world
  await call(ecs, 'PutLogEvents', {
    logGroupName: logStream.group,
    logStreamName: logStream.stream,
    logEvents: lines.map((message) => ({ timestamp: now, message })),
  }).catch((error: unknown) => {
    // A log group deleted meanwhile loses the lines, as it does in AWS.
    if (!(error instanceof AwsError)) throw error
  })
}

const call = (ecs: EcsState, operation: string, input: object) =>
  ecs.aws.call('cloudwatch-logs', operation, input, ECS)

async function unlessExists(create: () => Promise<unknown>): Promise<void> {
  await create().catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.name !== 'ResourceAlreadyExistsException') throw error
  })
}
