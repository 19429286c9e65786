import type {
  DescribeInstancesRequest,
  Instance,
  RunInstancesRequest,
  Subnet,
} from '@aws-sdk/client-ec2'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { addressIn, sizeOf } from './address.ts'
import { type Filters, find } from './filters.ts'
import { purchase, rootOf, volumesOf } from './launch.ts'
import { fromTemplate } from './launch-templates.ts'
import { beginTransition } from './life.ts'
import { type Ec2Store, notFound, type StoredInstance, shown, stateOf } from './model.ts'
import { keepLaunched } from './volumes.ts'

/** AWS keeps the first four addresses of a subnet, and its last. */
const RESERVED_ADDRESSES = 4

const FILTERS: Filters<Instance> = {
  'availability-zone': ({ Placement }) => Placement?.AvailabilityZone,
  'image-id': ({ ImageId }) => ImageId,
  'instance-id': ({ InstanceId }) => InstanceId,
  'instance-state-name': ({ State }) => State?.Name,
  'instance-type': ({ InstanceType }) => InstanceType,
  'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
  'subnet-id': ({ SubnetId }) => SubnetId,
  'vpc-id': ({ VpcId }) => VpcId,
}

/** Making and showing instances. */
export function instanceOperations(store: Ec2Store) {
  /** What was made for a client's token: the same request again makes nothing. */
  const made = new Map<string, StoredInstance[]>()
  return {
    RunInstances: (input: RunInstancesRequest) => {
      const token = input.ClientToken ?? store.newId('token')
      const machines = made.get(token) ?? run(store, input)
      made.set(token, machines)
      return reservation(store, machines.map(shown))
    },
    DescribeInstances: (input: DescribeInstancesRequest, caller: Caller) => {
      const members = ['InstanceIds', 'Filters', 'MaxResults', 'NextToken']
      onlyMembers('ec2:DescribeInstances', input, members)
      const { InstanceIds: ids, Filters: filters, NextToken: token, MaxResults: limit } = input
      const { items, next } = find(
        store.seen(caller),
        { ids, filters, token, limit },
        FILTERS,
        (id) => notFound('InstanceID', 'instance ID', id),
      )
      return {
        Reservations: Object.values(
          Object.groupBy(
            items,
            ({ InstanceId = '' }) => store.instances.get(InstanceId)?.launch ?? '',
          ),
        ).map((launched = []) => reservation(store, launched)),
        ...(next === undefined ? {} : { NextToken: next }),
      }
    },
  }
}

const reservation = (store: Ec2Store, Instances: Instance[]) => ({
  ReservationId: store.instances.get(Instances[0]?.InstanceId ?? '')?.launch,
  OwnerId: store.aws.account,
  Instances,
})

function run(store: Ec2Store, asked: RunInstancesRequest): StoredInstance[] {
  const input = fromTemplate(store, asked)
  onlyMembers('ec2:RunInstances', input, [
    'BlockDeviceMappings',
    'ClientToken',
    'DisableApiStop',
    'DisableApiTermination',
    'EbsOptimized',
    'HibernationOptions',
    'IamInstanceProfile',
    'InstanceInitiatedShutdownBehavior',
    'InstanceMarketOptions',
    'ImageId',
    'InstanceType',
    'KeyName',
    'MaxCount',
    'MetadataOptions',
    'MinCount',
    'Monitoring',
    // Of a launch template: whether it gets an address of the internet.
    'NetworkInterfaces',
    'Placement',
    'SecurityGroupIds',
    'SubnetId',
    'TagSpecifications',
    // What runs inside is not simulated, but for one kind: local/outside/nat-instances.ts.
    'UserData',
  ])
  const subnet = subnetOf(store, input.SubnetId)
  refuseShortage(store, input.InstanceType, subnet)
  const launch = store.newId('r')
  return Array.from({ length: input.MaxCount ?? 1 }, () => {
    const bought = purchase(store, input)
    const machine = store.keep(store.instances, 'instance', {
      ...instance(store, input, subnet),
      tags: store.tagsFor('instance', input.TagSpecifications),
    })
    const launched: StoredInstance = Object.assign(machine, bought, userDataOf(input), { launch })
    keepLaunched(store, launched, input)
    store.hide(launched)
    beginTransition(store, launched, 'pending')
    return launched
  })
}

