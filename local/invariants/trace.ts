import type { QuietHours } from '../../domain/compiled-catalog.ts'
import type { Calendar, Schedule } from '../../domain/schedule/written.ts'
import type { AlarmRecord, AlarmState } from '../../domain/table/alarm-record.ts'
import type { FailureRecord } from '../../domain/table/failure-record.ts'
import type { HeldMessage, MessagePlace } from '../../domain/table/message.ts'
import type { MissingImage } from '../../domain/table/missing-image.ts'
import type { PipelineRecord } from '../../domain/table/pipeline-record.ts'
import type { RollOutRecord } from '../../domain/table/record.ts'
import type { ServiceState, TriedDigest } from '../../domain/table/service-state.ts'
import type { Override, Sleeper } from '../../domain/table/sleeper.ts'
import type { StillRed } from '../../domain/table/still-red.ts'
import type { Caller } from '../aws/aws.ts'
import type { Outage } from '../aws/faults.ts'

/**
 * What a predicate sees: everything that happened from the start of a recording to `to`, as plain
 * data. Instants are milliseconds since the epoch; a service is `<cluster>/<service>`.
 */
export type Trace = {
  /** The environment's name, and its table's. */
  environment: string
  table: string
  from: number
  to: number
  /** Pushes have stopped, faults are healed, and there was time for everything to end. */
  settled: boolean
  /** Since when nobody has pushed or changed anything, and everything had ended. */
  quietSince?: number
  calls: readonly Call[]
  events: readonly Taken[]
  /** Bodies of the messages that AWS has put into dead-letter queues. */
  deadLetters: readonly string[]
  executions: readonly Execution[]
  items: Items
  /** Each state of a service that Caretaker's table has had, in their order. */
  states: readonly { at: number; service: string; state: ServiceState }[]
  /** Each state of what is kept of a resource that sleeps, in their order; `id` names it. */
  sleepers: readonly { at: number; id: string; sleeper: Sleeper }[]
  messages: readonly Message[]
  invocations: readonly Invocation[]
  /** Which digest each tag has named, in the order in which it was set; Caretaker's own are left out. */
  namings: readonly Naming[]
  /** Tasks of services, as ECS told of each change. */
  tasks: readonly Task[]
  services: readonly Service[]
  /** What else carries `caretaker:schedule` at the end: databases, clusters, instances. */
  others: readonly { id: string; tags: Readonly<Record<string, string>> }[]
  /** What callers could find in Cloud Map, after each change of it. */
  findable: readonly Findable[]
  /** What was asked for from outside, in the order in which it was answered. */
  requests: readonly Request[]
  /** Each call that was made to Slack, and whether it took it. */
  slackCalls: readonly { at: number; taken: boolean }[]
  /** When services of AWS were down, or Caretaker was switched off. */
  outages: readonly Outage[]
  /** The catalog's teams, the one that owns the environment, and its time zone. */
  teams: Readonly<Record<string, { channel: string; quiet?: QuietHours | undefined }>>
  owner: string
  timeZone: string
  schedules: Readonly<Record<string, Schedule>>
  calendars: Readonly<Record<string, Calendar>>
  /** The catalog's services that each of them needs, by their names. */
  dependsOn: Readonly<Record<string, readonly string[]>>
  /** How much Caretaker may do about sleep. */
  sleep: 'off' | 'tell' | 'act'
  /** And about tags, of which types. */
  tags: { level: 'off' | 'tell' | 'act'; watch: readonly string[] }
}

/** A call of a function, a machine, a person or CloudFormation. */
export type Call = {
  at: number
  by: Caller['kind']
  name: string
  /** The ARN of the role whose session calls, if it is one. */
  role?: string
  /** The request id of the function's invocation, or the ARN of the machine's execution. */
  run: string
  service: string
  operation: string
  resource: string
  input: Readonly<Record<string, unknown>>
  /** `ok`, or the error's name. */
  outcome: string
  /** It was done, and whoever called has got an error. */
  unanswered?: boolean
  /** The answer leaves out something that was asked for. */
  partial: boolean
  /** The answer is a list without anything in it. */
  empty: boolean
  /** The service, or the repository, that a change is about, as it was before the change. */
  about?: Subject
  /** What a call of the Tagging API names, as it was before. */
  retagged?: readonly Retagged[]
  /** Digests that the task definition of the request pins. */
  digests: readonly string[]
}

