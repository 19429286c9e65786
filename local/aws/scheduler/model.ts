import type {
  ActionAfterCompletion,
  FlexibleTimeWindow,
  ScheduleState,
  Target,
} from '@aws-sdk/client-scheduler'
import { AwsError } from '../errors.ts'
import type { Expression } from '../schedule/expression.ts'
import type { Tags } from '../tags.ts'
import type { DeliveryRecord } from '../targets.ts'
import type { Timer } from '../world.ts'

export type Group = {
  readonly name: string
  readonly arn: string
  readonly tags: Tags
  readonly schedules: Map<string, Schedule>
  readonly createdAt: Date
  state: 'ACTIVE' | 'DELETING'
}

/** What CreateSchedule and UpdateSchedule set; a member left out takes its default. */
export type ScheduleSettings = {
  text: string
  expression: Expression
  zone: string
  startDate?: Date | undefined
  endDate?: Date | undefined
  description?: string | undefined
  state: ScheduleState
  target: Target
  window: FlexibleTimeWindow
  afterCompletion: ActionAfterCompletion
}

export type Schedule = {
  readonly name: string
  readonly arn: string
  readonly group: string
  readonly createdAt: Date
  readonly clientToken?: string | undefined
  settings: ScheduleSettings
  modifiedAt: Date
  /** What a rate counts from, in milliseconds. */
  since: number
  /** When the schedule was last due, in milliseconds. */
  lastDue?: number | undefined
  /** The next invocation. */
  timer?: Timer | undefined
}

/** One time a schedule was due, and what became of it. Times in milliseconds. */
export type Invocation = DeliveryRecord & {
  schedule: string
  /** What the expression says. */
  due: number
}

export const validation = (message: string): AwsError =>
  new AwsError('ValidationException', message)

export const notFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`, { statusCode: 404 })

export const conflict = (message: string): AwsError =>
  new AwsError('ConflictException', message, { statusCode: 409 })

/** @throws AwsError ValidationException */
export function checkName(name: string | undefined, what: string): string {
  if (name !== undefined && /^[0-9a-zA-Z\-_.]{1,64}$/.test(name)) return name
  throw validation(
    `1 validation error detected: Value '${name}' at '${what}' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+`,
  )
}
