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
  // What shifts traffic keeps what ran before whole all the time.
  const { requestedProductionTrafficWeight: weight = 0 } = deployment.targetServiceRevision ?? {}
  const isOver = whole && weight === 0
  return deployment.status === 'ROLLBACK_IN_PROGRESS' && minimum >= 100 && isOver
}

/** Stages in which ECS starts and stops tasks: a deployment comes on, or it does not. */
const MOVING: ReadonlySet<string> = new Set(['RECONCILE_SERVICE', 'SCALE_UP', 'CLEAN_UP'])

/**
 * What a deployment that shifts traffic waits for by plan, in words: a hook, or the time until it
 * goes on. Undefined while its tasks start and stop, and for a rolling one.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export function waitsFor({
  status,
  lifecycleStage: stage,
  lifecycleHookDetails: hooks = [],
}: ServiceDeployment): string | undefined {
  if (status !== 'IN_PROGRESS' || stage === undefined) return undefined
  if (hooks.some((hook) => hook.status === 'AWAITING_ACTION')) {
    return `it waits at ${stage} until somebody lets it go on`
  }
  if (hooks.some((hook) => hook.status === 'IN_PROGRESS')) {
    return `it waits at ${stage} for a lifecycle hook`
  }
  return MOVING.has(stage) ? undefined : `it is at the stage ${stage}`
}

/** What a person wants to see of a deployment under way. */
export function progressOf(deployment: ServiceDeployment): Progress {
  const { targetServiceRevision: target, deploymentCircuitBreaker: breaker } = deployment
  const stage = stageOf(deployment)
  return {
    ...(stage === undefined ? {} : { stage }),
    running: target?.runningTaskCount ?? 0,
    desired: target?.requestedTaskCount ?? 0,
    failures: breaker?.failureCount ?? 0,
    threshold: breaker?.threshold ?? 0,
  }
}

/** `PRODUCTION_TRAFFIC_SHIFT, 20 % of the traffic`, and what it waits for. */
function stageOf(deployment: ServiceDeployment): string | undefined {
  const { lifecycleStage, targetServiceRevision: target } = deployment
  if (lifecycleStage === undefined) return undefined
  const { requestedProductionTrafficWeight: weight = 0 } = target ?? {}
  const waits = waitsFor(deployment)
  return `${waits ?? `it is at the stage ${lifecycleStage}`}, with ${weight} % of the traffic`
}
