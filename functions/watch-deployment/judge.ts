import type { Deployment, ServiceDeployment } from '@aws-sdk/client-ecs'
import type { Progress } from '../../domain/table/record.ts'

/** How ECS's deployment is doing. */
export type Judgement =
  | { state: 'in-progress' }
  | { state: 'succeeded' }
  /** ECS has put the service back to what ran before. */
  | { state: 'rolled-back'; reason: string }
  /** It did not hold and ECS will not undo it: Caretaker must. */
  | { state: 'stuck'; reason: string }
  /** Somebody else's deployment took its place. */
  | { state: 'replaced'; reason: string }

/**
 * Judges one ECS service deployment. Its own status counts, never an event's: a roll-back also
 * ends in COMPLETED.
 *
 * @param first nothing has run in this service before, so what ECS would roll back to is the
 *   placeholder: the deployment is over as soon as the circuit breaker has tripped.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export function judge(deployment: ServiceDeployment, { first }: { first: boolean }): Judgement {
  const { status, statusReason, rollback, deploymentCircuitBreaker: breaker } = deployment
  const { deploymentCircuitBreaker: configured } = deployment.deploymentConfiguration ?? {}
  const tripped = breaker?.status === 'TRIGGERED'
  const reason = rollback?.reason ?? statusReason ?? 'ECS gives no reason'
  if (status === 'SUCCESSFUL') return { state: 'succeeded' }
  if (first && (tripped || status?.startsWith('ROLLBACK_'))) return { state: 'stuck', reason }
  if (status === 'ROLLBACK_SUCCESSFUL') return { state: 'rolled-back', reason }
  if (status === 'ROLLBACK_FAILED') return { state: 'stuck', reason }
  if (status === 'STOPPED') {
    return tripped ? { state: 'stuck', reason } : { state: 'replaced', reason }
  }
  // The breaker has tripped. Where ECS rolls back, it is about to; else nobody does but Caretaker.
  const left = rollback === undefined && configured?.rollback !== true
  if (tripped && left && (status === 'IN_PROGRESS' || status === 'STOP_REQUESTED')) {
    return { state: 'stuck', reason }
  }
  return { state: 'in-progress' }
}

/**
 * Whether ECS has begun to roll back and what ran before runs as before: none of its tasks was
 * stopped meanwhile. ECS calls that done only when the failed tasks have been let go, which takes
 * as long as a load balancer and a container need, and changes nothing any more.
 *
 * @param primary what ECS goes back to.
 */
export function isBack(deployment: ServiceDeployment, primary: Deployment): boolean {
  const { minimumHealthyPercent: minimum = 100 } = deployment.deploymentConfiguration ?? {}
  const { runningCount = 0, desiredCount = 0, pendingCount = 0 } = primary
  const whole = runningCount >= desiredCount && pendingCount === 0
  return deployment.status === 'ROLLBACK_IN_PROGRESS' && minimum >= 100 && whole
}

/** What a person wants to see of a deployment under way. */
export function progressOf({
  targetServiceRevision: target,
  deploymentCircuitBreaker: breaker,
}: ServiceDeployment): Progress {
  return {
    running: target?.runningTaskCount ?? 0,
    desired: target?.requestedTaskCount ?? 0,
    failures: breaker?.failureCount ?? 0,
    threshold: breaker?.threshold ?? 0,
  }
}
