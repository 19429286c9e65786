import type {
  CreateSecurityGroupRequest,
  CreateSubnetRequest,
  CreateVpcRequest,
  DeleteSecurityGroupRequest,
  DeleteSubnetRequest,
  DeleteVpcRequest,
  DescribeSecurityGroupsRequest,
  DescribeSubnetsRequest,
  DescribeVpcsRequest,
  SecurityGroup,
  Subnet,
  Vpc,
} from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { sizeOf } from './address.ts'
import { type Asked, type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, shown } from './model.ts'

const PAGE = ['Filters', 'MaxResults', 'NextToken']

/** What a `Describe…` asks for, by the names of its request. */
const askedOf = (
  input: Pick<DescribeVpcsRequest, 'Filters' | 'NextToken' | 'MaxResults'>,
  ids: readonly string[] | undefined,
): Asked => ({
  ids,
  filters: input.Filters,
  token: input.NextToken,
  limit: input.MaxResults,
})

const noVpc = (id: string) => notFound('VpcID', 'vpc ID', id)
const noSubnet = (id: string) => notFound('SubnetID', 'subnet ID', id)
const noGroup = (id: string) => notFound('Group', 'security group', id)

const VPC_FILTERS: Filters<Vpc> = {
  cidr: ({ CidrBlock }) => CidrBlock,
  'vpc-id': ({ VpcId }) => VpcId,
}

