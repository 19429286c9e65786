import type { PutEventsResponse, RetryPolicy } from '@aws-sdk/client-eventbridge'
import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import type { Aws, Caller } from './aws.ts'
import { AwsError } from './errors.ts'
import { queueUrlOf } from './sqs/queue-url.ts'
import type { TargetCall } from './target-call.ts'
import { isRetriable } from './target-errors.ts'

/** One delivery to one target, as EventBridge and Scheduler make it. */
export type Delivery = {
  /** `aws/events` or `aws/scheduler`, with the role they take on for the target. */
  caller: Caller
  /** The call of an attempt, counted from 1. */
  call: (attempt: number) => TargetCall
  /** When the event was taken in, in milliseconds: its age counts from then. */
  since: number
  retry?: RetryPolicy | undefined
  /** Milliseconds at most from one attempt, counted from 1, to the next. */
  interval?: (attempts: number) => number
  deadLetterQueue?: DeadLetterQueue | undefined
}

/** The queue for what cannot be delivered, and the message that is sent there. */
export type DeadLetterQueue = {
  arn: string
  caller: Caller
  message: (failure: DeliveryFailure) => {
    body: string
    attributes: Record<string, string | MessageAttributeValue>
  }
}

/** Why a delivery was given up; `exhausted` is the limit that ended the retries. */
type DeliveryFailure = {
  error: AwsError
  attempts: number
  exhausted?: keyof RetryPolicy
}

/** How a delivery ended. `error` says why it was not delivered. */
type DeliveryOutcome = {
  outcome: 'delivered' | 'dead-lettered' | 'dropped'
  attempts: number
  error?: string
}

/** A delivery as journals show it: from its beginning, and then how it ended. */
export type DeliveryRecord = Omit<DeliveryOutcome, 'outcome'> & {
  outcome: DeliveryOutcome['outcome'] | 'pending'
  /** When it ended; while it is pending, when it began. Milliseconds. */
  at: number
}

/** AWS's own limits, when a target has none: 24 hours and 185 retries. */
export const MOST_PATIENT = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }

/** From the event to the call of its target: AWS states 129 ms at the 99th percentile. */
const LATENCY_MILLISECONDS = { low: 30, high: 130 }

/** AWS publishes no intervals; these reach 185 retries in about 18 of the 24 hours. */
const FIRST_RETRY_MILLISECONDS = 1_000
const LONGEST_RETRY_MILLISECONDS = 480_000

/**
 * Hands something to a target: repeats what may pass, with exponential backoff and jitter, until a
 * limit is reached; then, and at once for what will not pass, sends it to the dead-letter queue.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html
 */
export async function deliver(aws: Aws, delivery: Delivery): Promise<DeliveryOutcome> {
  const { world } = aws
  const label = `${delivery.caller.name}/latency`
  const { low, high } = LATENCY_MILLISECONDS
  await world.sleep(Math.round(world.random.between(label, low, high)), label)
  const failure = await attempt(aws, delivery)
  if (typeof failure === 'number') return { outcome: 'delivered', attempts: failure }
  return sendToDeadLetterQueue(aws, delivery, failure)
}

/** @returns the number of attempts it took, or why it was given up. */
async function attempt(aws: Aws, delivery: Delivery): Promise<number | DeliveryFailure> {
  const { world } = aws
  const {
    MaximumRetryAttempts = MOST_PATIENT.MaximumRetryAttempts,
    MaximumEventAgeInSeconds = MOST_PATIENT.MaximumEventAgeInSeconds,
  } = delivery.retry ?? {}
  const tooOld = delivery.since + MaximumEventAgeInSeconds * 1000
  for (let attempts = 1; ; attempts++) {
    const error = await refusal(aws, delivery, attempts)
    if (error === undefined) return attempts
    if (!isRetriable(error)) return { error, attempts }
    if (attempts > MaximumRetryAttempts) {
      return { error, attempts, exhausted: 'MaximumRetryAttempts' }
    }
    const again = world.now + wait(aws, delivery, attempts)
    await world.sleep(Math.max(0, Math.min(again, tooOld) - world.now), 'delivery retry')
    if (again >= tooOld) return { error, attempts, exhausted: 'MaximumEventAgeInSeconds' }
  }
}

/** Makes the call; undefined when it was taken. */
async function refusal(
  aws: Aws,
  { call, caller }: Delivery,
  attempts: number,
): Promise<AwsError | undefined> {
  try {
    const { service, operation, input } = call(attempts)
    return refusedEntry(await aws.call(service, operation, input, caller))
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}

/** PutEvents answers even when it refuses an entry; then that is what went wrong. */
function refusedEntry({ FailedEntryCount, Entries }: PutEventsResponse): AwsError | undefined {
  if (!FailedEntryCount) return undefined
  const refused = Entries?.find(({ ErrorCode }) => ErrorCode !== undefined)
  return new AwsError(refused?.ErrorCode ?? 'UnknownError', refused?.ErrorMessage ?? '')
}

/** Between half and all of the interval. */
function wait({ world }: Aws, { caller, interval = doubling }: Delivery, attempts: number): number {
  const full = interval(attempts)
  return Math.round(world.random.between(`${caller.name}/retry`, full / 2, full))
}

const doubling = (attempts: number): number =>
  Math.min(LONGEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** (attempts - 1))

async function sendToDeadLetterQueue(
  aws: Aws,
  { deadLetterQueue }: Delivery,
  failure: DeliveryFailure,
): Promise<DeliveryOutcome> {
  const { error, attempts } = failure
  const reason = `${error.name}: ${error.message}`
  if (deadLetterQueue === undefined) return { outcome: 'dropped', attempts, error: reason }
  const { body, attributes } = deadLetterQueue.message(failure)
  const input = {
    QueueUrl: queueUrlOf(deadLetterQueue.arn),
    MessageBody: body,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'string' ? { DataType: 'String', StringValue: value } : value,
      ]),
    ),
  }
  const lost = await refusal(
    aws,
    {
      caller: deadLetterQueue.caller,
      call: () => ({ service: 'sqs', operation: 'SendMessage', input }),
      since: aws.world.now,
    },
    1,
  )
  if (lost === undefined) return { outcome: 'dead-lettered', attempts, error: reason }
  const queue = `the dead-letter queue refused it: ${lost.name}: ${lost.message}`
  return { outcome: 'dropped', attempts, error: `${reason}; ${queue}` }
}
