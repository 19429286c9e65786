import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import type { Tags } from '../tags.ts'

/** One event as it is kept. `timestamp` and `ingestionTime` are milliseconds since the epoch. */
export type LogEvent = {
  eventId: string
  timestamp: number
  message: string
  ingestionTime: number
}

export type LogStream = {
  name: string
  createdAt: number
  /** By timestamp, events of one moment in the order they came in. */
  events: LogEvent[]
  /** How many events have expired: positions in tokens count from the stream's first event. */
  expired: number
}

export type LogGroup = {
  name: string
  createdAt: number
  /** Days; undefined keeps events for ever. */
  retention?: number
  kmsKeyId?: string
  class: string
  deletionProtected: boolean
  tags: Tags
  streams: Map<string, LogStream>
}

export const DAY = 86_400_000

const NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/

/** All log groups of the account. */
export class LogStore {
  readonly aws: Aws
  readonly groups = new Map<string, LogGroup>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** `arn:aws:logs:<region>:<account>:log-group:<name>`, without the `:*` older calls show. */
  arnOf({ name }: LogGroup): string {
    return this.aws.arn('logs', `log-group:${name}`)
  }

  /** A group by its name or ARN. */
  find(named: string | undefined): LogGroup | undefined {
    return this.groups.get(groupName(named))
  }

  /** The same. @throws AwsError ResourceNotFoundException */
  group(named: string | undefined): LogGroup {
    const name = groupName(named)
    const group = this.groups.get(name)
    if (group !== undefined) return group
    if (!NAME.test(name)) throw constraint('logGroupName', name, NAME)
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
  }

  /** @throws AwsError ResourceNotFoundException */
  stream(group: LogGroup, name: string | undefined): LogStream {
    const stream = group.streams.get(name ?? '')
    if (stream !== undefined) return stream
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.')
  }

  /** The events that have not expired. */
  events(group: LogGroup, stream: LogStream): readonly LogEvent[] {
    if (group.retention === undefined) return stream.events
    const oldest = this.aws.world.now - group.retention * DAY
    const kept = stream.events.findIndex(({ timestamp }) => timestamp >= oldest)
    const gone = kept === -1 ? stream.events.length : kept
    stream.events.splice(0, gone)
    stream.expired += gone
    return stream.events
  }
}

const groupName = (named = ''): string =>
  named.split(':log-group:')[1]?.replace(/:\*$/, '') ?? named

export const invalid = (message: string) => new AwsError('InvalidParameterException', message)

/** A value that breaks its member's constraint, in the form AWS's validation uses. */
export function constraint(member: string, value: string, pattern: RegExp): AwsError {
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  )
}

/** @throws AwsError InvalidParameterException for a name no log group can have. */
export function checkGroupName(name = ''): string {
  if (!NAME.test(name)) throw constraint('logGroupName', name, NAME)
  return name
}

export const logsPage = pager('InvalidParameterException', 50)
