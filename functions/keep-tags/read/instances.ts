import {
  DescribeInstancesCommand,
  type EC2Client,
  type Filter,
  type Instance,
} from '@aws-sdk/client-ec2'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { everyPage, inChunks, nameOf, type Reader } from './reader.ts'

/** Terminated ones are listed for an hour, and are gone. */
const THERE = ['pending', 'running', 'stopping', 'stopped']
const GROUP = 'aws:autoscaling:groupName'
const NAME = 'Name'
/** Values of one filter. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const VALUES = 200

type Place = { region: string; account: string; partition: string }

/** EC2 instances: one that is not there fails a call that names it, and not one that filters by it. */
export function instanceReader(ec2: EC2Client, place: Place): Reader {
  const described = (filters: Filter[]) =>
    everyPage(async (NextToken) => {
      const page = await ec2.send(
        new DescribeInstancesCommand({
          Filters: [{ Name: 'instance-state-name', Values: THERE }, ...filters],
          MaxResults: 1000,
          NextToken,
        }),
      )
      const instances = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)
      return { items: instances.map((one) => resourceOf(one, place)), next: page.NextToken }
    })
  return {
    type: 'ec2:instance',
    list: () => described([]),
    read: (named) =>
      inChunks(named.map(nameOf), VALUES, (ids) =>
        described([{ Name: 'instance-id', Values: ids }]),
      ),
  }
}

function resourceOf(instance: Instance, { region, account, partition }: Place): Resource {
  const { InstanceId: id = '', State, LaunchTime, VpcId } = instance
  const tags = tagsIn(instance.Tags)
  const group = tags[GROUP]
  return {
    id: `instance/${id}`,
    arn: `arn:${partition}:ec2:${region}:${account}:instance/${id}`,
    type: 'ec2:instance',
    name: tags[NAME] ? `${tags[NAME]} (${id})` : id,
    tags,
    createdAt: LaunchTime,
    vpc: VpcId,
    ...(group !== undefined && { parent: `group/${group}` }),
    runs: State?.Name === 'running' || State?.Name === 'pending',
    cannotStop: refusalOf(instance),
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html */
function refusalOf(instance: Instance): string | undefined {
  const { RootDeviceType, InstanceLifecycle, InstanceType = '' } = instance
  if (RootDeviceType === 'instance-store' || /^[a-z]+\d+[a-z]*d[a-z]*\./.test(InstanceType)) {
    return 'it has disks that lose what is on them when it stops'
  }
  return InstanceLifecycle === 'spot' ? 'it is a Spot instance' : undefined
}
