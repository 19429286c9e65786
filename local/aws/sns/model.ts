import type { MessageAttributeValue } from '@aws-sdk/client-sns'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'
import type { DeliveryRecord } from '../targets.ts'

export type Attributes = Record<string, string>

export type Subscription = {
  readonly arn: string
  readonly topicArn: string
  readonly protocol: Protocol
  readonly endpoint: string
  readonly attributes: Attributes
  /** Who subscribed, as an ARN. */
  readonly principal: string
}

export type Protocol = 'sqs' | 'lambda' | 'email'

/** An address is told nothing until somebody there has confirmed; nobody does here. */
export const isPending = ({ protocol }: Subscription): boolean => protocol === 'email'

export type Topic = {
  readonly name: string
  readonly arn: string
  readonly attributes: Attributes
  readonly tags: Tags
  /** By ARN. */
  readonly subscriptions: Map<string, Subscription>
  deleted: number
}

/** A message as it was published to a topic. */
export type Notification = {
  readonly id: string
  readonly topicArn: string
  readonly at: Date
  readonly message: string
  readonly subject?: string | undefined
  /** `json`: another text for each protocol. */
  readonly structure?: string | undefined
  readonly attributes: Record<string, MessageAttributeValue>
}

/** A notification and how it reached, or did not reach, each subscription that takes it. */
export type JournalEntry = {
  notification: Notification
  deliveries: (Omit<DeliveryRecord, 'at'> & { subscription: string })[]
}

export const invalid = (what: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${what}`)

/** @throws AwsError InvalidParameterException for what is no ARN. */
export function checkArn(parameter: string, arn = ''): void {
  const elements = arn.split(':').length
  if (elements < 6) {
    throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${elements}`)
  }
}

export const notFound = (what: string): AwsError =>
  new AwsError('NotFoundException', `${what} does not exist`, { statusCode: 404 })
