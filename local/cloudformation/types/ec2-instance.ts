import type { DescribeInstancesResult, Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2'
import { NotImplemented } from '../../aws/errors.ts'
import type { Context } from '../context.ts'
import { differences, given, type Properties, type TypeTable } from '../resource-type.ts'
import { tagged } from './vpc.ts'

const WITHIN_MILLISECONDS = 10 * 60_000

/** What is set after the launch, and changed in place; each as it is without being given. */
const ATTRIBUTES: Readonly<Record<string, boolean | string>> = {
  DisableApiTermination: false,
  InstanceInitiatedShutdownBehavior: 'stop',
  SourceDestCheck: true,
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html */
export const EC2_INSTANCE: TypeTable = {
  'AWS::EC2::Instance': {
    effect: [
      'AvailabilityZone',
      'BlockDeviceMappings',
      'HibernationOptions',
      'IamInstanceProfile',
      'ImageId',
      'InstanceType',
      'KeyName',
      'LaunchTemplate',
      'MetadataOptions',
      'SecurityGroupIds',
      'SubnetId',
      ...Object.keys(ATTRIBUTES),
    ],
    noEffect: { UserData: 'What an instance does inside is not simulated.' },
    replacedBy: [
      ...['AvailabilityZone', 'BlockDeviceMappings', 'HibernationOptions', 'ImageId', 'KeyName'],
      ...['LaunchTemplate', 'SubnetId'],
    ],
    create: async (context, properties) => {
      const { Instances: [made] = [] } = await context.call<Reservation>(
        'ec2',
        'RunInstances',
        request(properties),
      )
      const id = made?.InstanceId ?? ''
      const physical = await tagged(context, id, {
        Arn: context.aws.arn('ec2', `instance/${id}`),
        InstanceId: id,
        AvailabilityZone: made?.Placement?.AvailabilityZone,
        PrivateDnsName: made?.PrivateDnsName,
        PrivateIp: made?.PrivateIpAddress,
        // No address of its own on the internet: subnets do not give one here.
        PublicDnsName: '',
        PublicIp: '',
        VpcId: made?.VpcId,
      })
      await until(context, id, 'running')
      await setAttributes(context, id, properties)
      return physical
    },
    update: async (context, properties, { ref, properties: before }) => {
      const other = differences(before, properties).filter((name) => !(name in ATTRIBUTES))
      if (other.length > 0) throw new NotImplemented(`a change of ${other.join(', ')} in place`)
      await setAttributes(context, ref, properties)
    },
    delete: async (context, { ref }) => {
      await context.call('ec2', 'TerminateInstances', { InstanceIds: [ref] })
      await until(context, ref, 'terminated')
    },
  },
}

async function setAttributes(context: Context, id: string, properties: Properties): Promise<void> {
  for (const [name, otherwise] of Object.entries(ATTRIBUTES)) {
    const Value = properties[name] ?? otherwise
    const input = { InstanceId: id, [name]: { Value } }
    await context.call('ec2', 'ModifyInstanceAttribute', input)
  }
}

function request({
  AvailabilityZone,
  IamInstanceProfile,
  BlockDeviceMappings,
  ...properties
}: Properties): Partial<RunInstancesRequest> {
  const plain = Object.entries(properties).filter(([name]) => !(name in ATTRIBUTES))
  return {
    ...Object.fromEntries(plain),
    MinCount: 1,
    MaxCount: 1,
    ...given({
      BlockDeviceMappings,
      Placement: AvailabilityZone && { AvailabilityZone },
      IamInstanceProfile: IamInstanceProfile && { Name: IamInstanceProfile },
    }),
  }
}

async function until(context: Context, id: string, state: string): Promise<void> {
  const is = async () => {
    const input = { InstanceIds: [id] }
    const { Reservations: [found] = [] } = await context.call<DescribeInstancesResult>(
      'ec2',
      'DescribeInstances',
      input,
    )
    return found?.Instances?.[0]?.State?.Name === state
  }
  await context.until(`The instance ${id} is not ${state}`, is, WITHIN_MILLISECONDS)
}
