import type { DescribeSubnetsResult, Reservation } from '@aws-sdk/client-ec2'
import { administrator } from './identity-center.ts'
import type { Simulation } from './simulation.ts'

/**
 * Somebody starts an instance in the environment's network by hand, with no tag at all.
 *
 * @param email whom Identity Center has let in.
 * @returns the instance's id.
 */
export async function makeInstance({ aws }: Simulation, email: string): Promise<string> {
  const by = await administrator(aws, email)
  const { Subnets = [] } = await aws.call<DescribeSubnetsResult>('ec2', 'DescribeSubnets', {}, by)
  const { Instances = [] } = await aws.call<Reservation>(
    'ec2',
    'RunInstances',
    {
      ...{ ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
      SubnetId: Subnets[0]?.SubnetId,
    },
    by,
  )
  return Instances[0]?.InstanceId ?? ''
}
