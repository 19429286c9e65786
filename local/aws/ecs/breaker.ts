import type { DeploymentCircuitBreaker, DeploymentConfiguration } from '@aws-sdk/client-ecs'
import { refuse } from './find.ts'

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

/**
 * How many healthy tasks of the new revision complete a deployment before it is steady, and whether
 * the old tasks must be gone first; undefined when it has to be steady.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 */
export function earlySuccess(
  { earlySuccessCriteria: criteria }: DeploymentConfiguration,
  desired: number,
): { healthy: number; oldMustBeGone: boolean } | undefined {
  if (!criteria?.enable) return undefined
  const { healthyPercent = 100, sourceServiceRevisionCleanup: cleanup } = criteria
  return {
    healthy: Math.ceil((desired * healthyPercent) / 100),
    oldMustBeGone: cleanup !== 'DEFERRED',
  }
}

/** @throws AwsError for criteria that ECS does not take. */
export function checkEarlySuccess({
  earlySuccessCriteria: criteria,
  minimumHealthyPercent: least = 100,
}: DeploymentConfiguration): void {
  if (!criteria?.enable) return
  const { healthyPercent: percent, sourceServiceRevisionCleanup: cleanup } = criteria
  if (percent === undefined || cleanup === undefined) {
    refuse('earlySuccessCriteria needs healthyPercent and sourceServiceRevisionCleanup.')
  }
  if (!Number.isInteger(percent) || percent < least || percent > 100) {
    refuse(`earlySuccessCriteria.healthyPercent must be an integer from ${least} to 100.`)
  }
}
