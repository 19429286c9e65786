import type { EcsParameters } from '@aws-sdk/client-eventbridge'
import type { EventBridgeParameters } from '@aws-sdk/client-scheduler'
import type { Aws } from './aws.ts'
import { AwsError, NotImplemented } from './errors.ts'
import { capitalized } from './names.ts'
import { operationSchema, recase, ShapeError } from './schema.ts'
import { queueUrlOf } from './sqs/queue-url.ts'

/** The API call that hands an input to a target. */
export type TargetCall = { service: string; operation: string; input: Record<string, unknown> }

/** A target as EventBridge and Scheduler describe it; both name its parameters alike. */
type Destination = {
  arn: string
  ecs?: EcsParameters | undefined
  events?: EventBridgeParameters | undefined
  /** Names the execution of a state machine, so that a repeated attempt starts it once. */
  executionName?: string | undefined
}

type ToCall = (destination: Destination, input: string) => TargetCall

/** By the ARN's service: what EventBridge and Scheduler call for a target of that kind. */
const CALLS: Readonly<Record<string, ToCall>> = {
  lambda: ({ arn }, input) => ({
    service: 'lambda',
    operation: 'Invoke',
    input: {
      FunctionName: arn,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(input),
    },
  }),
  states: ({ arn, executionName }, input) => ({
    service: 'sfn',
    operation: 'StartExecution',
    input: {
      stateMachineArn: arn,
      input,
      ...(executionName === undefined ? {} : { name: executionName }),
    },
  }),
  sqs: ({ arn }, input) => ({
    service: 'sqs',
    operation: 'SendMessage',
    input: { QueueUrl: queueUrlOf(arn), MessageBody: input },
  }),
  sns: ({ arn }, input) => ({
    service: 'sns',
    operation: 'Publish',
    input: { TopicArn: arn, Message: input },
  }),
  events: ({ arn, events }, input) => ({
    service: 'eventbridge',
    operation: 'PutEvents',
    input: { Entries: [{ EventBusName: arn, ...events, Detail: input }] },
  }),
  ecs: ({ arn, ecs }, input) => ({
    service: 'ecs',
    operation: 'RunTask',
    input: runTask(arn, ecs, input),
  }),
}

/** @throws AwsError NotImplemented unless targets of this kind are simulated. */
export function checkTarget(arn: string): void {
  const service = arn.split(':')[2] ?? ''
  if (CALLS[service] === undefined) throw new NotImplemented(`targets of the service ${service}`)
}

/** The call for a target that is named by its own ARN. */
export function targetCall(destination: Destination, input: string): TargetCall {
  const toCall = CALLS[destination.arn.split(':')[2] ?? '']
  if (toCall === undefined) throw new NotImplemented(`the target ${destination.arn}`)
  return toCall(destination, input)
}

/** A task's input is its overrides: `{ "containerOverrides": [...] }`. */
function runTask(cluster: string, parameters: EcsParameters | undefined, input: string) {
  const { TaskDefinitionArn, TaskCount, ...rest } = parameters ?? { TaskDefinitionArn: undefined }
  const members = {
    ...rest,
    cluster,
    taskDefinition: TaskDefinitionArn,
    count: TaskCount ?? 1,
    ...(input === '' ? {} : { overrides: json(input) }),
  }
  return sdkInput('ecs', 'RunTask', members)
}

/** Read-only operations, which Scheduler does not call. */
const READ_ONLY =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/

/**
 * The operation of a universal target: `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 *
 * @returns undefined when the ARN is not of that kind.
 * @throws AwsError ValidationException for what Scheduler does not call; NotImplemented for a
 *   service that is not simulated.
 */
export function universalOperation(
  aws: Aws,
  arn: string,
): { service: string; operation: string } | undefined {
  const [, name, action] = /^arn:aws:scheduler:::aws-sdk:([a-z0-9]+):(\w+)$/.exec(arn) ?? []
  if (name === undefined || action === undefined) return undefined
  const service = aws.services.find(({ id }) => id.replaceAll('-', '') === name)?.id
  if (service === undefined) throw new NotImplemented(`universal targets of the service ${name}`)
  const operation = capitalized(action)
  if (READ_ONLY.test(action) || operationSchema(service, operation) === undefined) {
    throw new AwsError('ValidationException', `Invalid RequestJson provided. Reason: ${arn}`)
  }
  return { service, operation }
}

/** The call of a universal target, whose input is the request itself. */
export function universalCall(
  operation: { service: string; operation: string },
  input: string,
): TargetCall {
  return { ...operation, input: sdkInput(operation.service, operation.operation, json(input)) }
}

function sdkInput(service: string, operation: string, members: unknown): Record<string, unknown> {
  const schema = operationSchema(service, operation)
  if (schema === undefined) throw new Error(`No shapes of ${service}:${operation}`)
  try {
    return recase(members, schema.input, 'sdk') as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new AwsError('ValidationException', error.message)
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', (error as Error).message)
  }
}
