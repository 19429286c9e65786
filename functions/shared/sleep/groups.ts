import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { choiceOf, groupRefusal, isHeld, phaseOf } from '../../../domain/sleep/groups.ts'
import type { Member, Seen } from '../../../domain/sleep/resource.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../../domain/tags.ts'
import { areHealthy, membersOf } from './members.ts'
import { commonOf, unreadOrder } from './tags.ts'

/** Set by ECS on a group whose size a capacity provider manages. */
const MANAGED = 'AmazonECSManaged'

export type GroupSources = {
  groups: AutoScalingClient
  ec2: EC2Client
  balancing: ElasticLoadBalancingV2Client
}

/**
 * The Auto Scaling groups that carry a schedule. The tagging API does not list groups.
 *
 * @param kept of what is being woken the instances are asked for their health; what sleeps goes on
 *   in the way in which it was put to sleep, whatever its tag says since.
 * @param named this one alone, also without a schedule; none where there is none of this name.
 */
export async function seeGroups(
  sources: GroupSources,
  environment: string,
  kept: ReadonlyMap<string, Sleeper>,
  named?: string,
): Promise<Seen[]> {
  const groups = await groupsWith(sources.groups, environment, named)
  const stopped = groups.filter((group) => isStopped(group, kept.get(idOf(group))))
  const members = stopped.length === 0 ? undefined : await membersOf(sources.ec2, stopped)
  const seen: Seen[] = []
  for (const group of groups) {
    const own = kept.get(idOf(group))
    const instances = members?.get(group.AutoScalingGroupName ?? '')
    if (!stopped.includes(group) || instances === undefined) {
      seen.push(groupOf(group, own))
      continue
    }
    const isWaking = own?.moving?.to === 'awake'
    const run = isWaking && instances.every(({ state }) => state === 'running')
    const isHealthy = !run || (await areHealthy(sources, group, instances))
    seen.push(heldOf(groupOf(group, own, instances), group, { instances, isWaking, isHealthy }))
  }
  return seen
}

/** Whether its instances are stopped, and not ended, when it sleeps. */
const isStopped = ({ Tags }: AutoScalingGroup, kept: Sleeper | undefined): boolean =>
  kept?.captured === undefined
    ? choiceOf(tagsIn(Tags)[TAGS.instances]) === 'stopped'
    : kept.captured.processes !== undefined

/** A group that was asked for by its name is another environment's now. */
export class OfAnother extends Error {
  override readonly name = 'OfAnother'
}

/** @throws OfAnother for one that is named. */
async function groupsWith(
  scaling: AutoScalingClient,
  environment: string,
  named: string | undefined,
): Promise<AutoScalingGroup[]> {
  const found: AutoScalingGroup[] = []
  let NextToken: string | undefined
  do {
    const page = await scaling.send(
      new DescribeAutoScalingGroupsCommand({
        ...(named === undefined
          ? { Filters: [{ Name: 'tag-key', Values: [TAGS.schedule] }] }
          : { AutoScalingGroupNames: [named] }),
        MaxRecords: 100,
        ...(NextToken && { NextToken }),
      }),
    )
    for (const group of page.AutoScalingGroups ?? []) {
      if (isOfEnvironment(tagsIn(group.Tags), environment)) found.push(group)
      else if (named !== undefined) throw new OfAnother(`${named} is another environment's`)
    }
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

const idOf = ({ AutoScalingGroupName: name = '' }: AutoScalingGroup): string => `group/${name}`

/** Those that a warm pool holds back are not its own yet. */
const instancesOf = ({ Instances = [] }: AutoScalingGroup) =>
  Instances.filter(({ LifecycleState = '' }) => !LifecycleState.startsWith('Warmed:'))

/** What its instances are, where they are all of one type. */
function runsOf(group: AutoScalingGroup): Seen['runs'] {
  const types = [...new Set(instancesOf(group).map(({ InstanceType }) => InstanceType))]
  const [type] = types
  return types.length === 1 && type !== undefined ? { of: 'instance', type } : undefined
}

/** Without an instance it is down; with as many in service as it is to have, up. Whatever it carries. */
export function groupOf(
  group: AutoScalingGroup,
  kept: Sleeper | undefined,
  members: readonly Member[] = [],
): Seen {
  const { DesiredCapacity: desired = 0, MinSize: min = 0, MaxSize: max = 0 } = group
  const tags = tagsIn(group.Tags)
  const instances = instancesOf(group)
  const serving = instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length
  const phase =
    desired === 0
      ? instances.length > 0
        ? 'falling'
        : 'down'
      : serving >= desired
        ? 'up'
        : 'rising'
  const refusal = groupRefusal({
    instances: tags[TAGS.instances],
    isManaged: MANAGED in tags,
    warmPool: group.WarmPoolConfiguration?.PoolState,
    members,
  })
  return {
    id: idOf(group),
    kind: 'group',
    name: group.AutoScalingGroupName ?? '',
    ...commonOf(tags),
    phase,
    // What Caretaker has put to sleep it wakes, whatever has become of it.
    refuses: kept?.captured === undefined ? (unreadOrder(tags) ?? refusal) : undefined,
    runs: runsOf(group),
    // A minimum of none, and none wanted: nothing brings it up again.
    size: { desired, bounds: { min, max, suspended: min === 0 && desired === 0 } },
  }
}

type Held = { instances: readonly Member[]; isWaking: boolean; isHealthy: boolean }

/** One whose instances are stopped keeps its size; what it does by itself is suspended meanwhile. */
function heldOf(seen: Seen, group: AutoScalingGroup, { instances, ...how }: Held): Seen {
  const processes = (group.SuspendedProcesses ?? [])
    .map(({ ProcessName = '' }) => ProcessName)
    .toSorted()
  return {
    ...seen,
    members: instances,
    size: { desired: group.DesiredCapacity ?? 0, processes },
    ...(isHeld(processes) && { phase: phaseOf(instances, how) }),
  }
}
