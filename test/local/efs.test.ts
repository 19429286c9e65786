import { beforeEach, describe, expect, it } from 'vitest'
import { Ec2 } from '../../local/aws/ec2/ec2.ts'
import { Efs } from '../../local/aws/efs/efs.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { Account } from '../kits/account.ts'

const MINUTE = 60_000

describe('a file system', () => {
  let account: Account
  let FileSystemId = ''
  let SubnetId = ''
  const call = <Output = Record<string, unknown>>(
    operation: string,
    input: object,
    service = 'efs',
  ) => account.call<Output>(service, operation, input)

  beforeEach(async () => {
    account = new Account([Ec2, Efs, Tagging])
    const block = { CidrBlock: '10.20.1.0/24' }
    const { Vpc } = await call<{ Vpc: { VpcId: string } }>('CreateVpc', block, 'ec2')
    const { Subnet } = await call<{ Subnet: { SubnetId: string } }>(
      'CreateSubnet',
      { ...block, VpcId: Vpc.VpcId },
      'ec2',
    )
    SubnetId = Subnet.SubnetId
    const asked = { CreationToken: 'files', Encrypted: true, ThroughputMode: 'elastic' }
    const Tags = [{ Key: 'Name', Value: 'dev-files' }]
    const made = await call<{ FileSystemId: string }>('CreateFileSystem', { ...asked, Tags })
    FileSystemId = made.FileSystemId
  })

  it('is there in seconds, once for a token', async () => {
    const fileSystems = () => call('DescribeFileSystems', { CreationToken: 'files' })
    expect(await fileSystems()).toMatchObject({ FileSystems: [{ LifeCycleState: 'creating' }] })
    await account.run(10_000)
    expect(await fileSystems()).toMatchObject({
      FileSystems: [
        { FileSystemId, LifeCycleState: 'available', Name: 'dev-files', Encrypted: true },
      ],
    })
    await expect(call('CreateFileSystem', { CreationToken: 'files' })).rejects.toMatchObject({
      name: 'FileSystemAlreadyExists',
    })
  })

  it('is reached in a subnet a minute or two after it is asked for', async () => {
    const asked = { FileSystemId, SubnetId, SecurityGroups: ['sg-00000001'] }
    const { MountTargetId } = await call('CreateMountTarget', asked)
    const targets = () => call('DescribeMountTargets', { FileSystemId })
    expect(await targets()).toMatchObject({ MountTargets: [{ LifeCycleState: 'creating' }] })
    await account.run(2 * MINUTE)
    expect(await targets()).toMatchObject({
      MountTargets: [{ LifeCycleState: 'available', IpAddress: '10.20.1.254' }],
    })
    expect(await call('DescribeMountTargetSecurityGroups', { MountTargetId })).toEqual({
      SecurityGroups: ['sg-00000001'],
    })
    await expect(call('CreateMountTarget', asked)).rejects.toThrow('already exists')
  })

  it('goes after its mount targets', async () => {
    const { MountTargetId } = await call('CreateMountTarget', { FileSystemId, SubnetId })
    await account.run(2 * MINUTE)
    await expect(call('DeleteFileSystem', { FileSystemId })).rejects.toThrow('has mount targets')
    await call('DeleteMountTarget', { MountTargetId })
    await account.run(2 * MINUTE)
    await call('DeleteFileSystem', { FileSystemId })
    await account.run(10_000)
    await expect(call('DescribeFileSystems', { FileSystemId })).rejects.toMatchObject({
      name: 'FileSystemNotFound',
    })
  })

  it('has a door for each service', async () => {
    const RootDirectory = { Path: '/products' }
    const door = await call('CreateAccessPoint', { FileSystemId, RootDirectory, ClientToken: '1' })
    await account.run(5_000)
    expect(await call('DescribeAccessPoints', { FileSystemId })).toMatchObject({
      AccessPoints: [{ RootDirectory, LifeCycleState: 'available' }],
    })
    await call('DeleteAccessPoint', { AccessPointId: door.AccessPointId })
    expect(await call('DescribeAccessPoints', {})).toEqual({ AccessPoints: [] })
  })

  it('is found by its tags, which change through the tagging API too', async () => {
    const arn = account.aws.arn('elasticfilesystem', `file-system/${FileSystemId}`)
    const tag = { ResourceARNList: [arn], Tags: { 'caretaker:owner': 'platform' } }
    await call('TagResources', tag, 'resource-groups-tagging-api')
    await call('UntagResource', { ResourceId: FileSystemId, TagKeys: ['Name'] })
    expect(await call('ListTagsForResource', { ResourceId: arn })).toEqual({
      Tags: [{ Key: 'caretaker:owner', Value: 'platform' }],
    })
  })

  it.each([
    [
      'FileSystemNotFound',
      'CreateMountTarget',
      { FileSystemId: 'fs-00000000', SubnetId: 'subnet-00000000' },
    ],
    ['MountTargetNotFound', 'DeleteMountTarget', { MountTargetId: 'fsmt-00000000' }],
    ['AccessPointNotFound', 'DeleteAccessPoint', { AccessPointId: `fsap-${'0'.repeat(17)}` }],
    [
      'NotImplemented',
      'CreateFileSystem',
      { CreationToken: 'a', AvailabilityZoneName: 'eu-central-1a' },
    ],
  ])('answers %s to %s of %j', async (name, operation, input) => {
    await expect(call(operation, input)).rejects.toMatchObject({ name })
  })
})
