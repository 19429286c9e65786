import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
  InputLogEvent,
  PutLogEventsRequest,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import {
  constraint,
  DAY,
  invalid,
  type LogGroup,
  type LogStore,
  type LogStream,
  logsPage,
} from './store.ts'

const NAME = /^[^:*]{1,512}$/

/** Limits of one PutLogEvents: events, bytes of all (26 for each event's own), bytes of one. */
const BATCH = { events: 10_000, bytes: 1_048_576, overhead: 26 }

const HOUR = 3_600_000

/** Operations on log streams, and writing to them. */
export function streamOperations(store: LogStore) {
  return {
    CreateLogStream: ({ logGroupName, logStreamName = '' }: CreateLogStreamRequest) => {
      const { streams } = store.group(logGroupName)
      if (!NAME.test(logStreamName)) throw constraint('logStreamName', logStreamName, NAME)
      if (streams.has(logStreamName)) {
        throw new AwsError(
          'ResourceAlreadyExistsException',
          'The specified log stream already exists',
        )
      }
      const createdAt = store.aws.world.now
      streams.set(logStreamName, { name: logStreamName, createdAt, events: [], expired: 0 })
      return {}
    },
    DeleteLogStream: ({ logGroupName, logStreamName }: DeleteLogStreamRequest) => {
      const group = store.group(logGroupName)
      group.streams.delete(store.stream(group, logStreamName).name)
      return {}
    },
    DescribeLogStreams: (input: DescribeLogStreamsRequest) => describe(store, input),
    PutLogEvents: (input: PutLogEventsRequest) => put(store, input),
  }
}

function describe(store: LogStore, input: DescribeLogStreamsRequest) {
  const group = store.group(input.logGroupName ?? input.logGroupIdentifier)
  const { logStreamNamePrefix: prefix = '', orderBy = 'LogStreamName', descending } = input
  const byTime = orderBy === 'LastEventTime'
  if (byTime && prefix !== '') {
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.')
  }
  const last = ({ events }: LogStream) => events.at(-1)?.timestamp ?? 0
  const found = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .toSorted((a, b) => (byTime ? last(a) - last(b) : a.name < b.name ? -1 : 1))
  const { items, next } = logsPage(
    descending ? found.toReversed() : found,
    input.nextToken,
    input.limit,
  )
  return { logStreams: items.map((stream) => shape(store, group, stream)), nextToken: next }
}

function shape(store: LogStore, group: LogGroup, stream: LogStream) {
  const events = store.events(group, stream)
  const [first, last] = [events[0], events.at(-1)]
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(first === undefined || last === undefined
      ? {}
      : {
          firstEventTimestamp: first.timestamp,
          lastEventTimestamp: last.timestamp,
          lastIngestionTime: last.ingestionTime,
        }),
    arn: `${store.arnOf(group)}:log-stream:${stream.name}`,
    // AWS has said 0 for every stream since 2019.
    storedBytes: 0,
  }
}

function put(store: LogStore, input: PutLogEventsRequest) {
  // The sequence token is optional and ignored since 2023.
  onlyMembers('cloudwatch-logs:PutLogEvents', input, [
    'logGroupName',
    'logStreamName',
    'logEvents',
    'sequenceToken',
  ])
  const group = store.group(input.logGroupName)
  const stream = store.stream(group, input.logStreamName)
  const { logEvents = [] } = input
  checkBatch(logEvents)
  const { accepted, ...rejected } = sortOut(store, group, logEvents)
  const { world } = store.aws
  for (const { timestamp = 0, message = '' } of accepted) {
    const eventId = eventIdOf(timestamp, world.random.hex('logs/event', 24))
    insert(stream, { eventId, timestamp, message, ingestionTime: world.now })
  }
  return { nextSequenceToken: world.random.hex('logs/token', 56), ...rejected }
}

export type Delivered = { timestamp: number; message: string }

/** Puts events into a stream, which is made if it is not there. */
export function deliver(
  { aws: { world } }: LogStore,
  group: LogGroup,
  name: string,
  events: readonly Delivered[],
): void {
  const stream = group.streams.get(name) ?? { name, createdAt: world.now, events: [], expired: 0 }
  group.streams.set(name, stream)
  for (const { timestamp, message } of events) {
    const eventId = eventIdOf(timestamp, world.random.hex('logs/event', 24))
    insert(stream, { eventId, timestamp, message, ingestionTime: world.now })
  }
}

/** 56 digits that sort by time, as AWS's do. */
function eventIdOf(timestamp: number, random: string): string {
  return `${timestamp}`.padStart(17, '3') + BigInt(`0x${random}`).toString().padStart(39, '0')
}

function checkBatch(events: readonly InputLogEvent[]): void {
  const bytes = events.map(({ message = '' }) => Buffer.byteLength(message) + BATCH.overhead)
  const total = bytes.reduce((sum, one) => sum + one, 0)
  if (events.length < 1 || events.length > BATCH.events) {
    throw invalid(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to ${BATCH.events} and greater than or equal to 1`,
    )
  }
  if (total > BATCH.bytes) {
    throw invalid(`Upload too large: ${total} bytes exceeds limit of ${BATCH.bytes}`)
  }
  const ordered = events.every(
    ({ timestamp = 0 }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0),
  )
  if (!ordered) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.')
  }
}

/** Events more than two hours ahead, older than 14 days or than the retention, are not taken. */
function sortOut(store: LogStore, group: LogGroup, events: readonly InputLogEvent[]) {
  const { now } = store.aws.world
  const olderThan = (moment: number) =>
    events.findLastIndex(({ timestamp = 0 }) => timestamp < moment) + 1
  const tooOld = olderThan(now - 14 * DAY)
  const expired = olderThan(now - (group.retention ?? Number.POSITIVE_INFINITY) * DAY)
  const tooNew = events.findIndex(({ timestamp = 0 }) => timestamp > now + 2 * HOUR)
  const accepted = events.slice(Math.max(tooOld, expired), tooNew === -1 ? undefined : tooNew)
  if (accepted.length === events.length) return { accepted }
  const rejectedLogEventsInfo: RejectedLogEventsInfo = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
    ...(tooNew === -1 ? {} : { tooNewLogEventStartIndex: tooNew }),
  }
  return { accepted, rejectedLogEventsInfo }
}

/** Keeps the stream in the order of time; a late event goes after those of the same moment. */
function insert({ events }: LogStream, event: LogStream['events'][number]): void {
  const before = events.findLastIndex(({ timestamp }) => timestamp <= event.timestamp)
  events.splice(before + 1, 0, event)
}
