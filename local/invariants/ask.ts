import type { Operations, Service } from '../aws/aws.ts'
import { AwsError } from '../aws/errors.ts'

/**
 * What a service answers to somebody who only looks: no check, no wait, no row in the log of calls.
 *
 * @returns undefined when the account has no such service, or it refuses.
 */
export function ask<Output>(
  service: Pick<Service, 'operations'> | undefined,
  operation: string,
  input: object,
): Output | undefined {
  const run = (service?.operations as Operations | undefined)?.[operation]
  try {
    return run?.(input as never, { kind: 'aws', name: 'aws' }) as Output | undefined
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}
