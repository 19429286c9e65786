import type { DeadLetterConfig, RetryPolicy } from '@aws-sdk/client-eventbridge'

/** What EventBridge and Scheduler let one say of how a target is called, by the same limits. */
type Settings = {
  RetryPolicy?: RetryPolicy | undefined
  DeadLetterConfig?: DeadLetterConfig | undefined
}

/** Why these settings are refused; undefined when they are not. */
export function wrongSetting({ RetryPolicy = {}, DeadLetterConfig }: Settings): string | undefined {
  const { MaximumRetryAttempts: retries = 0, MaximumEventAgeInSeconds: age = 60 } = RetryPolicy
  if (retries < 0 || retries > 185) return 'MaximumRetryAttempts must be between 0 and 185.'
  if (age < 60 || age > 86_400) return 'MaximumEventAgeInSeconds must be between 60 and 86400.'
  const queue = DeadLetterConfig?.Arn
  if (queue === undefined || (queue.startsWith('arn:aws:sqs:') && !queue.endsWith('.fifo'))) {
    return undefined
  }
  return 'The dead-letter queue must be a standard Amazon SQS queue.'
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
