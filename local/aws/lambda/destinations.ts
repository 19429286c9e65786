import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { queueUrlOf } from '../sqs/queue-url.ts'
import { targetCall } from '../target-call.ts'
import type { Result } from './invoker.ts'
import { type LambdaFunction, lambdaFor } from './model.ts'
import type { Condition, QueuedEvent } from './queued-event.ts'

/**
 * Tells the destination of an asynchronous invocation how it ended, if there is one for that end.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function sendRecord(
  aws: Aws,
  event: QueuedEvent,
  condition: Condition,
  result: Result | undefined,
): Promise<void> {
  const { OnSuccess, OnFailure } = event.fn.eventInvoke?.DestinationConfig ?? {}
  const destination = (condition === 'Success' ? OnSuccess : OnFailure)?.Destination
  if (destination === undefined) return
  await sendTo(aws, event.fn, destination, {
    version: '1.0',
    timestamp: aws.world.date.toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.fn.arn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload),
    ...(result === undefined
      ? {}
      : {
          responseContext: responseContext(result),
          responsePayload: JSON.parse(result.payload),
        }),
  })
}

/** How the last attempt ended, as every kind of record tells it. */
export function responseContext({ failure }: Pick<Result, 'failure'>) {
  return {
    statusCode: 200,
    executedVersion: '$LATEST',
    ...(failure === undefined ? {} : { functionError: 'Unhandled' }),
  }
}

/** What every record of an invocation says first. */
export type InvocationRecord = {
  requestContext: { condition: string; [member: string]: unknown }
  [member: string]: unknown
}

/** Sends a record to a queue, topic, function or event bus, with the function's role. */
export async function sendTo(
  aws: Aws,
  fn: LambdaFunction,
  destination: string,
  record: InvocationRecord,
): Promise<void> {
  const outcome = record.requestContext.condition === 'Success' ? 'Success' : 'Failure'
  const events = {
    Source: 'lambda',
    DetailType: `Lambda Function Invocation Result - ${outcome}`,
    Resources: [`${fn.arn}:$LATEST`, destination],
  }
  const { service, operation, input } = targetCall(
    { arn: destination, events },
    JSON.stringify(record),
  )
  await unlessRefused(() => aws.call(service, operation, input, lambdaFor(fn)))
}

/**
 * Puts an event that was given up into the function's own dead-letter queue or topic: the event
 * alone, with the error in attributes.
 */
export async function sendToDeadLetterTarget(
  aws: Aws,
  { fn, payload, requestId }: QueuedEvent,
  result: Result | undefined,
): Promise<void> {
  const arn = fn.settings.DeadLetterConfig?.TargetArn
  if (arn === undefined || arn === '') return
  const text = (StringValue: string) => ({ DataType: 'String', StringValue })
  const attributes = {
    RequestID: text(requestId),
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: text((result?.failure?.errorMessage ?? 'The event was not run.').slice(0, 1024)),
  }
  const topic = arn.split(':')[2] === 'sns'
  const input = topic
    ? { TopicArn: arn, Message: payload, MessageAttributes: attributes }
    : { QueueUrl: queueUrlOf(arn), MessageBody: payload, MessageAttributes: attributes }
  const [service, operation] = topic ? ['sns', 'Publish'] : ['sqs', 'SendMessage']
  await unlessRefused(() => aws.call(service, operation, input, lambdaFor(fn)))
}

/** On AWS too a record that cannot be delivered is lost; only a metric shows it. */
async function unlessRefused(send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
  }
}
