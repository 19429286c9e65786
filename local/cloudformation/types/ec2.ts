import type { Context } from '../context.ts'
import {
  derived,
  hexId,
  nameFrom,
  type ResourceType,
  standIn,
  type TypeTable,
} from '../resource-type.ts'

const NETWORK = 'There are no packets: what may reach what is not simulated.'
const INSTANCE = 'What an instance does inside is not simulated.'

/** Ref and one attribute, both the id. */
const identified = (why: string, prefix: string, attribute = 'Id'): ResourceType =>
  standIn(why, hexId(prefix), ({ ref }) => ({ [attribute]: ref }))

const only = (why: string): ResourceType => standIn(why, nameFrom('', { most: 255 }))

/** What of EC2 stands in for itself. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html */
export const EC2: TypeTable = {
  'AWS::EC2::VPCCidrBlock': identified(NETWORK, 'vpc-cidr-assoc-'),
  'AWS::EC2::InternetGateway': identified(NETWORK, 'igw-', 'InternetGatewayId'),
  'AWS::EC2::EgressOnlyInternetGateway': identified(NETWORK, 'eigw-'),
  'AWS::EC2::VPCGatewayAttachment': standIn(NETWORK, (_, { VpcId }) => `IGW|${VpcId}`),
  'AWS::EC2::EIP': standIn(NETWORK, publicAddress, ({ ref, context }) => ({
    PublicIp: ref,
    AllocationId: hexId('eipalloc-')(context),
  })),
  'AWS::EC2::EIPAssociation': identified(NETWORK, 'eipassoc-'),
  'AWS::EC2::NatGateway': identified(NETWORK, 'nat-', 'NatGatewayId'),
  'AWS::EC2::NetworkAcl': identified(NETWORK, 'acl-'),
  'AWS::EC2::NetworkAclEntry': only(NETWORK),
  'AWS::EC2::SubnetNetworkAclAssociation': identified(NETWORK, 'aclassoc-', 'AssociationId'),
  'AWS::EC2::NetworkInterface': standIn(NETWORK, hexId('eni-'), ({ ref, context }) => ({
    Id: ref,
    PrimaryPrivateIpAddress: privateAddress(context),
  })),
  'AWS::EC2::FlowLog': identified('There are no packets to log.', 'fl-'),
  'AWS::EC2::SecurityGroupIngress': identified(NETWORK, 'sgr-'),
  'AWS::EC2::SecurityGroupEgress': identified(NETWORK, 'sgr-'),
  'AWS::EC2::PrefixList': standIn(NETWORK, hexId('pl-'), ({ ref, context }) => ({
    PrefixListId: ref,
    Arn: context.aws.arn('ec2', `prefix-list/${ref}`),
  })),
  'AWS::EC2::KeyPair': standIn(INSTANCE, nameFrom('KeyName'), ({ ref }) => ({
    KeyPairId: derived(ref, 'key-'),
    KeyFingerprint: derived(ref, ''),
  })),
  'AWS::EC2::Volume': identified(INSTANCE, 'vol-', 'VolumeId'),
  'AWS::EC2::VolumeAttachment': only(INSTANCE),
}

const byte = (context: Context): number => Number.parseInt(context.hex(2), 16)

/** 203.0.113.0/24 is kept for examples (RFC 5737). */
function publicAddress(context: Context): string {
  return `203.0.113.${byte(context)}`
}

function privateAddress(context: Context): string {
  return `10.0.${byte(context)}.${byte(context)}`
}