/** Networks: what is where, without packets. */
export function vpcOperations(store: Ec2Store) {
  const { aws, vpcs, subnets, securityGroups, routeTables, vpcEndpoints } = store
  return {
    CreateVpc: (input: CreateVpcRequest) => {
      const members = ['CidrBlock', 'InstanceTenancy', 'TagSpecifications']
      onlyMembers('ec2:CreateVpc', input, members)
      const id = store.newId('vpc')
      const shape: Vpc = {
        VpcId: id,
        CidrBlock: input.CidrBlock,
        InstanceTenancy: input.InstanceTenancy ?? 'default',
        IsDefault: false,
        OwnerId: aws.account,
        State: 'available',
      }
      const tags = store.tagsFor('vpc', input.TagSpecifications)
      return { Vpc: shown(store.keep(vpcs, 'vpc', { id, shape, tags })) }
    },
    DescribeVpcs: (input: DescribeVpcsRequest) => {
      onlyMembers('ec2:DescribeVpcs', input, ['VpcIds', ...PAGE])
      const { items, next } = find(vpcs, askedOf(input, input.VpcIds), VPC_FILTERS, noVpc)
      return { Vpcs: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    DeleteVpc: ({ VpcId = '' }: DeleteVpcRequest) => {
      const kinds = [subnets, securityGroups, routeTables, vpcEndpoints]
      const inside = kinds.flatMap((kind): { shape: { VpcId?: string | undefined } }[] => [
        ...kind.values(),
      ])
      if (!vpcs.has(VpcId)) throw noVpc(VpcId)
      if (inside.some(({ shape }) => shape.VpcId === VpcId)) throw inUse('vpc', VpcId)
      vpcs.delete(VpcId)
      return {}
    },
  }
}

const SUBNET_FILTERS: Filters<Subnet> = {
  'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
  'subnet-id': ({ SubnetId }) => SubnetId,
  'vpc-id': ({ VpcId }) => VpcId,
}

export function subnetOperations(store: Ec2Store) {
  const { aws, vpcs, subnets, instances } = store
  return {
    CreateSubnet: (input: CreateSubnetRequest) => {
      const members = ['AvailabilityZone', 'CidrBlock', 'TagSpecifications', 'VpcId']
      onlyMembers('ec2:CreateSubnet', input, members)
      const { VpcId = '', CidrBlock = '' } = input
      if (!vpcs.has(VpcId)) throw noVpc(VpcId)
      const id = store.newId('subnet')
      const shape: Subnet = {
        SubnetId: id,
        SubnetArn: aws.arn('ec2', `subnet/${id}`),
        VpcId,
        CidrBlock,
        AvailabilityZone: input.AvailabilityZone ?? `${aws.region}a`,
        AvailableIpAddressCount: sizeOf(CidrBlock) - 5,
        MapPublicIpOnLaunch: false,
        OwnerId: aws.account,
        State: 'available',
      }
      const tags = store.tagsFor('subnet', input.TagSpecifications)
      return { Subnet: shown(store.keep(subnets, 'subnet', { id, shape, tags })) }
    },
    DescribeSubnets: (input: DescribeSubnetsRequest) => {
      onlyMembers('ec2:DescribeSubnets', input, ['SubnetIds', ...PAGE])
      const asked = askedOf(input, input.SubnetIds)
      const { items, next } = find(subnets, asked, SUBNET_FILTERS, noSubnet)
      return { Subnets: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    DeleteSubnet: ({ SubnetId = '' }: DeleteSubnetRequest) => {
      if (!subnets.has(SubnetId)) throw noSubnet(SubnetId)
      if (living(instances).some(({ shape }) => shape.SubnetId === SubnetId)) {
        throw inUse('subnet', SubnetId)
      }
      subnets.delete(SubnetId)
      return {}
    },
  }
}

const GROUP_FILTERS: Filters<SecurityGroup> = {
  'group-id': ({ GroupId }) => GroupId,
  'group-name': ({ GroupName }) => GroupName,
  'vpc-id': ({ VpcId }) => VpcId,
}

/** Security groups without rules: there is nothing to let in. */
export function securityGroupOperations(store: Ec2Store) {
  const { aws, vpcs, securityGroups, instances } = store
  return {
    CreateSecurityGroup: (input: CreateSecurityGroupRequest) => {
      const members = ['Description', 'GroupName', 'TagSpecifications', 'VpcId']
      onlyMembers('ec2:CreateSecurityGroup', input, members)
      const { VpcId = '', GroupName = '', Description } = input
      if (!vpcs.has(VpcId)) throw noVpc(VpcId)
      const others = [...securityGroups.values()].filter(({ shape }) => shape.VpcId === VpcId)
      if (others.some(({ shape }) => shape.GroupName === GroupName)) {
        const message = `The security group '${GroupName}' already exists for VPC '${VpcId}'`
        throw new AwsError('InvalidGroup.Duplicate', message)
      }
      const id = store.newId('sg')
      const arn = aws.arn('ec2', `security-group/${id}`)
      const shape: SecurityGroup = {
        GroupId: id,
        GroupName,
        Description,
        VpcId,
        OwnerId: aws.account,
        SecurityGroupArn: arn,
      }
      const tags = store.tagsFor('security-group', input.TagSpecifications)
      const { Tags } = shown(store.keep(securityGroups, 'security-group', { id, shape, tags }))
      return { GroupId: id, SecurityGroupArn: arn, Tags }
    },
    DescribeSecurityGroups: (input: DescribeSecurityGroupsRequest) => {
      onlyMembers('ec2:DescribeSecurityGroups', input, ['GroupIds', ...PAGE])
      const asked = askedOf(input, input.GroupIds)
      const { items, next } = find(securityGroups, asked, GROUP_FILTERS, noGroup)
      return { SecurityGroups: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    DeleteSecurityGroup: (input: DeleteSecurityGroupRequest) => {
      onlyMembers('ec2:DeleteSecurityGroup', input, ['GroupId'])
      const { GroupId = '' } = input
      if (!securityGroups.has(GroupId)) throw noGroup(GroupId)
      const isUsed = living(instances).some(({ shape }) =>
        shape.SecurityGroups?.some((group) => group.GroupId === GroupId),
      )
      if (isUsed)
        throw new AwsError('DependencyViolation', `resource ${GroupId} has a dependent object`)
      securityGroups.delete(GroupId)
      return { Return: true, GroupId }
    },
  }
}

const living = (instances: Ec2Store['instances']) =>
  [...instances.values()].filter(({ shape }) => shape.State?.Name !== 'terminated')

const inUse = (kind: string, id: string): AwsError =>
  new AwsError('DependencyViolation', `The ${kind} '${id}' has dependencies and cannot be deleted.`)
