import type { DeploymentCircuitBreaker, DeploymentConfiguration } from '@aws-sdk/client-ecs'

/** A rolling deployment's limits: how many tasks there may be, and must be healthy. */
export function taskLimits(
  { minimumHealthyPercent = 100, maximumPercent = 200 }: DeploymentConfiguration,
  desired: number,
): { leastHealthy: number; most: number } {
  return {
    leastHealthy: Math.ceil((desired * minimumHealthyPercent) / 100),
    most: Math.floor((desired * maximumPercent) / 100),
  }
}

/**
 * How many failed tasks trip the circuit breaker.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 *
 * @param desired the latest desired count.
 */
export function thresholdOf(
  breaker: DeploymentCircuitBreaker | undefined,
  desired: number,
): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker?.thresholdConfiguration ?? {}
  if (type === 'COUNT') return value
  const share = Math.ceil((value / 100) * desired)
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share))
}
