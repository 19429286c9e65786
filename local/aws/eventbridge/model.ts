import type { Target } from '@aws-sdk/client-eventbridge'
import { AwsError } from '../errors.ts'

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

export type Rule = {
  name: string
  arn: string
  bus: string
  description?: string | undefined
  eventPattern?: string | undefined
  scheduleExpression?: string | undefined
  state: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'
  roleArn?: string | undefined
  tags: Record<string, string>
  targets: Target[]
  matches(event: unknown): boolean
}

/** What became of an event on a bus: which rules matched, and how each delivery went. */
export type JournalEntry = {
  event: BusEvent
  at: number
  bus: string
  fault?: string
  rules: string[]
  deliveries: { rule: string; target: string; outcome: string; attempts: number; at: number }[]
}

export const validation = (message: string): AwsError =>
  new AwsError('ValidationException', message)

export const notFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`)
