import type { Aws } from './aws.ts'
import { AwsError } from './errors.ts'

/**
 * Asks a service for its present state: no check, no wait, no row in the log of calls. For what AWS
 * knows of itself.
 *
 * @returns undefined when the service is not there or refuses.
 */
export function peek<Output>(
  aws: Aws,
  service: string,
  operation: string,
  input: object,
): Output | undefined {
  const run = aws.services.find(({ id }) => id === service)?.operations[operation]
  try {
    return run?.(input as never, { kind: 'aws', name: 'aws' }) as Output | undefined
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}
