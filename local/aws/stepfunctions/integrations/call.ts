import { AwsError } from '../../errors.ts'
import { capitalized } from '../../names.ts'
import {
  missingMembers,
  operationSchema,
  type RecaseOptions,
  recase,
  ShapeError,
} from '../../schema.ts'
import { StatesError } from '../failure.ts'
import { isRecord, type Json } from '../language.ts'
import type { TaskResource } from '../resource.ts'
import type { Visit } from '../visit.ts'
import { serviceFailure } from './errors.ts'

export type Integration = Extract<TaskResource, { service: string }>

/** One attempt of a task. */
export type TaskAttempt = {
  visit: Visit
  resource: Integration
  /** The task's own Credentials.RoleArn, or the machine's role. */
  roleArn: string
  /** The call was taken; the task now waits for the job or its token. */
  submitted(output: Json): void
  /** Runs when the task is cut off or times out before it has ended. */
  onCancel(cleanup: () => void): void
}

/**
 * The arguments in the SDK's own shape.
 *
 * @throws StatesError States.Runtime naming what the API does not take, as AWS does
 */
export function toInput(visit: Visit, resource: Integration, args: Json): Record<string, unknown> {
  const schema = operationSchema(resource.service, resource.operation)?.input
  if (schema === undefined) throw new Error(`No shapes for ${resource.service}`)
  if (!isRecord(args)) throw refused(visit, args, ['The value must be an OBJECT'])
  let input: Record<string, unknown>
  try {
    input = recase(args, schema, 'sdk', spelling(resource)) as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw refused(visit, args, [shapeMessage(error)])
  }
  const missing = missingMembers(input, schema)
  // DynamoDB is asked all the same, and says it itself.
  if (missing.length === 0 || isOptimizedDynamoDb(resource)) return input
  throw refused(
    visit,
    args,
    missing.map((name) => `The field '${capitalized(name)}' is required but was missing`),
  )
}

const isOptimizedDynamoDb = ({ kind, service }: Integration): boolean =>
  kind === 'optimized' && service === 'dynamodb'

/** Calls the resource's operation as the machine. @throws StatesError as AWS names the error */
export async function callService(
  attempt: TaskAttempt,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { resource, visit, roleArn } = attempt
  const { execution } = visit.scope
  try {
    return await execution.engine.aws.call(resource.service, resource.operation, input, {
      kind: 'machine',
      name: execution.machine.name,
      roleArn,
      run: execution.arn,
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw defect(error)
    throw serviceFailure(resource, error, requestIdOf(attempt))
  }
}

/** A mistake of ours ends this execution alone, and is told in its cause. */
function defect(error: unknown): StatesError {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new StatesError('States.Runtime', `A defect of the local AWS: ${told}`)
}

/** The answer as Step Functions shows it: capitalised names, text for times and bytes. */
export function toResult(
  attempt: TaskAttempt,
  output: Record<string, unknown>,
): { [key: string]: Json } {
  const { resource } = attempt
  const schema = operationSchema(resource.service, resource.operation)?.output
  if (schema === undefined) throw new Error(`No shapes for ${resource.service}`)
  return recase(output ?? {}, schema, 'pascal', spelling(resource)) as { [key: string]: Json }
}

/** The HTTP metadata optimized integrations add to their result. */
export function httpMetadata(attempt: TaskAttempt, body: Json): { [key: string]: Json } {
  const headers: Record<string, string> = {
    'Content-Length': String(Buffer.byteLength(JSON.stringify(body))),
    'Content-Type': attempt.resource.service === 'sns' ? 'text/xml' : 'application/x-amz-json-1.0',
    Date: attempt.visit.scope.execution.world.date.toUTCString(),
    'x-amzn-RequestId': requestIdOf(attempt),
  }
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(
        Object.entries(headers).map(([key, text]) => [key, [text]]),
      ),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: headers['x-amzn-RequestId'] as string },
  }
}

/** How a resource's arguments and results are spelled: Java's names, or the model's capitalised. */
export function spelling(resource: Integration): RecaseOptions {
  return {
    naming: resource.kind === 'aws-sdk' ? 'java' : 'model',
    blob: resource.service.startsWith('dynamodb') ? 'base64' : 'utf8',
    timestamp: resource.kind === 'aws-sdk' ? 'iso' : 'milliseconds',
  }
}

/** The id of the request just made. */
export function requestIdOf(attempt: TaskAttempt): string {
  return attempt.visit.scope.execution.world.random.uuid('stepfunctions/request')
}

function shapeMessage(error: ShapeError): string {
  return error.problem === 'unknown'
    ? `The field '${error.path}' is not supported by Step Functions`
    : error.message.replaceAll('"', "'")
}

function refused(visit: Visit, args: Json, problems: string[]): StatesError {
  return visit.failure(
    'States.Runtime',
    `The Arguments '${JSON.stringify(args)}' could not be used to start the Task: [${problems.join(', ')}]`,
  )
}
