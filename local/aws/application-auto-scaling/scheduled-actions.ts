import type {
  DeleteScheduledActionRequest,
  DescribeScheduledActionsRequest,
  PutScheduledActionRequest,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Expression, nextInstant, readExpression } from '../schedule/expression.ts'
import { isTimeZone } from '../schedule/time-zone.ts'
import { clampedTo, scale } from './desired.ts'
import { invalid, type Scheduled, scalingPage, type Targets } from './model.ts'

/**
 * Actions at a time: they give a target other bounds, and its count follows, also when somebody has
 * set it below them. Only the suspension of scheduled scaling keeps them from that.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */
export function scheduledActionOperations(targets: Targets) {
  return {
    PutScheduledAction: (input: PutScheduledActionRequest) => put(targets, input),
    DescribeScheduledActions: (input: DescribeScheduledActionsRequest) => {
      const { ServiceNamespace, ResourceId, ScheduledActionNames: names } = input
      const found = targets.scheduled.filter(
        ({ shape }) =>
          shape.ServiceNamespace === ServiceNamespace &&
          (ResourceId ?? shape.ResourceId) === shape.ResourceId &&
          (names?.includes(shape.ScheduledActionName ?? '') ?? true),
      )
      const { items, next } = scalingPage(found, input.NextToken, input.MaxResults)
      const more = next === undefined ? {} : { NextToken: next }
      return { ScheduledActions: items.map(({ shape }) => clone(shape)), ...more }
    },
    DeleteScheduledAction: (input: DeleteScheduledActionRequest) => {
      const action = find(targets, input)
      if (action === undefined) {
        const message = `No scheduled action found for service namespace: ${input.ServiceNamespace}, resource ID: ${input.ResourceId}, scheduled action name: ${input.ScheduledActionName}`
        throw new AwsError('ObjectNotFoundException', message)
      }
      forgetScheduled(targets, (one) => one === action)
      return {}
    },
  }
}

/** Takes these actions away. */
export function forgetScheduled(targets: Targets, isGone: (one: Scheduled) => boolean): void {
  for (const one of targets.scheduled.filter(isGone)) one.timer?.cancel()
  targets.scheduled = targets.scheduled.filter((one) => !isGone(one))
}

type Named = Pick<DeleteScheduledActionRequest, 'ScheduledActionName' | 'ResourceId'>

const find = ({ scheduled }: Targets, { ScheduledActionName, ResourceId }: Named) =>
  scheduled.find(
    ({ shape }) =>
      shape.ScheduledActionName === ScheduledActionName && shape.ResourceId === ResourceId,
  )

function put(targets: Targets, input: PutScheduledActionRequest) {
  onlyMembers('application-auto-scaling:PutScheduledAction', input, [
    ...['ResourceId', 'ScalableDimension', 'ScalableTargetAction', 'Schedule'],
    ...['ScheduledActionName', 'ServiceNamespace', 'Timezone', 'StartTime', 'EndTime'],
  ])
  targets.target(input)
  const known = find(targets, input)
  const shape = { ...known?.shape, ...input } as ScheduledAction
  const { Schedule = '', Timezone = 'UTC', ScalableTargetAction: bounds } = shape
  const expression = readExpression(Schedule)
  if (expression === undefined) throw invalid(`The schedule ${Schedule} is not valid.`)
  if (!isTimeZone(Timezone)) throw invalid(`The time zone ${Timezone} is not valid.`)
  const { MinCapacity: least, MaxCapacity: most } = bounds ?? {}
  if (least === undefined && most === undefined) {
    throw invalid('A scheduled action needs a minimum or a maximum capacity.')
  }
  const action = known ?? made(targets, shape)
  action.shape = { ...shape, ...identity(action.shape) }
  arm(targets, action, expression)
  return {}
}

function made(targets: Targets, shape: ScheduledAction): Scheduled {
  const { aws } = targets
  const { ServiceNamespace, ResourceId, ScheduledActionName } = shape
  const id = aws.world.random.uuid('scaling/scheduled')
  const of = `scheduledAction:${id}:resource/${ServiceNamespace}/${ResourceId}:scheduledActionName/${ScheduledActionName}`
  const ScheduledActionARN = aws.arn('autoscaling', of)
  const action = { shape: { ...shape, ScheduledActionARN, CreationTime: aws.world.date } }
  targets.scheduled.push(action)
  return action
}

const identity = ({ ScheduledActionARN, CreationTime }: ScheduledAction) => ({
  ScheduledActionARN,
  CreationTime,
})

/** The next time within its start and its end. */
function arm(targets: Targets, action: Scheduled, expression: Expression): void {
  const { world } = targets.aws
  const { StartTime, EndTime, Timezone: zone = 'UTC', ScheduledActionName } = action.shape
  action.timer?.cancel()
  const since = StartTime?.getTime() ?? world.now
  const due = nextInstant(expression, Math.max(world.now, since - 1), { since, zone })
  if (due === undefined || due > (EndTime?.getTime() ?? due)) return
  action.timer = world.at(due, `Scheduled action ${ScheduledActionName}`, async () => {
    arm(targets, action, expression)
    await act(targets, action)
  })
}

async function act(targets: Targets, { shape }: Scheduled): Promise<void> {
  const target = targets.targets.get(shape.ResourceId ?? '')
  if (target === undefined || target.shape.SuspendedState?.ScheduledScalingSuspended) return
  const { MinCapacity, MaxCapacity } = shape.ScalableTargetAction ?? {}
  if (MinCapacity !== undefined) target.shape.MinCapacity = MinCapacity
  if (MaxCapacity !== undefined) target.shape.MaxCapacity = MaxCapacity
  const scaled = scale(targets, target)
  if (scaled === undefined) return
  const within = clampedTo(scaled.desired, scaled)
  if (within !== scaled.desired) await scaled.set(within)
}