/** A resource, and its tags. */
export type Retagged = { arn: string; tags: Readonly<Record<string, string>> }

export type Subject = {
  service: string
  tags: Readonly<Record<string, string>>
  desired: number
  taskDefinition: string
  /** It runs what stands in until the first image is pushed. */
  placeholder: boolean
}

/** An event that came to a bus or was lost on the way. */
export type Taken = {
  id: string
  at: number
  source: string
  type: string
  resources: readonly string[]
  detail: Readonly<Record<string, unknown>>
  deliveries: readonly { rule: string; toFunction: boolean; outcome: string }[]
}

export type Execution = {
  arn: string
  machine: string
  status: string
  /** The input as JSON. */
  input: Readonly<Record<string, unknown>>
  /** Bytes of the input, and of the largest input, output or argument of a state. */
  inputBytes: number
  largestBytes: number
  states: readonly { name: string; at: number }[]
  /** Attempts of tasks that failed or ran out of time. */
  failedAttempts: number
}

/** An item of Caretaker's table, read as its kind. */
type Stored<Value> = Value & { pk: string; sk: string }

/** Caretaker's table at the end. */
export type Items = {
  records: readonly RollOutRecord[]
  missing: readonly MissingImage[]
  digests: readonly Stored<TriedDigest>[]
  states: readonly Stored<ServiceState>[]
  places: readonly Stored<MessagePlace>[]
  episodes: readonly AlarmRecord[]
  pipelines: readonly PipelineRecord[]
  failures: readonly FailureRecord[]
  stillRed: readonly StillRed[]
  /** What is kept of each alarm; its subject is the sort key. */
  alarms: readonly Stored<AlarmState>[]
  overrides: readonly Stored<Override>[]
  /** What waits to be told. */
  waiting: readonly HeldMessage[]
  /** Bytes of every item by its key. */
  sizes: readonly { key: string; bytes: number }[]
}

export type Message = {
  channel: string
  text: string
  /** `<pk> <sk>` of the record it tells. */
  key: string
  postedAt: number
  /** When it was posted or last edited. */
  changedAt: number
  /** When the people of its channel were told of it. */
  notifiedAt: readonly number[]
}

/** One invocation of a function. */
export type Invocation = {
  function: string
  requestId: string
  at: number
  outcome: 'success' | 'error' | 'throttled'
  errorType: string
  payloadBytes: number
  answerBytes: number
  /** The event in its payload, and the execution that its payload names. */
  event: string
  execution: string
}

/** From `at` on the tag names this digest; none: it was deleted. */
export type Naming = { at: number; repository: string; tag: string; digest?: string }

export type Task = {
  at: number
  arn: string
  service: string
  status: string
  digests: readonly string[]
  /** It stopped, and not because somebody or a deployment wanted it to. */
  failed: boolean
  createdAt: number
}

/** A service as it is at the end. */
export type Service = Subject & {
  arn: string
  /** Digests that its tasks run. */
  running: readonly string[]
}

/** The instances of a service in Cloud Map, named by its id, and which of them callers find. */
export type Findable = {
  at: number
  service: string
  instances: readonly { id: string; found: boolean }[]
}

/** What an entrance was asked for, or what the entrance for Slack has handed on. */
export type Request = {
  /** The request id of the invocation. */
  run: string
  entrance: 'receive-slack' | 'answer-slack' | 'answer-caller'
  /**
   * The entrance for Slack: signed by it, within five minutes. The others: who asks, as Slack or AWS
   * says it, is in the catalog.
   */
  genuine: boolean
  /** The signature that a request to the entrance for Slack carries. */
  signature?: string
  /** What was handed on: its id, and the intent of a button. */
  id?: string
  intent?: string
}
