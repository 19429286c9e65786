import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import { DescribeInstanceStatusCommand, type EC2Client, type Instance } from '@aws-sdk/client-ec2'
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Member } from '../../../domain/sleep/resource.ts'
import { TAGS, tagsIn } from '../../../domain/tags.ts'
import { GROUP, instancesThere, THERE } from '../instances.ts'
import { lostAtStop, storesOfRunning } from './instance-store.ts'

/** A filter takes 200 values. */
const GROUPS_AT_ONCE = 200
/** `DescribeInstanceStatus` takes a hundred ids. */
const STATUSES_AT_ONCE = 100

/** The instances of these groups that are not terminated, by the group's name. */
export async function membersOf(
  ec2: EC2Client,
  groups: readonly AutoScalingGroup[],
): Promise<Map<string, Member[]>> {
  // What is in standby, or leaves, is somebody else's.
  const own = new Set(
    groups.flatMap(({ Instances = [] }) =>
      Instances.flatMap(({ InstanceId, LifecycleState = '' }) =>
        /^(InService|Pending)/.test(LifecycleState) ? [InstanceId] : [],
      ),
    ),
  )
  const names = groups.map(({ AutoScalingGroupName = '' }) => AutoScalingGroupName)
  const instances: Instance[] = []
  for (let start = 0; start < names.length; start += GROUPS_AT_ONCE) {
    const Values = names.slice(start, start + GROUPS_AT_ONCE)
    const all = await instancesThere(ec2, [{ Name: `tag:${GROUP}`, Values }])
    instances.push(...all.filter(({ InstanceId }) => own.has(InstanceId)))
  }
  const stores = await storesOfRunning(ec2, instances)
  const members = instances.map((one) => memberOf(one, stores))
  return new Map(
    names.map((name) => [
      name,
      members.flatMap(({ group, ...member }) => (group === name ? [member] : [])),
    ]),
  )
}

function memberOf(
  instance: Instance,
  stores: ReadonlySet<string>,
): Member & { group: string | undefined } {
  const { InstanceId: id = '', State, InstanceLifecycle } = instance
  const tags = tagsIn(instance.Tags)
  return {
    id,
    group: tags[GROUP],
    state: THERE.find((one) => one === State?.Name) ?? 'pending',
    isSpot: InstanceLifecycle === 'spot',
    losesData: lostAtStop(instance, stores) !== undefined,
    isTagged: TAGS.schedule in tags,
  }
}

/**
 * Whether what runs of a group would be healthy for it if its health checks went on: EC2's own
 * checks have passed, and, where it asks its load balancers, they send requests.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
 */
export async function areHealthy(
  { ec2, balancing }: { ec2: EC2Client; balancing: ElasticLoadBalancingV2Client },
  { HealthCheckType = '', TargetGroupARNs = [] }: AutoScalingGroup,
  members: readonly Member[],
): Promise<boolean> {
  const ids = members.map(({ id }) => id)
  for (let start = 0; start < ids.length; start += STATUSES_AT_ONCE) {
    const InstanceIds = ids.slice(start, start + STATUSES_AT_ONCE)
    const { InstanceStatuses = [] } = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds }),
    )
    const passed = InstanceStatuses.filter(
      ({ InstanceStatus, SystemStatus }) =>
        InstanceStatus?.Status === 'ok' && SystemStatus?.Status === 'ok',
    )
    if (passed.length < InstanceIds.length) return false
  }
  if (!HealthCheckType.includes('ELB')) return true
  for (const TargetGroupArn of TargetGroupARNs) {
    const { TargetHealthDescriptions = [] } = await balancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    )
    const healthy = TargetHealthDescriptions.flatMap(({ Target, TargetHealth }) =>
      TargetHealth?.State === 'healthy' ? [Target?.Id] : [],
    )
    if (!ids.every((id) => healthy.includes(id))) return false
  }
  return true
}
