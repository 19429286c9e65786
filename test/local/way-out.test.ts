import type { RouteTable } from '@aws-sdk/client-ec2'
import type { DescribeTasksResponse } from '@aws-sdk/client-ecs'
import { describe, expect, it } from 'vitest'
import { Ec2 } from '../../local/aws/ec2/ec2.ts'
import { deploy, update } from '../../local/cloudformation/deploy.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'
import { assembly, Templates } from '../kits/templates.ts'

/** A cluster, and a private subnet with a route table of its own. */
class Private extends Cluster {
  vpc = ''
  subnet = ''
  table = ''
  public = ''

  static async lay() {
    const account = new Private()
    account.aws.register(new Ec2(account.aws))
    await account.call('ecs', 'CreateCluster', { clusterName: 'dev' })
    await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
    const made = await account.ec2<{ Vpc: { VpcId: string } }>('CreateVpc', {
      CidrBlock: '10.0.0.0/16',
    })
    account.vpc = made.Vpc.VpcId
    account.public = await account.addSubnet('10.0.1.0/24')
    account.subnet = await account.addSubnet('10.0.2.0/24')
    const inVpc = { VpcId: account.vpc }
    const { RouteTable } = await account.ec2<{ RouteTable: RouteTable }>('CreateRouteTable', inVpc)
    account.table = RouteTable.RouteTableId ?? ''
    const association = { RouteTableId: account.table, SubnetId: account.subnet }
    await account.ec2('AssociateRouteTable', association)
    return account
  }

  async addSubnet(CidrBlock: string): Promise<string> {
    const input = { VpcId: this.vpc, CidrBlock }
    return (await this.ec2<{ Subnet: { SubnetId: string } }>('CreateSubnet', input)).Subnet.SubnetId
  }

  ec2<Output = Record<string, unknown>>(operation: string, input: object): Promise<Output> {
    return this.call<Output>('ec2', operation, input)
  }

  /** An instance in the public subnet. */
  async instance(): Promise<string> {
    const { Instances } = await this.ec2<{ Instances: { InstanceId: string }[] }>('RunInstances', {
      ImageId: 'ami-nat',
      InstanceType: 't4g.nano',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: this.public,
    })
    await this.run(5 * MINUTE)
    return Instances[0]?.InstanceId ?? ''
  }

  route(operation: string, target: object): Promise<unknown> {
    const to = { RouteTableId: this.table, DestinationCidrBlock: '0.0.0.0/0' }
    return this.ec2(operation, { ...to, ...target })
  }

  async routeState(): Promise<string | undefined> {
    const { RouteTables } = await this.ec2<{ RouteTables: RouteTable[] }>('DescribeRouteTables', {
      Filters: [{ Name: 'association.subnet-id', Values: [this.subnet] }],
    })
    return RouteTables[0]?.Routes?.find((one) => one.DestinationCidrBlock === '0.0.0.0/0')?.State
  }

  /** What becomes of a task in the private subnet: RUNNING, or why it stopped. */
  async task(image?: string): Promise<string | undefined> {
    const definition = image === undefined ? await this.revision({}) : await this.define(image)
    const { tasks } = await this.call<DescribeTasksResponse>('ecs', 'RunTask', {
      cluster: 'dev',
      taskDefinition: definition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: [this.subnet] } },
    })
    await this.run(40_000)
    const named = { cluster: 'dev', tasks: tasks?.map(({ taskArn = '' }) => taskArn) }
    const { tasks: [now] = [] } = await this.call<DescribeTasksResponse>(
      'ecs',
      'DescribeTasks',
      named,
    )
    return now?.stoppedReason ?? now?.lastStatus
  }
}

const LOST = expect.stringMatching(/^CannotPullContainerError: .*i\/o timeout$/)

