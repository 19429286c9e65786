import type { Reservation } from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { emitScaling } from './events.ts'
import { proceed, waitFor } from './hooks.ts'
import { AUTO_SCALING, type Group, type Groups, isLeaving, type Member } from './model.ts'

/** Milliseconds from a change of a group until it is acted on; AWS promises none of these. */
const [SOONEST, LATEST] = [2_000, 12_000]
/** A launch that EC2 refuses is tried again. */
const AGAIN_MILLISECONDS = 60_000
/** "EC2 status checks … every minute": how long a stopped instance goes unseen. */
const [CHECK_SOONEST, CHECK_LATEST] = [5_000, 60_000]

/** Looks at a group soon: launches what is missing, takes away what is too many. */
export function reconcileSoon(groups: Groups, group: Group, after?: number): void {
  if (group.pass !== undefined) return
  const { world } = groups.aws
  const wait = after ?? Math.round(world.random.between('auto-scaling/pass', SOONEST, LATEST))
  group.pass = world.after(wait, `Auto Scaling looks at ${group.name}`, async () => {
    const isRefused = await reconcile(groups, group)
    delete group.pass
    if (isRefused) reconcileSoon(groups, group, AGAIN_MILLISECONDS)
  })
}

/** @returns whether EC2 refused a launch. */
async function reconcile(groups: Groups, group: Group): Promise<boolean> {
  const has = () => [...group.members.values()].filter((member) => !isLeaving(member))
  if (!group.suspended.has('Terminate')) {
    if (!group.suspended.has('ReplaceUnhealthy')) {
      for (const member of has()) {
        if (!member.isHealthy) await takeAway(groups, group, member, 'an EC2 health check')
      }
    }
    for (;;) {
      const chosen = has().length > group.desired ? leaver(has()) : undefined
      if (chosen === undefined) break
      await takeAway(groups, group, chosen, 'a difference between desired and actual capacity')
    }
  }
  while (!group.suspended.has('Launch') && !group.isDeleted && has().length < group.desired) {
    if (!(await launch(groups, group))) return true
  }
  return false
}

/**
 * The default termination policy, as far as it matters here: in the zone with most instances, the
 * oldest.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
function leaver(members: readonly Member[]): Member | undefined {
  const inZone = (zone: string) => members.filter((member) => member.zone === zone).length
  return members
    .filter(({ isProtected }) => !isProtected)
    .toSorted((a, b) => inZone(b.zone) - inZone(a.zone) || a.since.getTime() - b.since.getTime())[0]
}

/** Launches one instance in the subnet with fewest. @returns whether EC2 did. */
async function launch(groups: Groups, group: Group): Promise<boolean> {
  const { aws } = groups
  const has = (subnet: string) =>
    [...group.members.values()].filter((one) => one.subnet === subnet).length
  const [subnet = ''] = group.subnets.toSorted((a, b) => has(a) - has(b))
  const propagated = [...group.tags].filter(([, { propagates }]) => propagates)
  const Tags = [
    ...propagated.map(([Key, { value: Value }]) => ({ Key, Value })),
    { Key: 'aws:autoscaling:groupName', Value: group.name },
  ]
  const cause = `At ${aws.world.date.toISOString()} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${group.members.size} to ${group.members.size + 1}.`
  const about = { subnet, zone: '', cause, since: aws.world.date }
  try {
    const { Instances: [made] = [] } = await aws.call<Reservation>(
      'ec2',
      'RunInstances',
      {
        LaunchTemplate: group.template,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      },
      AUTO_SCALING,
    )
    const id = made?.InstanceId ?? ''
    group.members.set(id, {
      ...about,
      id,
      type: made?.InstanceType ?? '',
      zone: made?.Placement?.AvailabilityZone ?? '',
      template: group.template,
      state: 'Pending',
      isHealthy: true,
      isProtected: group.protects,
      waits: [],
    })
    return true
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    emitScaling(groups, group, 'launch', { ...about, id: '', failure: error.message })
    return false
  }
}

/** Ends an instance of the group, after its hooks. */
export async function takeAway(
  groups: Groups,
  group: Group,
  member: Member,
  why: string,
): Promise<void> {
  const { aws } = groups
  member.cause = `At ${aws.world.date.toISOString()} an instance was taken out of service in response to ${why}.`
  for (const { timer } of member.waits) timer.cancel()
  member.waits = []
  const wasIn = member.state === 'InService'
  member.state = 'Terminating'
  if (wasIn && waitFor(groups, group, member, 'terminate')) return
  await end(groups, member)
}

async function end({ aws }: Groups, member: Member): Promise<void> {
  member.state = 'Terminating:Proceed'
  await aws.call('ec2', 'TerminateInstances', { InstanceIds: [member.id] }, AUTO_SCALING)
}

/** All hooks of a member are complete. */
export async function completed(
  groups: Groups,
  group: Group,
  member: Member,
  isAbandoned: boolean,
) {
  if (isLeaving(member)) return end(groups, member)
  if (isAbandoned) {
    emitScaling(groups, group, 'launch', {
      ...member,
      failure:
        "Instance failed to complete user's Lifecycle Action: Lifecycle Action was abandoned",
    })
    await takeAway(groups, group, member, 'an abandoned lifecycle action')
    return reconcileSoon(groups, group)
  }
  proceed(member)
  enterService(groups, group, member)
}

function enterService(groups: Groups, group: Group, member: Member): void {
  member.state = 'InService'
  emitScaling(groups, group, 'launch', member)
  reconcileSoon(groups, group)
}

/** EC2 tells of an instance's state. */
export function instanceChanged(groups: Groups, id: string, state: string): void {
  const found = groups.ofInstance(id)
  if (found === undefined) return
  const { group, member } = found
  if (state === 'running' && member.state === 'Pending') {
    if (!waitFor(groups, group, member, 'launch')) enterService(groups, group, member)
  } else if (state === 'terminated' && isLeaving(member)) {
    group.members.delete(id)
    emitScaling(groups, group, 'terminate', member)
    if (group.isDeleted && group.members.size === 0) groups.groups.delete(group.name)
    reconcileSoon(groups, group)
  } else if (state !== 'running' && state !== 'pending' && !isLeaving(member)) {
    checkLater(groups, group, id)
  }
}

/**
 * A health check finds an instance that does not run, unless checks are suspended. It stays
 * unhealthy then, whatever becomes of it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
 */
export function checkLater(groups: Groups, group: Group, id: string): void {
  const { world } = groups.aws
  const wait = Math.round(world.random.between('auto-scaling/check', CHECK_SOONEST, CHECK_LATEST))
  world.after(wait, `Auto Scaling checks ${id}`, async () => {
    const member = group.members.get(id)
    if (member === undefined || isLeaving(member) || group.suspended.has('HealthCheck')) return
    if (await isRunning(groups, id)) return
    member.isHealthy = false
    reconcileSoon(groups, group)
  })
}

async function isRunning({ aws }: Groups, id: string): Promise<boolean> {
  const Filters = [
    { Name: 'instance-id', Values: [id] },
    { Name: 'instance-state-name', Values: ['pending', 'running'] },
  ]
  const { Reservations = [] } = await aws.call<{ Reservations?: unknown[] }>(
    'ec2',
    'DescribeInstances',
    { Filters },
    AUTO_SCALING,
  )
  return Reservations.length > 0
}
