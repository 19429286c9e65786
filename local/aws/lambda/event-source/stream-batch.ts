import { AwsError } from '../../errors.ts'
import { type InvocationRecord, responseContext, sendTo } from '../destinations.ts'
import type { Invoker, Result } from '../invoker.ts'
import { type Mapping, reportedFailures } from './mapping.ts'
import type { StreamRecord } from './stream-record.ts'

/** Seconds a DynamoDB stream keeps its records. */
const KEPT_SECONDS = 86_400

/** Milliseconds: AWS only says that it waits exponentially longer. */
const RETRY = { first: 1_000, most: 60_000 }

type Attempt = { requestId: string; result?: Result; attempts: number }

/**
 * Calls the function with a batch until it has done all of it, or the rest is given up. Meanwhile
 * the shard stands still, so the order of records is kept.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function deliverBatch(
  invoker: Invoker,
  mapping: Mapping,
  batch: readonly StreamRecord[],
): Promise<void> {
  const { world } = invoker.store.aws
  let rest = batch
  const last: Attempt = { requestId: '', attempts: 0 }
  for (let failures = 1; ; failures++) {
    rest = await dropExpired(invoker, mapping, rest, last)
    if (rest.length === 0 || stopped(mapping)) return
    const undone = await attempt(invoker, mapping, rest, last)
    if (undone.length === 0) return
    const { BisectBatchOnFunctionError, MaximumRetryAttempts: most } = mapping.settings
    const wait = Math.min(RETRY.most, RETRY.first * 2 ** (failures - 1))
    const whole = undone.length === rest.length
    if (BisectBatchOnFunctionError && whole && undone.length > 1 && last.result !== undefined) {
      await world.sleep(wait, 'a batch is split')
      const half = Math.ceil(undone.length / 2)
      // Splitting is no retry: both halves have all of theirs.
      await deliverBatch(invoker, mapping, undone.slice(0, half))
      return deliverBatch(invoker, mapping, undone.slice(half))
    }
    if (most >= 0 && last.attempts > most) {
      return discard(invoker, mapping, undone, 'RetryAttemptsExhausted', last)
    }
    rest = undone
    await world.sleep(wait, `${mapping.fn.name} tries a batch again`)
  }
}

/** Runs the function once. @returns the records it has not done. */
async function attempt(
  invoker: Invoker,
  mapping: Mapping,
  records: readonly StreamRecord[],
  last: Attempt,
): Promise<readonly StreamRecord[]> {
  last.requestId = invoker.store.aws.world.random.uuid('lambda/request')
  const invocation = {
    payload: JSON.stringify({ Records: records }),
    requestId: last.requestId,
    source: 'EventSourceMapping',
  } as const
  delete last.result
  try {
    last.result = await invoker.run(mapping.fn, invocation)
  } catch (error) {
    // Never reached the function, so it is no attempt.
    if (!(error instanceof AwsError)) throw error
    mapping.lastResult = `PROBLEM: ${error.name}`
    return records
  }
  last.attempts++
  const { failure, payload } = last.result
  const failed = failure === undefined ? reportedFailures(mapping.settings, payload) : undefined
  const undone = failed === undefined ? records : fromFirst(records, failed)
  mapping.lastResult = undone.length === 0 ? 'OK' : 'PROBLEM: Function call failed'
  return undone
}

/** A stream goes on where the first failure is: everything behind it comes again. */
function fromFirst(records: readonly StreamRecord[], failed: readonly string[]) {
  if (failed.length === 0) return []
  const first = records.findIndex(({ dynamodb }) => failed.includes(dynamodb.SequenceNumber))
  // A number that is not of this batch says nothing: all of it counts as failed.
  return records.slice(Math.max(0, first))
}

async function dropExpired(
  invoker: Invoker,
  mapping: Mapping,
  records: readonly StreamRecord[],
  last: Attempt,
): Promise<readonly StreamRecord[]> {
  const { MaximumRecordAgeInSeconds: age } = mapping.settings
  const oldest = invoker.store.aws.world.now / 1000 - (age > 0 ? age : KEPT_SECONDS)
  const fresh = records.filter(
    ({ dynamodb }) => dynamodb.ApproximateCreationDateTime >= Math.floor(oldest),
  )
  const expired = records.slice(0, records.length - fresh.length)
  await discard(invoker, mapping, expired, 'RecordAgeExceeded', last)
  return fresh
}

/** Gives records up: the destination is told which, not what is in them. */
async function discard(
  invoker: Invoker,
  { fn, settings, source, shard }: Mapping,
  records: readonly StreamRecord[],
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded',
  { requestId, result, attempts }: Attempt,
): Promise<void> {
  const destination = settings.DestinationConfig?.OnFailure?.Destination
  const [first, final] = [records[0], records.at(-1)]
  if (first === undefined || final === undefined || destination === undefined) return
  const { aws } = invoker.store
  const record: InvocationRecord = {
    requestContext: {
      requestId,
      functionArn: fn.arn,
      condition,
      approximateInvokeCount: attempts,
    },
    ...(result === undefined ? {} : { responseContext: responseContext(result) }),
    version: '1.0',
    timestamp: aws.world.date.toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard,
      startSequenceNumber: first.dynamodb.SequenceNumber,
      endSequenceNumber: final.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(final),
      batchSize: records.length,
      streamArn: source,
    },
  }
  await sendTo(aws, fn, destination, record)
}

const arrival = ({ dynamodb }: StreamRecord): string =>
  new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString().replace('.000Z', 'Z')

const stopped = ({ state }: Mapping): boolean => state !== 'Enabled'
