import type { HistoryEventType } from '@aws-sdk/client-sfn'
import type { StatesError } from '../failure.ts'
import { failureOf, outputOf } from '../history.ts'
import type { TaskAttempt } from '../integrations/call.ts'
import { callIntegration, integrationInput } from '../integrations/optimized.ts'
import { waitForJob } from '../integrations/sync.ts'
import { fits, type Json, PAYLOAD_LIMIT, type TaskState } from '../language.ts'
import { type TaskResource, taskResource } from '../resource.ts'
import type { Visit } from '../visit.ts'
import { dispatch, tooLarge } from './dispatch.ts'
import { invokeFunction } from './function-task.ts'
import { type Limits, race } from './race.ts'
import { LONGEST_SECONDS } from './wait.ts'

type Integration = Extract<TaskResource, { service: string }>

/** One attempt of a Task state: its result. @throws StatesError */
export async function runTask(visit: Visit, state: TaskState): Promise<Json> {
  const resource = taskResource(state.Resource)
  if (resource === undefined) throw new Error(`Unknown resource ${state.Resource}`)
  const { tokens } = visit.scope.execution.engine
  const waits = resource.kind !== 'function' && resource.pattern === 'waitForTaskToken'
  visit.token = waits ? tokens.issue(visit.scope.execution.machine.arn) : undefined
  const limits: Limits = {
    timeout: await seconds(visit, state, 'TimeoutSeconds'),
    heartbeat: await seconds(visit, state, 'HeartbeatSeconds'),
  }
  const roleArn = await roleOf(visit, state)
  const args =
    state.Arguments === undefined ? visit.input : await visit.evaluate(state.Arguments, 'Arguments')
  visit.checkSize(args)
  return resource.kind === 'function'
    ? invokeFunction(visit, resource.arn, args, limits, roleArn)
    : integrate(visit, resource, args, limits, roleArn)
}

async function integrate(
  visit: Visit,
  resource: Integration,
  args: Json,
  limits: Limits,
  roleArn: string,
): Promise<Json> {
  const about = { resourceType: resource.resourceType, resource: resource.resource }
  const { scope } = visit
  const input = integrationInput(visit, resource, args)
  const explicit = roleArn !== scope.execution.machine.roleArn
  scope.record('TaskScheduled', {
    taskScheduledEventDetails: {
      ...about,
      region: scope.execution.engine.aws.region,
      parameters: JSON.stringify(args),
      ...(limits.timeout === undefined ? {} : { timeoutInSeconds: limits.timeout }),
      ...(limits.heartbeat === undefined ? {} : { heartbeatInSeconds: limits.heartbeat }),
      ...(explicit ? { taskCredentials: { roleArn } } : {}),
    },
  })
  const outcome = await race(visit, limits, async (control) => {
    await dispatch(visit)
    scope.record('TaskStarted', { taskStartedEventDetails: about })
    let submitted = false
    control.onCancel(() => retire(visit))
    const attempt: TaskAttempt = {
      visit,
      resource,
      roleArn,
      onCancel: control.onCancel,
      submitted: (output) => {
        if (control.ended) return
        submitted = true
        scope.record('TaskSubmitted', {
          taskSubmittedEventDetails: { ...about, ...outputOf(output) },
        })
        control.heartbeat()
      },
    }
    try {
      return await perform(attempt, input, control.heartbeat)
    } catch (error) {
      control.submission = resource.pattern !== 'request' && !submitted
      throw error
    }
  })
  retire(visit)
  if ('failure' in outcome) {
    const type = outcome.timedOut ? 'TimedOut' : outcome.submission ? 'SubmitFailed' : 'Failed'
    throw recorded(visit, type, about, outcome.failure)
  }
  if (!fits(outcome.output, PAYLOAD_LIMIT)) {
    throw recorded(visit, 'Failed', about, tooLarge(resource.resourceType))
  }
  scope.record('TaskSucceeded', {
    taskSucceededEventDetails: { ...about, ...outputOf(outcome.output) },
  })
  return outcome.output
}

/** The attempt is over: its token is of no more use. */
function retire(visit: Visit): void {
  if (visit.token !== undefined) visit.scope.execution.engine.tokens.retire(visit.token)
}

/** Calls, and then waits for what the pattern waits for. */
async function perform(
  attempt: TaskAttempt,
  input: Record<string, unknown>,
  heartbeat: () => void,
): Promise<Json> {
  const { visit, resource } = attempt
  const { scope } = visit
  if (resource.pattern === 'request') return scope.wait(callIntegration(attempt, input))
  if (resource.pattern !== 'waitForTaskToken') {
    const started = await scope.wait(callIntegration(attempt, input))
    attempt.submitted(started)
    return waitForJob(attempt, started)
  }
  // The answer may come before the call that carries the token has returned.
  const answered = new Promise<Json>((resolve, reject) => {
    const { tokens } = scope.execution.engine
    tokens.attach(visit.token as string, { succeed: resolve, fail: reject, heartbeat })
  })
  answered.catch(() => undefined)
  attempt.submitted(await scope.wait(callIntegration(attempt, input)))
  return scope.wait(answered)
}

function recorded(
  visit: Visit,
  type: 'TimedOut' | 'SubmitFailed' | 'Failed',
  about: { resourceType: string; resource: string },
  failure: StatesError,
): StatesError {
  // States.Runtime ends the execution without a word about the task.
  if (failure.fatal) return failure
  visit.scope.record(`Task${type}` as HistoryEventType, {
    [`task${type}EventDetails`]: { ...about, ...failureOf(failure) },
  })
  return failure
}

async function seconds(
  visit: Visit,
  state: TaskState,
  field: 'TimeoutSeconds' | 'HeartbeatSeconds',
): Promise<number | undefined> {
  const template = state[field]
  return template === undefined
    ? undefined
    : visit.evaluateInteger(template, field, LONGEST_SECONDS)
}

async function roleOf(visit: Visit, state: TaskState): Promise<string> {
  if (state.Credentials === undefined) return visit.scope.execution.machine.roleArn
  const template = state.Credentials.RoleArn
  return (await visit.evaluateAs(template, 'string', 'Credentials/RoleArn')) as string
}
