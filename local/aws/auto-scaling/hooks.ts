import type {
  CompleteLifecycleActionType,
  DeleteLifecycleHookType,
  DescribeLifecycleHooksType,
  PutLifecycleHookType,
  RecordLifecycleActionHeartbeatType,
} from '@aws-sdk/client-auto-scaling'
import { onlyMembers } from '../members.ts'
import { emitAction } from './events.ts'
import { type Group, type Groups, invalid, isLeaving, type Member } from './model.ts'

const TRANSITIONS = {
  launch: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  terminate: 'autoscaling:EC2_INSTANCE_TERMINATING',
} as const

/** The longest a hook keeps an instance, however often it is extended: 48 h, or 100 timeouts. */
const longest = (timeoutSeconds: number): number => Math.min(172_800, 100 * timeoutSeconds)

type Completed = (group: Group, member: Member, isAbandoned: boolean) => Promise<void>

const waiters = new WeakMap<Groups, Completed>()

/** Who goes on with an instance when all its hooks are complete. */
export function onCompleted(groups: Groups, completed: Completed): void {
  waiters.set(groups, completed)
}

/**
 * Puts an instance into its wait state if the group has hooks for this.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
 *
 * @returns whether it waits.
 */
export function waitFor(
  groups: Groups,
  group: Group,
  member: Member,
  way: 'launch' | 'terminate',
): boolean {
  const { world } = groups.aws
  const hooks = [...group.hooks.values()].filter(
    (hook) => hook.LifecycleTransition === TRANSITIONS[way],
  )
  member.waits = hooks.map((hook) => {
    const { LifecycleHookName: name = '', HeartbeatTimeout: seconds } = hook
    const token = world.random.uuid('auto-scaling/token')
    emitAction(groups, group, way, {
      id: member.id,
      token,
      hook: name,
      metadata: hook.NotificationMetadata,
    })
    const until = world.now + seconds * 1000
    const timer = timeout(groups, group, member, { hook: name, until })
    return { hook: name, token, until, latest: world.now + longest(seconds) * 1000, timer }
  })
  if (hooks.length > 0) member.state = way === 'launch' ? 'Pending:Wait' : 'Terminating:Wait'
  return hooks.length > 0
}

export function proceed(member: Member): void {
  member.state = isLeaving(member) ? 'Terminating:Proceed' : 'Pending:Proceed'
}

function timeout(
  groups: Groups,
  group: Group,
  member: Member,
  { hook, until }: { hook: string; until: number },
) {
  return groups.aws.world.at(until, `Auto Scaling: hook ${hook} of ${member.id} times out`, () => {
    const result = group.hooks.get(hook)?.DefaultResult ?? 'ABANDON'
    return complete(groups, group, member, hook, result)
  })
}

/** Abandoning a launch ends the wait for the other hooks too. */
async function complete(
  groups: Groups,
  group: Group,
  member: Member,
  hook: string,
  result: string,
): Promise<void> {
  const wait = member.waits.find((one) => one.hook === hook)
  if (wait === undefined) return
  wait.timer.cancel()
  member.waits = member.waits.filter((one) => one !== wait)
  const isAbandoned = result === 'ABANDON'
  if (member.waits.length > 0 && !(isAbandoned && !isLeaving(member))) return
  for (const { timer } of member.waits) timer.cancel()
  member.waits = []
  await waiters.get(groups)?.(group, member, isAbandoned)
}

export function hookOperations(groups: Groups) {
  return {
    PutLifecycleHook: (input: PutLifecycleHookType) => {
      onlyMembers('auto-scaling:PutLifecycleHook', input, [
        ...['AutoScalingGroupName', 'DefaultResult', 'HeartbeatTimeout', 'LifecycleHookName'],
        ...['LifecycleTransition', 'NotificationMetadata'],
      ])
      const { hooks } = groups.group(input.AutoScalingGroupName)
      const { LifecycleHookName: name = '' } = input
      const before = hooks.get(name)
      const transition = input.LifecycleTransition ?? before?.LifecycleTransition
      if (transition === undefined) throw invalid('LifecycleTransition is required.')
      const seconds = input.HeartbeatTimeout ?? before?.HeartbeatTimeout ?? 3600
      hooks.set(name, {
        ...before,
        ...input,
        LifecycleTransition: transition,
        HeartbeatTimeout: seconds,
        DefaultResult: input.DefaultResult ?? before?.DefaultResult ?? 'ABANDON',
        GlobalTimeout: longest(seconds),
      })
      return {}
    },
    DescribeLifecycleHooks: ({
      AutoScalingGroupName,
      LifecycleHookNames: names,
    }: DescribeLifecycleHooksType) => {
      const all = [...groups.group(AutoScalingGroupName).hooks.values()]
      const asked = all.filter(
        ({ LifecycleHookName = '' }) => names?.includes(LifecycleHookName) ?? true,
      )
      return { LifecycleHooks: asked.map((hook) => ({ ...hook })) }
    },
    DeleteLifecycleHook: ({
      AutoScalingGroupName,
      LifecycleHookName = '',
    }: DeleteLifecycleHookType) => {
      const { hooks } = groups.group(AutoScalingGroupName)
      if (!hooks.delete(LifecycleHookName))
        throw invalid(`No Lifecycle Hook found with name ${LifecycleHookName}`)
      return {}
    },
    CompleteLifecycleAction: async (input: CompleteLifecycleActionType) => {
      const { group, member, wait } = action(groups, input)
      await complete(groups, group, member, wait.hook, input.LifecycleActionResult ?? '')
      return {}
    },
    RecordLifecycleActionHeartbeat: (input: RecordLifecycleActionHeartbeatType) => {
      const { group, member, wait } = action(groups, input)
      const { world } = groups.aws
      const seconds = group.hooks.get(wait.hook)?.HeartbeatTimeout ?? 0
      wait.timer.cancel()
      wait.until = Math.min(world.now + seconds * 1000, wait.latest)
      wait.timer = timeout(groups, group, member, wait)
      return {}
    },
  }
}

/** The wait that a call names, by its token or by its instance. */
function action(groups: Groups, input: RecordLifecycleActionHeartbeatType) {
  const group = groups.group(input.AutoScalingGroupName)
  for (const member of group.members.values()) {
    const wait = member.waits.find(
      ({ hook, token }) =>
        hook === input.LifecycleHookName &&
        (input.LifecycleActionToken === token || input.InstanceId === member.id),
    )
    if (wait !== undefined) return { group, member, wait }
  }
  throw invalid(
    input.LifecycleActionToken === undefined
      ? `No active Lifecycle Action found with instance ID ${input.InstanceId}`
      : `No active Lifecycle Action found with token ${input.LifecycleActionToken}`,
  )
}
