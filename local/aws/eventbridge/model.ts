import type { Target } from '@aws-sdk/client-eventbridge'
import { AwsError } from '../errors.ts'
import type { Expression } from '../schedule/expression.ts'
import type { Tags } from '../tags.ts'
import type { DeliveryRecord } from '../targets.ts'
import type { Timer } from '../world.ts'

/** An event as EventBridge hands it on. */
export type BusEvent = {
  version: '0'
  id: string
  'detail-type': string
  source: string
  account: string
  time: string
  region: string
  resources: string[]
  detail: Record<string, unknown>
}

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'

export type Rule = {
  readonly name: string
  readonly arn: string
  readonly bus: string
  readonly tags: Tags
  readonly targets: Map<string, Target>
  state: RuleState
  description?: string | undefined
  roleArn?: string | undefined
  eventPattern?: string | undefined
  /** Compiled from `eventPattern`; a rule with only a schedule matches no event. */
  matches: (event: unknown) => boolean
  scheduleExpression?: string | undefined
  schedule?: Expression | undefined
  /** The next firing of the schedule. */
  timer?: Timer | undefined
}

export type Bus = {
  readonly name: string
  readonly arn: string
  readonly tags: Tags
  readonly rules: Map<string, Rule>
  readonly createdAt: Date
  description?: string | undefined
}

/** How one event reached, or did not reach, one target. */
export type DeliveryEntry = DeliveryRecord & { rule: string; target: string }

/** What became of an event on a bus: which rules matched, and how each delivery went. */
export type JournalEntry = {
  event: BusEvent
  at: number
  bus: string
  /** The injected faults, such as `lose` or `duplicate+delay`. */
  fault?: string
  rules: string[]
  deliveries: DeliveryEntry[]
}

/** As events carry it, without milliseconds: `2026-03-02T09:00:00Z`. */
export function eventTime(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export const validation = (message: string): AwsError =>
  new AwsError('ValidationException', message)

export const notFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`)

/** The pattern is not one EventBridge takes; the message is AWS's form with the reason. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}`,
  )
}
