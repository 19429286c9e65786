/** The Amazon States Language as far as it is simulated: JSONata only. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A level of states that refer to each other: the machine, a branch, an item processor. */
export type StatesMap = { StartAt: string; States: Record<string, State> }

export type Definition = StatesMap & {
  Comment?: string
  QueryLanguage?: string
  TimeoutSeconds?: number
}

export type Retrier = {
  ErrorEquals: string[]
  IntervalSeconds?: number
  MaxAttempts?: number
  BackoffRate?: number
  MaxDelaySeconds?: number
  JitterStrategy?: 'FULL' | 'NONE'
}

/** What a state, a choice rule or a catcher may set at its end. */
export type Transformation = { Output?: Json; Assign?: Record<string, Json> }

export type Catcher = Transformation & { ErrorEquals: string[]; Next: string }

type Transition = { Next?: string; End?: boolean }
type Guarded = { Retry?: Retrier[]; Catch?: Catcher[] }

export type TaskState = Transformation &
  Transition &
  Guarded & {
    Type: 'Task'
    Resource: string
    Arguments?: Json
    TimeoutSeconds?: number | string
    HeartbeatSeconds?: number | string
    Credentials?: { RoleArn: string }
  }
type PassState = Transformation & Transition & { Type: 'Pass' }
type ChoiceRule = Transformation & { Condition: string | boolean; Next: string }
export type ChoiceState = Transformation & {
  Type: 'Choice'
  Choices: ChoiceRule[]
  Default?: string
}
export type WaitState = Transformation &
  Transition & {
    Type: 'Wait'
    Seconds?: number | string
    Timestamp?: string
  }
type SucceedState = Transformation & { Type: 'Succeed' }
export type FailState = { Type: 'Fail'; Error?: string; Cause?: string }
export type ParallelState = Transformation &
  Transition &
  Guarded & {
    Type: 'Parallel'
    Branches: StatesMap[]
    Arguments?: Json
  }
export type MapState = Transformation &
  Transition &
  Guarded & {
    Type: 'Map'
    Items?: Json
    ItemSelector?: Json
    MaxConcurrency?: number | string
    ItemProcessor: StatesMap & { ProcessorConfig?: { Mode?: string } }
  }

export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState

export const STATE_TYPES = [
  'Task',
  'Pass',
  'Choice',
  'Wait',
  'Succeed',
  'Fail',
  'Parallel',
  'Map',
] as const

/** Bytes of JSON a state, a task or a variable may hold (service-quotas.html). */
export const PAYLOAD_LIMIT = 262_144

/** Size of a value as Step Functions counts it: UTF-8 bytes of its JSON text. */
export function payloadSize(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Whether a value's size is within a limit; most values are small enough to see at once. */
export function fits(value: Json, limit: number): boolean {
  return roomFor(value, limit) >= 0 || payloadSize(value) <= limit
}

/** UTF-8 bytes of the longest way to write one character: `\\u0000`. */
const LONGEST_CHARACTER = 6

/** Bytes of the longest number, with what separates it from the next. */
const LONGEST_NUMBER = 28

/** What is left of `room` when a value has taken the most it could. */
function roomFor(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length * LONGEST_CHARACTER - 4
  if (typeof value !== 'object' || value === null) return room - LONGEST_NUMBER
  let left = room - 4
  for (const [key, item] of Object.entries(value)) {
    left = roomFor(item, left - key.length * LONGEST_CHARACTER - 4)
    if (left < 0) return left
  }
  return left
}

/** The expression inside `{% … %}`, or undefined when the text is a literal. */
export function expressionIn(text: string): string | undefined {
  if (!text.startsWith('{%') || !text.endsWith('%}') || text.length < 4) return undefined
  return text.slice(2, -2).trim()
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