const userDataOf = ({ UserData: userData }: RunInstancesRequest): { userData?: string } =>
  userData === undefined ? {} : { userData }

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html */
function refuseShortage(store: Ec2Store, type: string | undefined, { AvailabilityZone }: Subnet) {
  if (!store.lacks(type, { AvailabilityZone })) return
  const message = `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${AvailabilityZone}). Our system will be working on provisioning additional capacity.`
  throw new AwsError('InsufficientInstanceCapacity', message, { statusCode: 500 })
}

function subnetOf({ subnets }: Ec2Store, id: string | undefined): Subnet {
  if (id === undefined) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user')
  const subnet = subnets.get(id)
  if (subnet === undefined) throw notFound('SubnetID', 'subnet ID', id)
  return subnet.shape
}

function instance(store: Ec2Store, input: RunInstancesRequest, subnet: Subnet) {
  const id = store.newId('i')
  const address = freeAddress(store, subnet)
  const { Name, Arn } = input.IamInstanceProfile ?? {}
  const profile = Arn ?? (Name && `arn:aws:iam::${store.aws.account}:instance-profile/${Name}`)
  const shape: Instance = {
    InstanceId: id,
    ImageId: input.ImageId,
    InstanceType: input.InstanceType ?? 'm1.small',
    KeyName: input.KeyName,
    State: stateOf('pending'),
    Placement: {
      AvailabilityZone: subnet.AvailabilityZone,
      Tenancy: 'default',
      ...input.Placement,
    },
    PrivateIpAddress: address,
    PrivateDnsName: `ip-${address.replaceAll('.', '-')}.${store.aws.region}.compute.internal`,
    PublicDnsName: '',
    ...(input.NetworkInterfaces?.[0]?.AssociatePublicIpAddress === true
      ? { PublicIpAddress: publicAddress(store) }
      : {}),
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    SecurityGroups: (input.SecurityGroupIds ?? []).map((GroupId) => groupOf(store, GroupId)),
    IamInstanceProfile: profile ? { Arn: profile } : undefined,
    MetadataOptions: { State: 'applied', ...input.MetadataOptions },
    SourceDestCheck: true,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: store.newId('eni'),
        Attachment: { DeviceIndex: 0, Status: 'attached', DeleteOnTermination: true },
        PrivateIpAddress: address,
        SubnetId: subnet.SubnetId,
        VpcId: subnet.VpcId,
        Status: 'in-use',
      },
    ],
    ...(input.InstanceMarketOptions?.MarketType === 'spot'
      ? { InstanceLifecycle: 'spot', SpotInstanceRequestId: store.newId('sir') }
      : {}),
    ...(input.HibernationOptions === undefined
      ? {}
      : { HibernationOptions: input.HibernationOptions }),
    ...rootOf(store, input),
    BlockDeviceMappings: volumesOf(store, input),
  }
  return { id, shape }
}

/** Of the addresses of documentation (RFC 5737). */
const publicAddress = ({ aws }: Ec2Store): string =>
  `198.51.100.${Math.floor(aws.world.random.between('ec2/public-address', 1, 255))}`

function groupOf({ securityGroups }: Ec2Store, id: string) {
  const group = securityGroups.get(id)
  if (group === undefined) throw notFound('Group', 'security group', id)
  return { GroupId: id, GroupName: group.shape.GroupName }
}

/** The first that no instance of the subnet has. @throws AwsError InsufficientFreeAddressesInSubnet */
function freeAddress({ instances }: Ec2Store, { SubnetId, CidrBlock = '' }: Subnet): string {
  const taken = new Set([...instances.values()].map(({ shape }) => shape.PrivateIpAddress))
  for (let index = RESERVED_ADDRESSES; index < sizeOf(CidrBlock) - 1; index++) {
    const address = addressIn(CidrBlock, index)
    if (!taken.has(address)) return address
  }
  throw new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `There are not enough free addresses in subnet '${SubnetId}' to satisfy the requested number of instances.`,
  )
}
