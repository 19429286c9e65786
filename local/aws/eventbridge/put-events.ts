import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResultEntry,
  TestEventPatternRequest,
} from '@aws-sdk/client-eventbridge'
import type { Aws, Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type BusEvent, eventTime, validation } from './model.ts'
import { compilePattern } from './pattern.ts'
import type { Router } from './router.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MOST_ENTRIES = 10
const LARGEST_BYTES = 1_048_576

/** What TestEventPattern asks of its event. */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type'] as const

export function eventOperations(router: Router) {
  return {
    PutEvents: (input: PutEventsRequest, caller: Caller) => putEvents(router, input, caller),
    TestEventPattern: ({ EventPattern = '', Event = '' }: TestEventPatternRequest) => {
      const matches = compilePattern(EventPattern)
      const event = jsonObject(Event)
      if (event === undefined) throw validation('Parameter Event is not valid.')
      const missing = REQUIRED.filter((field) => event[field] === undefined)
      if (missing.length > 0) {
        throw validation(`Parameter Event is not valid. Reason: missing ${missing.join(', ')}.`)
      }
      return { Result: matches(event) }
    },
  }
}

/** Each entry is taken or refused for itself; order is kept. @throws AwsError ValidationException */
function putEvents(router: Router, input: PutEventsRequest, caller: Caller) {
  onlyMembers('eventbridge:PutEvents', input, ['Entries'])
  const { Entries: entries = [] } = input
  if (entries.length < 1 || entries.length > MOST_ENTRIES) {
    throw validation(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`,
    )
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= LARGEST_BYTES) {
    throw validation('Total size of the entries in the request is over the limit.')
  }
  const results = entries.map((entry) => putEntry(router, entry, caller))
  const failed = results.filter(({ ErrorCode }) => ErrorCode !== undefined)
  return { FailedEntryCount: failed.length, Entries: results }
}

function putEntry(
  router: Router,
  entry: PutEventsRequestEntry,
  caller: Caller,
): PutEventsResultEntry {
  onlyMembers('eventbridge:PutEvents', entry, [
    'Time',
    'Source',
    'Resources',
    'DetailType',
    'Detail',
    'EventBusName',
    'TraceHeader',
  ])
  try {
    const event = eventOf(router.aws, entry, caller)
    router.take(event, {
      bus: entry.EventBusName ?? 'default',
      delivery: 'durable',
      forwarded: isBus(caller),
    })
    return { EventId: event.id }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { ErrorCode: error.name, ErrorMessage: error.message }
  }
}

/** @throws AwsError with the code and message of a refused entry */
function eventOf(aws: Aws, entry: PutEventsRequestEntry, caller: Caller): BusEvent {
  const { Source = '', DetailType = '', Detail } = entry
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (!value) throw argument(name, `${name} is a required argument`)
  }
  if (DetailType.length > 128) throw argument('DetailType', 'Too long, more than 128 characters')
  if (!maySend(Source, caller)) {
    throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.')
  }
  const detail = jsonObject(Detail ?? '')
  if (detail === undefined) throw new AwsError('MalformedDetail', 'Detail is malformed.')
  return {
    version: '0',
    id: aws.world.random.uuid('events/id'),
    'detail-type': DetailType,
    source: Source,
    account: aws.account,
    time: eventTime(entry.Time ?? aws.world.date),
    region: aws.region,
    resources: entry.Resources ?? [],
    detail,
  }
}

const argument = (name: string, reason: string): AwsError =>
  new AwsError('InvalidArgument', `Parameter ${name} is not valid. Reason: ${reason}.`)

/**
 * AWS refuses sources that begin with `aws.` from everybody. Here a person may send them: so an
 * event of AWS can be made by hand, to see what it starts. Functions and machines may not.
 */
function maySend(source: string, caller: Caller): boolean {
  return !source.startsWith('aws.') || caller.kind === 'person' || isBus(caller)
}

/** A rule that sends an event on to another bus. */
function isBus({ kind, name }: Caller): boolean {
  return kind === 'aws' && name === 'events'
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** An entry's size as AWS counts it, in bytes. */
function sizeOf({ Time, Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry) {
  const texts = [Source, DetailType, Detail, ...Resources]
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0)
  return bytes + (Time === undefined ? 0 : 14)
}
