import type { ScalingPolicy, StepAdjustment } from '@aws-sdk/client-application-auto-scaling'
import { clampedTo, type Scaled, scale } from './desired.ts'
import type { Target, Targets } from './model.ts'

/** What an alarm saw: the metric, and the threshold it compared it with. */
export type Seen = { value: number; threshold: number }

/** Target tracking counts the metric as low from a tenth below its target. */
const LOW = 0.9

/** ECS's default, in seconds. API_TargetTrackingScalingPolicyConfiguration */
const COOLDOWN_SECONDS = 300

/**
 * What a policy does when its alarm is red: it asks for another desired count, within the bounds.
 *
 * A count below the minimum is first brought up to it by whatever scales out, and left alone by what
 * scales in; above the maximum it is the other way round. That is also how a service that somebody
 * has set to zero comes back.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export async function carryOut(targets: Targets, policy: ScalingPolicy, seen: Seen): Promise<void> {
  const target = targets.targets.get(policy.ResourceId ?? '')
  const scaled = target && scale(targets, target)
  if (target === undefined || scaled === undefined) return
  const asked =
    policy.PolicyType === 'TargetTrackingScaling'
      ? tracked(policy, scaled.desired, seen.value)
      : stepped(policy, scaled.desired, seen)
  if (asked === undefined) return
  const out = asked.out
  const wanted = within(scaled, asked)
  if (wanted === undefined || isSuspended(target, out) || rests(targets, policy, out)) return
  target.scaledAt = { ...target.scaledAt, [out ? 'out' : 'in']: targets.aws.world.now }
  await scaled.set(wanted)
}

/** How many tasks a policy asks for, and whether it scales out. */
type Asked = { count: number; out: boolean }

function tracked(
  { TargetTrackingScalingPolicyConfiguration: given }: ScalingPolicy,
  desired: number,
  value: number,
): Asked | undefined {
  const goal = given?.TargetValue ?? 0
  const count = Math.ceil((desired * value) / goal)
  if (value > goal) return { count, out: true }
  if (value >= goal * LOW || given?.DisableScaleIn) return undefined
  return { count, out: false }
}

/** https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html */
function stepped(
  { StepScalingPolicyConfiguration: given }: ScalingPolicy,
  desired: number,
  { value, threshold }: Seen,
): Asked | undefined {
  const above = value - threshold
  const step = given?.StepAdjustments?.find((one) => covers(one, above))
  const by = step?.ScalingAdjustment
  if (by === undefined) return undefined
  if (given?.AdjustmentType === 'ExactCapacity') return { count: by, out: by > desired }
  if (given?.AdjustmentType !== 'PercentChangeInCapacity')
    return { count: desired + by, out: by > 0 }
  const least = given.MinAdjustmentMagnitude ?? 1
  const change = Math.max(Math.floor(Math.abs((desired * by) / 100)), least)
  return { count: desired + Math.sign(by) * change, out: by > 0 }
}

/** From its lower bound to below its upper one; under the threshold the other way round. */
function covers(step: StepAdjustment, above: number): boolean {
  const { MetricIntervalLowerBound: low, MetricIntervalUpperBound: high } = step
  const [from, to] = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY]
  return above >= 0 ? above >= from && above < to : above > from && above <= to
}

/** @returns undefined when the bounds leave nothing to do. */
function within({ desired, least, most }: Scaled, { count, out }: Asked): number | undefined {
  const wanted = clampedTo(count, { least, most })
  const isChange = out ? wanted > desired : wanted < desired
  return isChange ? wanted : undefined
}

function isSuspended({ shape: { SuspendedState } }: Target, out: boolean): boolean {
  return (
    (out
      ? SuspendedState?.DynamicScalingOutSuspended
      : SuspendedState?.DynamicScalingInSuspended) ?? false
  )
}

/** After an activity the next one in the same direction waits. */
function rests({ aws, targets }: Targets, policy: ScalingPolicy, out: boolean): boolean {
  const tracking = policy.TargetTrackingScalingPolicyConfiguration
  const cooldown = out ? tracking?.ScaleOutCooldown : tracking?.ScaleInCooldown
  const seconds =
    (tracking ? cooldown : policy.StepScalingPolicyConfiguration?.Cooldown) ?? COOLDOWN_SECONDS
  const last = targets.get(policy.ResourceId ?? '')?.scaledAt?.[out ? 'out' : 'in']
  return last !== undefined && aws.world.now < last + seconds * 1000
}
