import type { DescribeTasksCommandOutput, Task } from '@aws-sdk/client-ecs'
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn'
import { AwsError } from '../../errors.ts'
import { operationSchema, recase } from '../../schema.ts'
import { StatesError } from '../failure.ts'
import type { Json } from '../language.ts'
import { type Integration, requestIdOf, spelling, type TaskAttempt } from './call.ts'
import { serviceFailure } from './errors.ts'

/** Milliseconds between polls of a job that sends no event when it is done. */
const POLL_INTERVAL = 5_000

const CALLER = { kind: 'aws', name: 'states' } as const

type Answer = { [key: string]: Json }

/** Waits for the job a `.sync` call has started and gives its result. @throws StatesError */
export async function waitForJob(attempt: TaskAttempt, started: Answer): Promise<Json> {
  try {
    return attempt.resource.resourceType === 'ecs'
      ? await waitForTask(attempt, started)
      : await waitForExecution(attempt, started)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw serviceFailure(attempt.resource, error, requestIdOf(attempt))
  }
}

async function waitForExecution(attempt: TaskAttempt, started: Answer): Promise<Json> {
  const { aws } = attempt.visit.scope.execution.engine
  const executionArn = started.ExecutionArn as string
  // Best effort, as AWS says (connect-to-resource.html).
  attempt.onCancel(() => {
    aws.call('sfn', 'StopExecution', { executionArn }, CALLER).catch(() => undefined)
  })
  const ended = attempt.visit.scope.execution.engine.ended(executionArn)
  await attempt.visit.scope.wait(ended)
  const described = await attempt.visit.scope.wait(
    aws.call<DescribeExecutionCommandOutput>('sfn', 'DescribeExecution', { executionArn }, CALLER),
  )
  const shown = shape(attempt.resource, 'sfn', 'DescribeExecution', described) as Answer
  const { RedriveCount, RedriveStatus, RedriveStatusReason, ...result } = shown
  if (described.status !== 'SUCCEEDED') {
    throw new StatesError('States.TaskFailed', JSON.stringify(result))
  }
  if (attempt.resource.pattern !== 'sync:2') return result
  // .sync:2 gives JSON where .sync gives its text (connect-stepfunctions.html).
  return {
    ...result,
    Input: JSON.parse(described.input ?? '{}') as Json,
    Output: JSON.parse(described.output ?? 'null') as Json,
  }
}

async function waitForTask(attempt: TaskAttempt, started: Answer): Promise<Json> {
  const { scope } = attempt.visit
  const { aws } = scope.execution.engine
  const task = (started.Tasks as Answer[] | undefined)?.[0]
  if (task === undefined) {
    throw new StatesError('AmazonECS.Unknown', JSON.stringify(started))
  }
  const cluster = task.ClusterArn as string
  const taskArn = task.TaskArn as string
  let over = false
  attempt.onCancel(() => {
    over = true
    aws.call('ecs', 'StopTask', { cluster, task: taskArn }, CALLER).catch(() => undefined)
  })
  for (;;) {
    await scope.sleep(POLL_INTERVAL, `look at ${taskArn}`)
    if (over) return null
    const request = { cluster, tasks: [taskArn] }
    const answer = await scope.wait(
      aws.call<DescribeTasksCommandOutput>('ecs', 'DescribeTasks', request, CALLER),
    )
    const seen = answer.tasks?.[0]
    if (seen?.lastStatus === 'STOPPED') return taskResult(attempt, seen)
  }
}

/** A task whose containers did not all end with 0 fails the state, the task being the cause. */
function taskResult(attempt: TaskAttempt, task: Task): Json {
  const shown = shape(attempt.resource, 'ecs', 'DescribeTasks', { tasks: [task] }) as Answer
  const result = (shown.Tasks as Json[])[0] as Json
  const clean = (task.containers ?? []).every((container) => container.exitCode === 0)
  if (clean) return result
  throw new StatesError('States.TaskFailed', JSON.stringify(result))
}

function shape(resource: Integration, service: string, operation: string, value: unknown): Json {
  const schema = operationSchema(service, operation)?.output
  if (schema === undefined) throw new Error(`No shapes for ${service}:${operation}`)
  return recase(value, schema, 'pascal', spelling(resource)) as Json
}
