import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { everyPage, inChunks, nameOf, type Reader } from './reader.ts'

const AT_ONCE = 100

/** EC2 Auto Scaling groups, which the Tagging API does not list. */
export function groupReader(scaling: AutoScalingClient): Reader {
  const described = (names?: string[]) =>
    everyPage(async (NextToken) => {
      const page = await scaling.send(
        new DescribeAutoScalingGroupsCommand({
          MaxRecords: AT_ONCE,
          NextToken,
          ...(names && { AutoScalingGroupNames: names }),
        }),
      )
      return { items: (page.AutoScalingGroups ?? []).map(groupOf), next: page.NextToken }
    })
  return {
    type: 'autoscaling:group',
    list: () => described(),
    read: (named) => inChunks(named.map(nameOf), AT_ONCE, described),
  }
}

function groupOf(group: AutoScalingGroup): Resource {
  const { AutoScalingGroupName: name = '', AutoScalingGroupARN: arn = '' } = group
  return {
    id: `group/${name}`,
    arn,
    type: 'autoscaling:group',
    name,
    tags: tagsIn(group.Tags),
    createdAt: group.CreatedTime,
    subnets: (group.VPCZoneIdentifier ?? '').split(',').filter(Boolean),
    runs: (group.DesiredCapacity ?? 0) > 0,
    cannotStop: 'at zero it deletes its instances, and their disks with them',
  }
}
