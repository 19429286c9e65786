import type {
  DeregisterScalableTargetRequest,
  DescribeScalableTargetsRequest,
  RegisterScalableTargetRequest,
} from '@aws-sdk/client-application-auto-scaling'
import { clone } from '../clone.ts'
import { Ecs } from '../ecs/ecs.ts'
import { onlyMembers } from '../members.ts'
import { clampedTo, ecsOf, scale } from './desired.ts'
import { invalid, keyOf, scalingPage, type Target, type Targets } from './model.ts'
import { forgetScheduled } from './scheduled-actions.ts'

/** From a change of the bounds until the desired count follows. AWS promises nothing. */
const [SOONEST_MILLISECONDS, LATEST_MILLISECONDS] = [5_000, 20_000]

/** Registering what may be scaled, and between which bounds. */
export function targetOperations(targets: Targets) {
  return {
    RegisterScalableTarget: (input: RegisterScalableTargetRequest) => register(targets, input),
    DescribeScalableTargets: (input: DescribeScalableTargetsRequest) => {
      const { ServiceNamespace, ScalableDimension, ResourceIds: ids } = input
      const found = [...targets.targets.values()].filter(
        ({ shape }) =>
          shape.ServiceNamespace === ServiceNamespace &&
          (ScalableDimension ?? shape.ScalableDimension) === shape.ScalableDimension &&
          (ids?.includes(shape.ResourceId ?? '') ?? true),
      )
      const { items, next } = scalingPage(found, input.NextToken, input.MaxResults)
      const more = next === undefined ? {} : { NextToken: next }
      return { ScalableTargets: items.map(({ shape }) => clone(shape)), ...more }
    },
    DeregisterScalableTarget: (input: DeregisterScalableTargetRequest) => {
      const { shape } = targets.target(input)
      targets.targets.delete(keyOf(input))
      forgetScheduled(targets, (one) => one.shape.ResourceId === shape.ResourceId)
      targets.policies = targets.policies.filter(
        ({ ResourceId }) => ResourceId !== shape.ResourceId,
      )
      return {}
    },
  }
}

/** Again for what is registered, it changes only what is given. */
function register(targets: Targets, input: RegisterScalableTargetRequest) {
  onlyMembers('application-auto-scaling:RegisterScalableTarget', input, [
    ...['MaxCapacity', 'MinCapacity', 'ResourceId', 'RoleARN', 'ScalableDimension'],
    ...['ServiceNamespace', 'SuspendedState', 'Tags'],
  ])
  const key = keyOf(input)
  const known = targets.targets.get(key)
  const least = input.MinCapacity ?? known?.shape.MinCapacity
  const most = input.MaxCapacity ?? known?.shape.MaxCapacity
  if (least === undefined || most === undefined) {
    throw invalid('A scalable target needs a minimum and a maximum capacity.')
  }
  if (least > most) throw invalid('Maximum capacity cannot be less than minimum capacity.')
  if (ecsOf(targets.aws.find(Ecs), key).desired === undefined)
    throw invalid(`ECS service doesn't exist: ${key}`)
  const target = known ?? made(targets, input)
  const { shape } = target
  Object.assign(shape, { MinCapacity: least, MaxCapacity: most })
  shape.SuspendedState = { ...shape.SuspendedState, ...input.SuspendedState }
  targets.targets.set(key, target)
  const { world } = targets.aws
  const time = world.random.between('scaling/bounds', SOONEST_MILLISECONDS, LATEST_MILLISECONDS)
  world.after(Math.round(time), `Bounds of ${key}`, () => keepWithin(targets, target))
  return { ScalableTargetARN: target.arn }
}

function made({ aws }: Targets, input: RegisterScalableTargetRequest): Target {
  const id = aws.world.random.hex('scaling/target', 32)
  const arn = aws.arn('application-autoscaling', `scalable-target/${id}`)
  const { ServiceNamespace, ResourceId, ScalableDimension } = input
  const role =
    'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService'
  return {
    arn,
    shape: {
      ...{ ServiceNamespace, ResourceId, ScalableDimension },
      ...{ MinCapacity: undefined, MaxCapacity: undefined },
      RoleARN: input.RoleARN ?? `arn:aws:iam::${aws.account}:role/${role}`,
      CreationTime: aws.world.date,
      ScalableTargetARN: arn,
      SuspendedState: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
    },
    tags: { ...input.Tags },
  }
}

/**
 * New bounds move a desired count that is outside of them, unless that is suspended. A desired
 * count that is set outside of them later stays until an alarm of a policy is red.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
async function keepWithin(targets: Targets, target: Target): Promise<void> {
  const { ResourceId: key = '', SuspendedState } = target.shape
  const scaled = scale(targets, target)
  if (scaled === undefined || !targets.targets.has(key)) return
  const within = clampedTo(scaled.desired, scaled)
  const isSuspended =
    within > scaled.desired
      ? SuspendedState?.DynamicScalingOutSuspended
      : SuspendedState?.DynamicScalingInSuspended
  if (within !== scaled.desired && !isSuspended) await scaled.set(within)
}
