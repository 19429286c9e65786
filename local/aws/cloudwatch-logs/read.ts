import type { FilterLogEventsRequest, GetLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs'
import { onlyMembers, page } from '../members.ts'
import { compileFilter } from './filter.ts'
import { invalid, type LogEvent, type LogStore } from './store.ts'

const PAGE = 10_000

/** Reading events. Both reads are complete: the simulation has no partial pages. */
export function readOperations(store: LogStore) {
  return {
    GetLogEvents: (input: GetLogEventsRequest) => get(store, input),
    FilterLogEvents: (input: FilterLogEventsRequest) => filter(store, input),
  }
}

type Range = { startTime?: number | undefined; endTime?: number | undefined }

/** From the start, inclusive, to the end, exclusive. */
const within =
  ({ startTime = 0, endTime = Number.POSITIVE_INFINITY }: Range) =>
  ({ timestamp }: LogEvent) =>
    timestamp >= startTime && timestamp < endTime

/**
 * A page of one stream. Tokens name the position between two events; at the end of the stream the
 * token is the one that was given, which is how a reader knows that it is there.
 */
function get(store: LogStore, input: GetLogEventsRequest) {
  onlyMembers('cloudwatch-logs:GetLogEvents', input, [
    'logGroupName',
    'logGroupIdentifier',
    'logStreamName',
    'startTime',
    'endTime',
    'nextToken',
    'limit',
    'startFromHead',
  ])
  const group = store.group(input.logGroupName ?? input.logGroupIdentifier)
  const stream = store.stream(group, input.logStreamName)
  const events = store.events(group, stream).filter(within(input))
  const limit = input.limit ?? PAGE
  if (limit < 1 || limit > PAGE) throw invalid(`limit must be between 1 and ${PAGE}.`)
  const { direction, position } = readToken(input.nextToken)
  const forward = direction === 'f' || (direction === undefined && input.startFromHead === true)
  const at = position === undefined ? undefined : Math.max(0, position - stream.expired)
  const start = forward ? (at ?? 0) : Math.max(0, (at ?? events.length) - limit)
  const end = forward ? Math.min(start + limit, events.length) : (at ?? events.length)
  return {
    events: events
      .slice(start, end)
      .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: token('f', Math.max(start, end) + stream.expired),
    nextBackwardToken: token('b', start + stream.expired),
  }
}

const token = (direction: 'f' | 'b', position: number) =>
  `${direction}/${String(position).padStart(56, '0')}/s`

function readToken(given: string | undefined) {
  if (given === undefined) return {}
  const found = /^([fb])\/(\d{56})\/s$/.exec(given)
  if (found === null) throw invalid('The specified nextToken is invalid.')
  return { direction: found[1], position: Number(found[2]) }
}

/** The events of a group, or of some of its streams, that a pattern matches; by time. */
function filter(store: LogStore, input: FilterLogEventsRequest) {
  onlyMembers('cloudwatch-logs:FilterLogEvents', input, [
    'logGroupName',
    'logGroupIdentifier',
    'logStreamNames',
    'logStreamNamePrefix',
    'startTime',
    'endTime',
    'filterPattern',
    'nextToken',
    'limit',
    'interleaved',
  ])
  const group = store.group(input.logGroupName ?? input.logGroupIdentifier)
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input
  if (names !== undefined && prefix !== undefined) {
    throw invalid('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.')
  }
  const streams =
    names?.map((name) => store.stream(group, name)) ??
    [...group.streams.values()].filter(({ name }) => name.startsWith(prefix ?? ''))
  const matches = compileFilter(input.filterPattern ?? '')
  const found = streams
    .flatMap((stream) =>
      store.events(group, stream).map((event) => ({ logStreamName: stream.name, ...event })),
    )
    .filter(within(input))
    .filter(({ message }) => matches(message))
    .toSorted((a, b) => a.timestamp - b.timestamp)
  const asked = { token: input.nextToken, limit: input.limit ?? PAGE }
  const { items, next } = page(found, { ...asked, invalid: 'InvalidParameterException' })
  return { events: items, searchedLogStreams: [], nextToken: next }
}
