import { beforeEach, describe, expect, it } from 'vitest'
import { throttle } from '../../local/aws/limits.ts'
import { MINUTE } from '../kits/account.ts'
import { Network } from '../kits/network.ts'

describe('an instance', () => {
  let account: Network
  let id = ''

  beforeEach(async () => {
    account = await Network.open()
    const [made] = await account.launch({
      IamInstanceProfile: { Name: 'bastion' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'bastion' }] }],
    })
    id = made ?? ''
  })

  it('is pending at first, then runs in its subnet', async () => {
    expect(await account.states()).toEqual(['pending'])
    await account.run(MINUTE)
    expect(await account.instances({ InstanceIds: [id] })).toMatchObject([
      {
        State: { Code: 16, Name: 'running' },
        InstanceType: 't3.micro',
        Placement: { AvailabilityZone: 'eu-central-1b' },
        PrivateIpAddress: '10.20.1.4',
        SecurityGroups: [{ GroupId: account.securityGroup, GroupName: 'bastion' }],
        VpcId: account.vpc,
        IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/bastion' },
        Tags: [{ Key: 'Name', Value: 'bastion' }],
      },
    ])
    expect(account.told).toEqual(['pending', 'running'])
  })

  it('stops and starts, and every change of state is told', async () => {
    await account.run(MINUTE)
    const input = { InstanceIds: [id] }
    expect(await account.call('ec2', 'StopInstances', input)).toEqual({
      StoppingInstances: [
        {
          InstanceId: id,
          PreviousState: { Code: 16, Name: 'running' },
          CurrentState: { Code: 64, Name: 'stopping' },
        },
      ],
    })
    await expect(account.call('ec2', 'StartInstances', input)).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
      message: `The instance '${id}' is not in a state from which it can be started.`,
    })
    await account.run(2 * MINUTE)
    expect(await account.states()).toEqual(['stopped'])
    await account.call('ec2', 'StartInstances', input)
    await account.run(MINUTE)
    expect(await account.states()).toEqual(['running'])
    const told = ['pending', 'running', 'stopping', 'stopped', 'pending', 'running']
    expect(account.told).toEqual(told)
  })

  it('stays as it is when it is asked for what it is already', async () => {
    await account.run(MINUTE)
    await account.call('ec2', 'StartInstances', { InstanceIds: [id] })
    expect(account.told).toHaveLength(2)
  })

  it('is there for an hour after it was terminated', async () => {
    await account.run(MINUTE)
    await account.call('ec2', 'TerminateInstances', { InstanceIds: [id] })
    await account.run(MINUTE)
    expect(await account.states()).toEqual(['terminated'])
    await expect(account.call('ec2', 'StartInstances', { InstanceIds: [id] })).rejects.toThrow(
      'started',
    )
    await account.run(60 * MINUTE)
    expect(await account.states()).toEqual([])
  })

  it('is found by its tags, which change through the tagging API too', async () => {
    const arn = account.aws.arn('ec2', `instance/${id}`)
    const tag = { ResourceARNList: [arn], Tags: { 'caretaker:owner': 'platform' } }
    const tagging = 'resource-groups-tagging-api'
    await account.call(tagging, 'TagResources', tag)
    const Filters = [{ Name: 'tag:caretaker:owner', Values: ['plat*'] }]
    expect(await account.instances({ Filters })).toHaveLength(1)
    await account.call(tagging, 'UntagResources', { ResourceARNList: [arn], TagKeys: ['Name'] })
    const about = [{ Name: 'resource-id', Values: [id] }]
    expect(await account.call('ec2', 'DescribeTags', { Filters: about })).toEqual({
      Tags: [
        { Key: 'caretaker:owner', Value: 'platform', ResourceId: id, ResourceType: 'instance' },
      ],
    })
  })
})

describe('instances together', () => {
  it('are launched once for a client’s token, each with an address of its own', async () => {
    const account = await Network.open()
    const twice = { MaxCount: 2, ClientToken: 'once' }
    expect(await account.launch(twice)).toEqual(await account.launch(twice))
    const addresses = (await account.instances()).map(({ PrivateIpAddress }) => PrivateIpAddress)
    expect(addresses).toEqual(['10.20.1.4', '10.20.1.5'])
    await expect(account.launch({ MaxCount: 10 })).rejects.toThrow('not enough free addresses')
  })

  it('stop all or none: one id that is not there fails the call', async () => {
    const account = await Network.open()
    const ids = await account.launch({ MaxCount: 2 })
    await account.run(MINUTE)
    const asked = account.call('ec2', 'StopInstances', {
      InstanceIds: [...ids, 'i-00000000000000000'],
    })
    await expect(asked).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' })
    expect(await account.states()).toEqual(['running', 'running'])
  })

  it('are found by state, a page at a time', async () => {
    const account = await Network.open()
    await account.launch({ MaxCount: 3 })
    const Filters = [{ Name: 'instance-state-name', Values: ['pending'] }]
    const first = await account.call<{
      Reservations: { Instances: unknown[] }[]
      NextToken: string
    }>('ec2', 'DescribeInstances', { Filters, MaxResults: 2 })
    // What one request has launched is one reservation.
    expect(first.Reservations.map(({ Instances }) => Instances.length)).toEqual([2])
    expect(await account.instances({ Filters, NextToken: first.NextToken })).toHaveLength(1)
    const running = [{ Name: 'instance-state-name', Values: ['running'] }]
    expect(await account.instances({ Filters: running })).toEqual([])
  })

  it('start five times in a row, then two a second', async () => {
    const account = await Network.open()
    const InstanceIds = await account.launch()
    account.aws.guards.push(throttle(account.world))
    const start = () => account.call('ec2', 'StartInstances', { InstanceIds })
    for (let index = 0; index < 5; index++) await start()
    await expect(start()).rejects.toMatchObject({ name: 'RequestLimitExceeded' })
    await account.run(500)
    await start()
  })
})

