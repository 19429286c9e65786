import type { EC2Client, Filter, Instance } from '@aws-sdk/client-ec2'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { GROUP, instancesThere } from '../../shared/instances.ts'
import { inChunks, nameOf, type Reader } from './reader.ts'

const NAME = 'Name'
/** Values of one filter. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const VALUES = 200

type Place = { region: string; account: string; partition: string }

/** EC2 instances: one that is not there fails a call that names it, and not one that filters by it. */
export function instanceReader(ec2: EC2Client, place: Place): Reader {
  const described = async (filters: Filter[]) =>
    (await instancesThere(ec2, filters)).map((one) => resourceOf(one, place))
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
