import type { ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs'
import { AwsError } from '../errors.ts'
import { bakeOf, fail } from './deployments.ts'
import { duration } from './durations.ts'
import { GoesBack, Left, leaveIfOver, runHooks, type Weights } from './hooks.ts'
import type { EcsService, ServiceDeployment, Shifting } from './model.ts'
import type { EcsState } from './state.ts'
import { stepsOf } from './strategy.ts'
import { networkProblem, weigh } from './traffic.ts'

type Moving = { ecs: EcsState; service: EcsService; current: ServiceDeployment; shifting: Shifting }

/** "Each lifecycle stage can last up to 24 hours", after which the deployment goes back. */
const LONGEST_STAGE = 24 * 3_600_000

/**
 * Takes a blue/green, linear or canary deployment through its stages. The scheduler starts and stops
 * the tasks meanwhile, as the stage says (`scheduler.ts`).
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export async function shift(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
): Promise<void> {
  const { shifting } = current
  if (shifting === undefined) return
  try {
    await forwards({ ecs, service, current, shifting })
  } catch (error) {
    if (error instanceof Left) return
    if (!(error instanceof GoesBack)) throw error
    const why = `Service deployment rolled back because ${error.message}`
    fail(ecs, service, current, {
      // "This event is sent for services with deployment circuit breaker logic turned on."
      event: current.configuration.deploymentCircuitBreaker?.enable ?? false,
      ...{ rollback: true, reason: why, why, by: 'ECS deployment' },
    })
  }
}

async function forwards(moving: Moving): Promise<void> {
  const { ecs, service, current, shifting } = moving
  const { deployment, configuration } = current
  if (service.deployments.length > 2) await reconcile(moving)
  await enter(moving, 'PRE_SCALE_UP')
  const problem = await networkProblem(ecs, service, deployment)
  if (problem !== undefined) throw new GoesBack(`of invalid networking configuration. ${problem}`)
  await runHooks(ecs, service, current, 'PRE_SCALE_UP')
  await enter(moving, 'SCALE_UP')
  await until(moving, () => isWhole(moving))
  await enter(moving, 'POST_SCALE_UP')
  await runHooks(ecs, service, current, 'POST_SCALE_UP')
  await give(moving, 'test', 100)
  await enter(moving, 'POST_TEST_TRAFFIC_SHIFT')
  await runHooks(ecs, service, current, 'POST_TEST_TRAFFIC_SHIFT')
  for (const { percent, minutes } of stepsOf(configuration)) {
    // A stage of hooks only: no deployment is ever said to be in it.
    await runHooks(ecs, service, current, 'PRE_PRODUCTION_TRAFFIC_SHIFT')
    await give(moving, 'production', percent)
    await bake(moving, minutes * 60_000)
  }
  await enter(moving, 'POST_PRODUCTION_TRAFFIC_SHIFT')
  await runHooks(ecs, service, current, 'POST_PRODUCTION_TRAFFIC_SHIFT')
  await enter(moving, 'BAKE_TIME')
  await bake(moving, bakeOf(configuration, 0))
  shifting.stage = 'CLEAN_UP'
  ecs.changed(service)
}

/** All but what was completed last are gone before the new revision begins. */
async function reconcile(moving: Moving): Promise<void> {
  const { ecs, service, current } = moving
  await enter(moving, 'RECONCILE_SERVICE')
  await runHooks(ecs, service, current, 'RECONCILE_SERVICE', {
    production: weightsOf(moving, 0),
    test: weightsOf(moving, 0),
  })
  await weights(moving, 'test', 0)
  await weights(moving, 'production', 0)
  await until(moving, () => service.deployments.length <= 2)
}

/** Gives the new revision so much of the traffic, and tells the hooks. */
async function give(moving: Moving, kind: 'production' | 'test', percent: number): Promise<void> {
  const { ecs, service, current } = moving
  const stage = kind === 'test' ? 'TEST_TRAFFIC_SHIFT' : 'PRODUCTION_TRAFFIC_SHIFT'
  await enter(moving, stage)
  await weights(moving, kind, percent)
  await runHooks(ecs, service, current, stage, { [kind]: weightsOf(moving, percent) })
}

async function weights(
  { ecs, service, current, shifting }: Moving,
  kind: 'production' | 'test',
  percent: number,
): Promise<void> {
  try {
    await weigh(ecs, service, current.deployment, kind, percent)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new GoesBack(`${shifting.stage} lifecycle hook(s) failed. ${error.message}`)
  }
  leaveIfOver(current)
  shifting[kind] = percent
  current.updatedAt = ecs.world.date
}

function weightsOf({ current }: Moving, percent: number): Weights {
  const { deployment, sources } = current
  const others = sources.filter((source) => source !== deployment.revision)
  return Object.fromEntries([
    [deployment.revision.arn, percent],
    ...others.slice(0, 1).map(({ arn }): [string, number] => [arn, 100 - percent]),
  ])
}

/**
 * The stages of a deployment that goes back: traffic that the new revision has got is taken from it,
 * of which the hooks of these two stages are told; then its tasks are stopped.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 */
export async function shiftBack(
  ecs: EcsState,
  service: EcsService,
  current: ServiceDeployment,
): Promise<void> {
  const { shifting } = current
  if (shifting === undefined || shifting.isGoingBack) return
  shifting.isGoingBack = true
  const moving = { ecs, service, current, shifting }
  for (const kind of ['production', 'test'] as const) {
    if (shifting[kind] === 0) continue
    try {
      await give(moving, kind, 0)
    } catch (error) {
      if (error instanceof Left) return
      // It goes back already: what a hook says of that, or a load balancer, changes nothing.
      if (!(error instanceof GoesBack)) throw error
      shifting[kind] = 0
    }
  }
  shifting.stage = 'CLEAN_UP'
  ecs.changed(service)
}

/** A stage begins some seconds after the one before. @throws Left */
async function enter(
  { ecs, service, current, shifting }: Moving,
  stage: ServiceDeploymentLifecycleStage,
): Promise<void> {
  await ecs.world.sleep(duration(ecs.world, 'scheduling'), `ECS deployment ${stage}`)
  leaveIfOver(current)
  shifting.stage = stage
  current.updatedAt = ecs.world.date
  ecs.changed(service)
}

/** Nothing is watched where nothing runs. */
async function bake({ ecs, service, current }: Moving, milliseconds: number): Promise<void> {
  if (milliseconds === 0 || service.desired === 0) return
  await ecs.world.sleep(milliseconds, 'ECS deployment bakes')
  leaveIfOver(current)
}

function until({ ecs, current, shifting }: Moving, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = ecs.world.after(LONGEST_STAGE, 'ECS stage times out', () => {
      // The words are not recorded.
      end(() => reject(new GoesBack(`the lifecycle stage ${shifting.stage} timed out.`)))
    })
    const end = (then: () => void) => {
      delete shifting.look
      timer.cancel()
      then()
    }
    shifting.look = () => {
      if (current.status !== 'IN_PROGRESS') end(() => reject(new Left()))
      else if (holds()) end(resolve)
    }
    shifting.look()
  })
}

/** As many healthy tasks of the new revision as the service is to have. */
function isWhole({ service, current }: Moving): boolean {
  const own = [...service.tasks].filter(({ deployment }) => deployment === current.deployment)
  const well = own.filter(({ healthy, desiredStatus }) => healthy && desiredStatus === 'RUNNING')
  return well.length >= service.desired
}
