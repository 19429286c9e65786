import type { EC2Client, Filter, Instance } from '@aws-sdk/client-ec2'
import { monthOf } from '../../../domain/tagging/cost.ts'
import type { Resource } from '../../../domain/tagging/resource.ts'
import { tagsIn } from '../../../domain/tags.ts'
import { typesWithStore } from '../../shared/instance-store.ts'
import { GROUP, instancesThere } from '../../shared/instances.ts'
import { named, readBy } from './ec2.ts'
import type { Place, Reader } from './reader.ts'

/**
 * EC2 instances: one that is not there fails a call that names it, and not one that filters by it.
 *
 * @param stops whether any of them may be stopped: only then it matters what that would lose.
 */
export function instanceReader(ec2: EC2Client, place: Place, stops: boolean): Reader {
  const stores = new Stores(ec2)
  const described = async (filters: Filter[]) => {
    const found = await instancesThere(ec2, filters)
    if (stops) await stores.learn(found)
    return found.map((one) => resourceOf(one, place, stores))
  }
  return {
    type: 'ec2:instance',
    list: () => described([]),
    read: readBy('instance-id', described),
  }
}

/** Which types of instances have an instance store: each is asked for once. */
class Stores {
  readonly #ec2: EC2Client
  readonly #asked = new Set<Instance['InstanceType']>()
  readonly #with = new Set<string>()

  constructor(ec2: EC2Client) {
    this.#ec2 = ec2
  }

  async learn(instances: readonly Instance[]): Promise<void> {
    const types = instances.map(({ InstanceType }) => InstanceType)
    const unknown = types.filter((type) => !this.#asked.has(type))
    for (const type of await typesWithStore(this.#ec2, unknown)) this.#with.add(type)
    for (const type of unknown) this.#asked.add(type)
  }

  has = (type: string): boolean => this.#with.has(type)
}

function resourceOf(instance: Instance, place: Place, stores: Stores): Resource {
  const { InstanceId: id = '', InstanceType: type = '', State, VpcId } = instance
  const tags = tagsIn(instance.Tags)
  const group = tags[GROUP]
  const runs = State?.Name === 'running' || State?.Name === 'pending'
  return {
    ...named('instance', id, tags, place),
    type: 'ec2:instance',
    createdAt: firstOf(instance),
    vpc: VpcId,
    ...(group !== undefined && { parent: `group/${group}` }),
    runs,
    month: monthOf({ of: 'instance', type }, runs),
    cannotStop: refusalOf(instance, stores),
  }
}

/** Its launch time is that of its last start; its root volume was attached when it was made. */
function firstOf({ LaunchTime, RootDeviceName, BlockDeviceMappings = [] }: Instance) {
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName)
  const times = [LaunchTime, root?.Ebs?.AttachTime].filter((time) => time !== undefined)
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0]
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html */
function refusalOf(
  { RootDeviceType, InstanceLifecycle, InstanceType }: Instance,
  stores: Stores,
): string | undefined {
  if (RootDeviceType === 'instance-store' || stores.has(InstanceType ?? '')) {
    return 'it has disks that lose what is on them when it stops'
  }
  return InstanceLifecycle === 'spot' ? 'it is a Spot instance' : undefined
}
