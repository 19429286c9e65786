import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../../domain/tags.ts'
import { commonOf } from './tags.ts'

/** Set by ECS on a group whose size a capacity provider manages. */
const MANAGED = 'AmazonECSManaged'

/** The Auto Scaling groups that carry a schedule. The tagging API does not list groups. */
export async function seeGroups(scaling: AutoScalingClient, environment: string): Promise<Seen[]> {
  const seen: Seen[] = []
  let NextToken: string | undefined
  do {
    const page = await scaling.send(
      new DescribeAutoScalingGroupsCommand({
        Filters: [{ Name: 'tag-key', Values: [TAGS.schedule] }],
        MaxRecords: 100,
        ...(NextToken && { NextToken }),
      }),
    )
    for (const group of page.AutoScalingGroups ?? []) {
      const tags = tagsIn(group.Tags)
      if (isOfEnvironment(tags, environment)) seen.push(groupOf(group, tags))
    }
    NextToken = page.NextToken
  } while (NextToken)
  return seen
}

/** What its instances are, where they are all of one type. */
function runsOf({ Instances = [] }: AutoScalingGroup): Seen['runs'] {
  const types = [...new Set(Instances.map(({ InstanceType }) => InstanceType))]
  const [type] = types
  return types.length === 1 && type !== undefined ? { of: 'instance', type } : undefined
}

/** Without an instance it is down; with as many in service as it is to have, up. */
function groupOf(group: AutoScalingGroup, tags: Record<string, string>): Seen {
  const { AutoScalingGroupName: name = '', Instances = [] } = group
  const { DesiredCapacity: desired = 0, MinSize: min = 0, MaxSize: max = 0 } = group
  const serving = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length
  const phase =
    desired === 0
      ? Instances.length > 0
        ? 'falling'
        : 'down'
      : serving >= desired
        ? 'up'
        : 'rising'
  return {
    id: `group/${name}`,
    kind: 'group',
    name,
    ...commonOf(tags),
    phase,
    refuses:
      MANAGED in tags ? 'a capacity provider of ECS decides how many instances it has' : undefined,
    runs: runsOf(group),
    // A minimum of none, and none wanted: nothing brings it up again.
    size: { desired, bounds: { min, max, suspended: min === 0 && desired === 0 } },
  }
}
