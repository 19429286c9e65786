import type { DescribeInstancesResult, Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2'
import type { Context } from '../context.ts'
import { given, type Properties, type TypeTable } from '../resource-type.ts'
import { tagged } from './vpc.ts'

const WITHIN_MILLISECONDS = 10 * 60_000

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html */
export const EC2_INSTANCE: TypeTable = {
  'AWS::EC2::Instance': {
    effect: [
      'AvailabilityZone',
      'BlockDeviceMappings',
      'IamInstanceProfile',
      'ImageId',
      'InstanceType',
      'KeyName',
      'MetadataOptions',
      'SecurityGroupIds',
      'SubnetId',
    ],
    noEffect: { UserData: 'What an instance does inside is not simulated.' },
    replacedBy: ['AvailabilityZone', 'BlockDeviceMappings', 'ImageId', 'KeyName', 'SubnetId'],
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
      return physical
    },
    delete: async (context, { ref }) => {
      await context.call('ec2', 'TerminateInstances', { InstanceIds: [ref] })
      await until(context, ref, 'terminated')
    },
  },
}

function request({
  AvailabilityZone,
  IamInstanceProfile,
  BlockDeviceMappings,
  ...properties
}: Properties): Partial<RunInstancesRequest> {
  return {
    ...properties,
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