describe('a network', () => {
  it('is found by where it is', async () => {
    const account = await Network.open()
    const Filters = [{ Name: 'vpc-id', Values: [account.vpc] }]
    expect(await account.call('ec2', 'DescribeVpcs', { VpcIds: [account.vpc] })).toMatchObject({
      Vpcs: [{ CidrBlock: '10.20.0.0/16', State: 'available' }],
    })
    expect(await account.call('ec2', 'DescribeSubnets', { Filters })).toMatchObject({
      Subnets: [{ SubnetId: account.subnet, CidrBlock: '10.20.1.0/28' }],
    })
    expect(await account.call('ec2', 'DescribeSecurityGroups', { Filters })).toMatchObject({
      SecurityGroups: [{ GroupId: account.securityGroup, GroupName: 'bastion' }],
    })
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html
  it('has one route table for a subnet, in whose place another can come', async () => {
    const account = await Network.open()
    const table = async () => {
      const { RouteTable } = await account.call<{ RouteTable: { RouteTableId: string } }>(
        'ec2',
        'CreateRouteTable',
        { VpcId: account.vpc },
      )
      return RouteTable.RouteTableId
    }
    const [one, other] = [await table(), await table()]
    const associate = (RouteTableId: string) =>
      account.call<{ AssociationId: string }>('ec2', 'AssociateRouteTable', {
        ...{ RouteTableId, SubnetId: account.subnet },
      })
    const { AssociationId } = await associate(one)
    await expect(associate(other)).rejects.toMatchObject({ name: 'Resource.AlreadyAssociated' })
    const replace = () =>
      account.call<{ NewAssociationId: string }>('ec2', 'ReplaceRouteTableAssociation', {
        ...{ AssociationId, RouteTableId: other },
      })
    expect((await replace()).NewAssociationId).not.toBe(AssociationId)
    await expect(replace()).rejects.toMatchObject({ name: 'InvalidAssociationID.NotFound' })
    await account.call('ec2', 'DeleteRouteTable', { RouteTableId: one })
    await expect(
      account.call('ec2', 'DeleteRouteTable', { RouteTableId: other }),
    ).rejects.toMatchObject({ name: 'DependencyViolation' })
  })

  it('goes from the inside to the outside', async () => {
    const account = await Network.open()
    const ids = await account.launch()
    const remove = [
      () => account.call('ec2', 'DeleteSecurityGroup', { GroupId: account.securityGroup }),
      () => account.call('ec2', 'DeleteSubnet', { SubnetId: account.subnet }),
      () => account.call('ec2', 'DeleteVpc', { VpcId: account.vpc }),
    ]
    const refused = { name: 'DependencyViolation' }
    for (const one of remove) await expect(one()).rejects.toMatchObject(refused)
    await account.call('ec2', 'TerminateInstances', { InstanceIds: ids })
    await account.run(MINUTE)
    for (const one of remove) await one()
    expect(await account.call('ec2', 'DescribeVpcs', {})).toEqual({ Vpcs: [] })
  })

  it.each([
    [
      'InvalidSubnetID.NotFound',
      'RunInstances',
      { SubnetId: 'subnet-0', MinCount: 1, MaxCount: 1 },
    ],
    ['VPCIdNotSpecified', 'RunInstances', { MinCount: 1, MaxCount: 1 }],
    ['InvalidVpcID.NotFound', 'CreateSubnet', { VpcId: 'vpc-0', CidrBlock: '10.0.0.0/24' }],
    ['InvalidID', 'CreateTags', { Resources: ['nat-0'], Tags: [] }],
    ['NotImplemented', 'DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] }],
    ['NotImplemented', 'StopInstances', { InstanceIds: [], SkipOsShutdown: true }],
  ])('answers %s to %s of %j', async (name, operation, input) => {
    const account = await Network.open()
    await expect(account.call('ec2', operation, input)).rejects.toMatchObject({ name })
  })
})
