import { AwsError, NotImplemented } from '../errors.ts'

export type QueueAttributes = Record<string, string>

type Range = { low: number; high: number; initial: number }

/**
 * Attributes that are numbers (seconds, or bytes for the size).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const NUMBERS: Readonly<Record<string, Range>> = {
  VisibilityTimeout: { low: 0, high: 43_200, initial: 30 },
  MaximumMessageSize: { low: 1_024, high: 1_048_576, initial: 1_048_576 },
  MessageRetentionPeriod: { low: 60, high: 1_209_600, initial: 345_600 },
  DelaySeconds: { low: 0, high: 900, initial: 0 },
  ReceiveMessageWaitTimeSeconds: { low: 0, high: 20, initial: 0 },
  KmsDataKeyReusePeriodSeconds: { low: 60, high: 86_400, initial: 300 },
}

/** Attributes kept as they are given. Encryption changes nothing that is simulated. */
const TEXTS = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']

const FIFO = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']

export type RedrivePolicy = { deadLetterTargetArn: string; maxReceiveCount: number }

export function initialAttributes(): QueueAttributes {
  const { KmsDataKeyReusePeriodSeconds, ...numbers } = NUMBERS
  return {
    ...Object.fromEntries(
      Object.entries(numbers).map(([name, { initial }]) => [name, String(initial)]),
    ),
    SqsManagedSseEnabled: 'true',
  }
}

/**
 * Checks attributes a caller sets.
 *
 * @returns those that stay; an empty text takes an attribute away.
 * @throws AwsError InvalidAttributeName, InvalidAttributeValue; NotImplemented for FIFO queues.
 */
/** One kind of encryption takes the other's place. */
export function withEncryption(before: QueueAttributes, given: QueueAttributes): QueueAttributes {
  const all = { ...before, ...given }
  if (given.KmsMasterKeyId) all.SqsManagedSseEnabled = 'false'
  if (given.SqsManagedSseEnabled === 'true') {
    delete all.KmsMasterKeyId
    delete all.KmsDataKeyReusePeriodSeconds
  }
  return all
}

export function checkAttributes(given: QueueAttributes): QueueAttributes {
  for (const [name, value] of Object.entries(given)) {
    if (FIFO.includes(name)) throw new NotImplemented(`FIFO queues (sqs attribute ${name})`)
    if (name === 'SqsManagedSseEnabled') {
      if (!['true', 'false'].includes(value)) throw invalidValue(name)
    } else if (name in NUMBERS) checkNumber(name, value)
    else if (!TEXTS.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
    }
  }
  if (given.KmsMasterKeyId && given.SqsManagedSseEnabled === 'true') {
    throw new AwsError(
      'InvalidAttributeValue',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
  }
  if (given.RedrivePolicy) redrivePolicy(given.RedrivePolicy)
  if (given.RedriveAllowPolicy) json('RedriveAllowPolicy', given.RedriveAllowPolicy)
  if (given.Policy) json('Policy', given.Policy)
  return given
}

function checkNumber(name: string, value: string): void {
  const { low, high } = NUMBERS[name] as Range
  if (!/^\d+$/.test(value) || Number(value) < low || Number(value) > high) throw invalidValue(name)
}

/** @throws AwsError InvalidAttributeValue */
export function redrivePolicy(text: string): RedrivePolicy {
  const { deadLetterTargetArn, maxReceiveCount } = json('RedrivePolicy', text)
  const count = Number(maxReceiveCount)
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count)) {
    throw invalidValue('RedrivePolicy')
  }
  if (count < 1 || count > 1_000) throw invalidValue('RedrivePolicy')
  return { deadLetterTargetArn, maxReceiveCount: count }
}

/** Whether a dead-letter queue lets this queue send to it. */
export function allowsRedrive(deadLetterQueue: QueueAttributes, sourceArn: string): boolean {
  if (!deadLetterQueue.RedriveAllowPolicy) return true
  const { redrivePermission, sourceQueueArns } = json('', deadLetterQueue.RedriveAllowPolicy)
  if (redrivePermission === 'denyAll') return false
  if (redrivePermission !== 'byQueue') return true
  return Array.isArray(sourceQueueArns) && sourceQueueArns.includes(sourceArn)
}

function json(name: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Not JSON: refused like JSON of another kind.
  }
  throw invalidValue(name)
}

export function invalidValue(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)
}
