import type { DeploymentLifecycleHook, DeploymentLifecycleHookStage } from '@aws-sdk/client-ecs'
import type { InvocationResponse } from '@aws-sdk/client-lambda'
import { AwsError } from '../errors.ts'
import type { EcsService, Hook, ServiceDeployment } from './model.ts'
import type { EcsState } from './state.ts'

/** Why a deployment goes back; in AWS's words after "Service deployment rolled back because ". */
export class GoesBack extends Error {
  override readonly name = 'GoesBack'
}

/** The deployment is no longer under way: somebody has stopped it, or it goes back already. */
export class Left extends Error {
  override readonly name = 'Left'
}

/** Percent of the traffic by the ARN of the revision; empty at stages that shift none. */
export type Weights = Readonly<Record<string, number>>

/** What a stage tells its hooks. */
export type Told = { production?: Weights; test?: Weights }

const MINUTE = 60_000
/** Seconds until a function that is not done is asked again. */
const USUAL_DELAY = 30
const LONGEST_MINUTES = 1_440

/**
 * Runs the hooks of a stage, all at the same time, until each has let the deployment go on.
 *
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
 *
 * @throws GoesBack when one does not; Left
 */
export async function runHooks(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
  stage: DeploymentLifecycleHookStage,
  told: Told = {},
): Promise<void> {
  const hooks = (current.configuration.lifecycleHooks ?? []).filter(({ lifecycleStages = [] }) =>
    lifecycleStages.includes(stage),
  )
  await Promise.all(
    hooks.map((one) => {
      const hook = begun(ecs, current, stage, one)
      emitHook(ecs, service, current, hook)
      return hook.targetType === 'PAUSE'
        ? paused(ecs, service, current, hook)
        : invoked(ecs, service, current, hook, { ...one, told })
    }),
  )
}

function begun(
  ecs: EcsState,
  { shifting }: ServiceDeployment,
  stage: DeploymentLifecycleHookStage,
  { targetType = 'AWS_LAMBDA', hookTargetArn, timeoutConfiguration = {} }: DeploymentLifecycleHook,
): Hook {
  const { timeoutInMinutes = LONGEST_MINUTES, action = 'ROLLBACK' } = timeoutConfiguration
  const kind = targetType === 'PAUSE' ? 'pause' : 'lambda'
  const hook: Hook = {
    hookId: `ecs-${kind}-${ecs.world.random.hex('ecs/hook', 43)}`,
    targetType,
    ...(hookTargetArn === undefined ? {} : { targetArn: hookTargetArn }),
    status: targetType === 'PAUSE' ? 'AWAITING_ACTION' : 'IN_PROGRESS',
    expiresAt: new Date(ecs.world.now + timeoutInMinutes * MINUTE),
    timeoutAction: action,
    stage,
  }
  shifting?.hooks.push(hook)
  return hook
}

/** Waits for somebody's word, or for the end of the time for it. */
async function paused(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
  hook: Hook,
): Promise<void> {
  const how = await new Promise<Parameters<NonNullable<Hook['end']>>[0]>((resolve) => {
    const until = hook.expiresAt.getTime()
    const timer = ecs.world.at(until, 'ECS pause hook', () => hook.end?.('TIMED_OUT'))
    hook.end = (end) => {
      delete hook.end
      timer.cancel()
      resolve(end)
    }
  })
  if (how === 'left') throw new Left()
  settled(ecs, service, current, hook, how)
  if (how === 'SUCCEEDED' || (how === 'TIMED_OUT' && hook.timeoutAction === 'CONTINUE')) return
  // The words for somebody's no are not recorded.
  const why = how === 'TIMED_OUT' ? 'timed out' : 'was rolled back by a user request'
  throw new GoesBack(`${hook.stage} pause hook ${why}.`)
}

type Answer = { hookStatus?: unknown; callBackDelay?: unknown; hookDetails?: unknown }

