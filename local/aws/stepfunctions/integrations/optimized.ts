import { StatesError } from '../failure.ts'
import { isRecord, type Json } from '../language.ts'
import type { Visit } from '../visit.ts'
import {
  callService,
  httpMetadata,
  type Integration,
  type TaskAttempt,
  toInput,
  toResult,
} from './call.ts'

type Answer = { [key: string]: Json }

/** The call's input, with what an optimized integration does to its arguments. @throws StatesError */
export function integrationInput(
  visit: Visit,
  resource: Integration,
  args: Json,
): Record<string, unknown> {
  const given =
    resource.kind === 'optimized' ? prepared(visit, resource, args) : asText(resource, args)
  return toInput(visit, resource, given)
}

/** Calls an API and gives its answer, with what an optimized integration adds. @throws StatesError */
export async function callIntegration(
  attempt: TaskAttempt,
  input: Record<string, unknown>,
): Promise<Answer> {
  const result = toResult(attempt, await callService(attempt, input))
  if (attempt.resource.kind === 'aws-sdk') return result
  switch (attempt.resource.resourceType) {
    case 'lambda':
      return lambdaResult(attempt, result)
    case 'events':
      return eventsResult(result)
    default:
      return { ...result, ...httpMetadata(attempt, result) }
  }
}

/** `aws-sdk:sfn:startExecution` takes an object for its input, as the optimized one does. */
function asText({ service }: Integration, args: Json): Json {
  if (service !== 'sfn' || !isRecord(args)) return args
  const { Input } = args as Answer
  return isRecord(Input) ? { ...args, Input: JSON.stringify(Input) } : args
}

/** Members that take JSON where the API wants its text (connect-*.html). */
const JSON_MEMBERS: Record<string, string> = { sqs: 'MessageBody', sns: 'Message', states: 'Input' }

function prepared(visit: Visit, resource: Integration, args: Json): Json {
  if (!isRecord(args)) return args
  const given = args as Answer
  const { resourceType } = resource
  if (resourceType === 'lambda' && given.Payload !== undefined) {
    return { ...given, Payload: JSON.stringify(given.Payload) }
  }
  if (resourceType === 'events') return withOrigin(visit, given)
  if (resourceType === 'ecs') return { StartedBy: 'AWS Step Functions', ...given }
  const member = JSON_MEMBERS[resourceType]
  if (member === undefined || given[member] === undefined) return given
  const { [member]: value, ...rest } = given
  if (value === null) return rest
  return { ...rest, [member]: typeof value === 'string' ? value : JSON.stringify(value) }
}

/** Every entry carries the machine and the execution as resources (connect-eventbridge.html). */
function withOrigin(visit: Visit, args: Answer): Json {
  const { execution } = visit.scope
  if (!Array.isArray(args.Entries)) return args
  const entries = args.Entries.map((entry) => {
    if (!isRecord(entry)) return entry
    const { Detail, Resources, ...rest } = entry as Answer
    const own = Array.isArray(Resources) ? Resources : []
    return {
      ...rest,
      ...(Detail === undefined
        ? {}
        : { Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail) }),
      Resources: [...own, execution.machine.arn, execution.arn],
    }
  })
  return { ...args, Entries: entries }
}

/** One refused entry fails the task; the cause is the whole answer. */
function eventsResult(result: Answer): Answer {
  if (result.FailedEntryCount === 0 || result.FailedEntryCount === undefined) return result
  throw new StatesError('EventBridge.FailedEntry', JSON.stringify(result))
}

/** Payload is parsed; an error of the function fails the task (connect-lambda.html). */
function lambdaResult(attempt: TaskAttempt, result: Answer): Answer {
  const text = typeof result.Payload === 'string' ? result.Payload : ''
  if (result.FunctionError !== undefined) throw functionFailure(text)
  const payload = text === '' ? {} : parsed(text)
  const { Payload, ...rest } = result
  return { ...rest, Payload: payload, ...httpMetadata(attempt, payload) }
}

/** What a task fails with when its function does: the function's own error type is the name. */
export function functionFailure(payload: string): StatesError {
  const value = parsed(payload)
  const type = isRecord(value) ? value.errorType : undefined
  if (typeof type === 'string' && type !== '') return new StatesError(type, payload)
  return new StatesError(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  )
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
