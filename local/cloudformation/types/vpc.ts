import type {
  CreateSecurityGroupResult,
  CreateSubnetResult,
  CreateVpcResult,
} from '@aws-sdk/client-ec2'
import type { Context } from '../context.ts'
import { derived, given, type Physical, type TypeTable } from '../resource-type.ts'

const NETWORK = 'There are no packets: what may reach what is not simulated.'

/** Networks. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html */
export const VPC: TypeTable = {
  'AWS::EC2::VPC': {
    effect: ['CidrBlock', 'InstanceTenancy'],
    noEffect: { EnableDnsHostnames: NETWORK, EnableDnsSupport: NETWORK },
    replacedBy: ['CidrBlock', 'InstanceTenancy'],
    create: async (context, properties) => {
      const { Vpc } = await context.call<CreateVpcResult>('ec2', 'CreateVpc', properties)
      const { VpcId = '', CidrBlock } = Vpc ?? {}
      return tagged(context, VpcId, {
        VpcId,
        CidrBlock,
        CidrBlockAssociations: [derived(VpcId, 'vpc-cidr-assoc-')],
        DefaultNetworkAcl: derived(VpcId, 'acl-'),
        DefaultSecurityGroup: derived(VpcId, 'sg-'),
        Ipv6CidrBlocks: [],
        Arn: context.aws.arn('ec2', `vpc/${VpcId}`),
      })
    },
    delete: (context, { ref }) => context.call('ec2', 'DeleteVpc', { VpcId: ref }),
  },
  'AWS::EC2::Subnet': {
    effect: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
    noEffect: { MapPublicIpOnLaunch: NETWORK },
    replacedBy: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
    create: async (context, properties) => {
      const { Subnet } = await context.call<CreateSubnetResult>('ec2', 'CreateSubnet', properties)
      const { SubnetId = '', AvailabilityZone, CidrBlock, VpcId } = Subnet ?? {}
      return tagged(context, SubnetId, {
        SubnetId,
        AvailabilityZone,
        CidrBlock,
        VpcId,
        NetworkAclAssociationId: derived(SubnetId, 'aclassoc-'),
        Ipv6CidrBlocks: [],
        Arn: context.aws.arn('ec2', `subnet/${SubnetId}`),
      })
    },
    delete: (context, { ref }) => context.call('ec2', 'DeleteSubnet', { SubnetId: ref }),
  },
  'AWS::EC2::SecurityGroup': {
    effect: ['GroupName', 'GroupDescription', 'VpcId'],
    noEffect: { SecurityGroupEgress: NETWORK, SecurityGroupIngress: NETWORK },
    replacedBy: ['GroupName', 'GroupDescription', 'VpcId'],
    create: async (context, { GroupDescription, VpcId, ...properties }) => {
      const GroupName = context.name(properties.GroupName, { most: 255 })
      const { GroupId = '' } = await context.call<CreateSecurityGroupResult>(
        'ec2',
        'CreateSecurityGroup',
        { GroupName, Description: GroupDescription, ...given({ VpcId }) },
      )
      return tagged(context, GroupId, {
        Id: GroupId,
        GroupId,
        GroupName,
        VpcId,
        Arn: context.aws.arn('ec2', `security-group/${GroupId}`),
      })
    },
    delete: (context, { ref }) => context.call('ec2', 'DeleteSecurityGroup', { GroupId: ref }),
  },
}

/** EC2 takes no list of tags with what it makes, but a call of its own. */
export async function tagged(
  context: Context,
  ref: string,
  attributes: Record<string, unknown>,
): Promise<Physical> {
  await context.call('ec2', 'CreateTags', { Resources: [ref] })
  return { ref, attributes }
}