/** Asks a function until it says that it has succeeded or failed. */
async function invoked(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
  hook: Hook,
  asked: DeploymentLifecycleHook & { told: Told },
): Promise<void> {
  let details = asked.hookDetails
  try {
    for (;;) {
      const answer = await answerOf(ecs, service, current, hook, { ...asked, details })
      leaveIfOver(current)
      if (answer.hookStatus === 'SUCCEEDED') break
      if (answer.hookStatus === 'FAILED') {
        throw failed(hook, `Lifecycle hook target ${hook.targetArn} returned FAILED status.`)
      }
      const seconds = Number(answer.callBackDelay ?? USUAL_DELAY)
      const next = ecs.world.now + Math.max(1, seconds) * 1000
      if (next >= hook.expiresAt.getTime()) {
        settled(ecs, service, current, hook, 'TIMED_OUT')
        if (hook.timeoutAction === 'CONTINUE') return
        // The words are not recorded.
        throw failed(hook, `Lifecycle hook target ${hook.targetArn} timed out.`)
      }
      details = (answer.hookDetails ?? details) as typeof details
      await ecs.world.sleep(next - ecs.world.now, 'ECS asks a hook again')
      leaveIfOver(current)
    }
  } catch (error) {
    if (error instanceof GoesBack && hook.status === 'IN_PROGRESS') {
      settled(ecs, service, current, hook, 'FAILED')
    }
    throw error
  }
  settled(ecs, service, current, hook, 'SUCCEEDED')
}

/** @throws GoesBack for a function that cannot be asked, or gives no answer of the form. */
async function answerOf(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
  hook: Hook,
  { roleArn = '', told, details }: DeploymentLifecycleHook & { told: Told; details?: unknown },
): Promise<Answer> {
  const payload = {
    executionDetails: {
      testTrafficWeights: told.test ?? {},
      productionTrafficWeights: told.production ?? {},
      serviceArn: service.arn,
      targetServiceRevisionArn: current.deployment.revision.arn,
    },
    executionId: ecs.world.random.uuid('ecs/hook-execution'),
    lifecycleStage: hook.stage,
    resourceArn: current.arn,
    ...(details === undefined ? {} : { hookDetails: details }),
  }
  try {
    const { FunctionError, Payload } = await ecs.aws.call<InvocationResponse>(
      'lambda',
      'Invoke',
      {
        FunctionName: hook.targetArn,
        Payload: new TextEncoder().encode(JSON.stringify(payload)),
      },
      { kind: 'aws', name: 'ecs', roleArn, sourceArn: service.arn },
    )
    const answer = FunctionError === undefined ? read(Payload) : undefined
    if (answer !== undefined) return answer
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw failed(
      hook,
      /sts:AssumeRole/.test(error.message)
        ? `ECS was unable to assume role ${roleArn}`
        : `ECS was unable to invoke hook target ${hook.targetArn} due to ${error.message}`,
    )
  }
  throw failed(
    hook,
    `ECS was unable to parse the response from ${hook.targetArn} due to HookStatus must not be null`,
  )
}

const STATUSES: readonly unknown[] = ['SUCCEEDED', 'FAILED', 'IN_PROGRESS']

function read(payload: Uint8Array | undefined): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(payload))
    if (typeof answer !== 'object' || answer === null) return undefined
    return STATUSES.includes((answer as Answer).hookStatus) ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}

const failed = ({ stage }: Hook, why: string): GoesBack =>
  new GoesBack(`${stage} lifecycle hook(s) failed. ${why}`)

/** @throws Left unless the deployment is under way, forwards or back. */
export function leaveIfOver({ status, shifting }: ServiceDeployment): void {
  const goesOn = shifting?.isGoingBack
    ? status === 'ROLLBACK_IN_PROGRESS'
    : status === 'IN_PROGRESS'
  if (!goesOn) throw new Left()
}

function settled(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
  hook: Hook,
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT',
): void {
  hook.status = status
  emitHook(ecs, service, current, hook)
}

/**
 * `ECS Hook State Change`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
 */
function emitHook(
  ecs: EcsState,
  service: EcsService,
  { arn }: ServiceDeployment,
  { hookId, targetType, status, expiresAt, stage }: Hook,
): void {
  ecs.aws.emit({
    source: 'aws.ecs',
    detailType: 'ECS Hook State Change',
    resources: [arn],
    detail: {
      eventType: status === 'FAILED' || status === 'TIMED_OUT' ? 'ERROR' : 'INFO',
      eventName: `HOOK_${status}`,
      hookId,
      hookType: targetType,
      expiresAt: expiresAt.toISOString(),
      lifecycleStage: stage,
      clusterArn: service.cluster.arn,
      serviceArn: service.arn,
      serviceDeploymentArn: arn,
      updatedAt: ecs.world.date.toISOString(),
    },
    delivery: 'durable',
  })
}