/** https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html */
describe('a NAT instance', () => {
  it('lets tasks pull from when it is set up until it stops', async () => {
    const account = await Private.lay()
    expect(await account.task()).toEqual(LOST)
    const InstanceId = await account.instance()
    await account.route('CreateRoute', { InstanceId })
    expect(await account.routeState()).toBe('active')
    // It forwards nothing while EC2 checks that what it sends is its own.
    expect(await account.task()).toEqual(LOST)
    const SourceDestCheck = { Value: false }
    await account.ec2('ModifyInstanceAttribute', { InstanceId, SourceDestCheck })
    expect(await account.task()).toBe('RUNNING')
    await account.ec2('StopInstances', { InstanceIds: [InstanceId] })
    await account.run(2 * MINUTE)
    expect(await account.routeState()).toBe('blackhole')
    expect(await account.task()).toEqual(LOST)
    await account.ec2('StartInstances', { InstanceIds: [InstanceId] })
    await account.run(MINUTE)
    expect(await account.routeState()).toBe('active')
    expect(await account.task()).toEqual(LOST)
    await account.run(2 * MINUTE)
    expect(await account.task()).toBe('RUNNING')
  })

  it('is replaced by another by its network interface', async () => {
    const account = await Private.lay()
    const old = await account.instance()
    await account.route('CreateRoute', { InstanceId: old })
    const young = await account.instance()
    const off = { InstanceId: young, SourceDestCheck: { Value: false } }
    await account.ec2('ModifyInstanceAttribute', off)
    const { Reservations } = await account.ec2<{
      Reservations: { Instances: { NetworkInterfaces: { NetworkInterfaceId: string }[] }[] }[]
    }>('DescribeInstances', { InstanceIds: [young] })
    const [own] = Reservations[0]?.Instances[0]?.NetworkInterfaces ?? []
    await account.route('ReplaceRoute', { NetworkInterfaceId: own?.NetworkInterfaceId })
    expect(await account.task()).toBe('RUNNING')
    await account.route('ReplaceRoute', { NetworkInterfaceId: 'eni-00000000000000000' })
    expect(await account.routeState()).toBe('blackhole')
    expect(await account.task()).toEqual(LOST)
  })
})

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
describe('without a route', () => {
  it('ECR is reached by its endpoints and that of S3, other registries are not', async () => {
    const account = await Private.lay()
    const endpoint = (name: string, more: object) =>
      account.ec2('CreateVpcEndpoint', {
        VpcId: account.vpc,
        ServiceName: `com.amazonaws.eu-central-1.${name}`,
        ...more,
      })
    const inSubnet = { VpcEndpointType: 'Interface', SubnetIds: [account.subnet] }
    await endpoint('ecr.api', inSubnet)
    await endpoint('ecr.dkr', inSubnet)
    expect(await account.task()).toEqual(LOST)
    const made = await endpoint('s3', { RouteTableIds: [] })
    expect(await account.task()).toEqual(LOST)
    const { VpcEndpointId } = (made as { VpcEndpoint: { VpcEndpointId: string } }).VpcEndpoint
    const modify = (more: object) => account.ec2('ModifyVpcEndpoint', { VpcEndpointId, ...more })
    await modify({ AddRouteTableIds: [account.table] })
    const Filters = [{ Name: 'service-name', Values: ['*.s3'] }]
    expect(await account.ec2('DescribeVpcEndpoints', { Filters })).toMatchObject({
      VpcEndpoints: [{ RouteTableIds: [account.table], State: 'available' }],
    })
    expect(await account.task()).toBe('RUNNING')
    expect(await account.task('public.ecr.aws/docker/library/busybox:1')).toEqual(LOST)
    await account.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] })
    expect(await account.task()).toEqual(LOST)
  })

  it.each([
    ['a NAT gateway', { NatGatewayId: 'nat-0123456789abcdef0' }],
    ['an internet gateway', { GatewayId: 'igw-0123456789abcdef0' }],
  ])('%s lets everything out', async (_, target) => {
    const account = await Private.lay()
    await account.route('CreateRoute', target)
    expect(await account.task()).toBe('RUNNING')
    expect(await account.task('public.ecr.aws/docker/library/busybox:1')).toBe('RUNNING')
    await account.route('DeleteRoute', {})
    expect(await account.task()).toEqual(LOST)
  })

  it('nothing is known of a network without route tables', async () => {
    const account = await Private.lay()
    const { RouteTables } = await account.ec2<{ RouteTables: RouteTable[] }>(
      'DescribeRouteTables',
      {},
    )
    const [association] = RouteTables[0]?.Associations ?? []
    const gone = { RouteTableId: account.table }
    await expect(account.ec2('DeleteRouteTable', gone)).rejects.toThrow('has dependencies')
    const AssociationId = association?.RouteTableAssociationId
    await account.ec2('DisassociateRouteTable', { AssociationId })
    await account.ec2('DeleteRouteTable', gone)
    expect(await account.task()).toBe('RUNNING')
  })
})

describe('a route', () => {
  it.each([
    ['RouteAlreadyExists', 'CreateRoute', { NatGatewayId: 'nat-1' }],
    [
      'InvalidRoute.NotFound',
      'ReplaceRoute',
      { DestinationCidrBlock: '10.9.0.0/16', GatewayId: 'igw-1' },
    ],
    ['InvalidRouteTableID.NotFound', 'ReplaceRoute', { RouteTableId: 'rtb-0', GatewayId: 'igw-1' }],
    ['MissingParameter', 'ReplaceRoute', {}],
  ])('answers %s to %s %j', async (name, operation, input) => {
    const account = await Private.lay()
    await account.route('CreateRoute', { GatewayId: 'igw-1' })
    await expect(account.route(operation, input)).rejects.toMatchObject({ name })
  })

  it('is made and changed by a stack, with its instance', async () => {
    const network = (target: object, check: boolean) => ({
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' },
      },
      Nat: {
        Type: 'AWS::EC2::Instance',
        Properties: {
          ImageId: 'ami-nat',
          InstanceType: 't4g.nano',
          SubnetId: { Ref: 'Subnet' },
          SourceDestCheck: check,
        },
      },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      Association: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { RouteTableId: { Ref: 'Table' }, SubnetId: { Ref: 'Subnet' } },
      },
      Route: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: { Ref: 'Table' },
          DestinationCidrBlock: '0.0.0.0/0',
          ...target,
        },
      },
    })
    const account = new Templates()
    const stack = (target: object, check: boolean) =>
      assembly({ Stack: { Resources: network(target, check) } })
    const first = await deploy(account.aws, stack({ NatGatewayId: 'nat-1' }, true))
    await update(account.aws, first, stack({ InstanceId: { Ref: 'Nat' } }, false))
    const { RouteTables } = await account.call<{ RouteTables: RouteTable[] }>(
      'ec2',
      'DescribeRouteTables',
      {},
    )
    const [, route] = RouteTables[0]?.Routes ?? []
    expect(route).toMatchObject({ InstanceId: expect.stringMatching(/^i-/), State: 'active' })
    expect(route).not.toHaveProperty('NatGatewayId')
    const asked = { InstanceId: route?.InstanceId, Attribute: 'sourceDestCheck' }
    expect(await account.call('ec2', 'DescribeInstanceAttribute', asked)).toMatchObject({
      SourceDestCheck: { Value: false },
    })
  })
})
