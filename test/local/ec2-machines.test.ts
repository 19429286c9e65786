import type { BlockDeviceMapping, InstanceStatus } from '@aws-sdk/client-ec2'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { throttle } from '../../local/aws/limits.ts'
import { MINUTE } from '../kits/account.ts'
import { Network } from '../kits/network.ts'

const ONE_TIME = { InstanceMarketOptions: { MarketType: 'spot' } }
const PERSISTENT = {
  InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'persistent' } },
}
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d'
const encrypted = (more: object = {}): { BlockDeviceMappings: BlockDeviceMapping[] } => ({
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, ...more } }],
})

async function opened() {
  const account = await Network.open()
  const stop = (InstanceIds: string[], more: object = {}) =>
    account.call('ec2', 'StopInstances', { InstanceIds, ...more })
  const start = (InstanceIds: string[]) => account.call('ec2', 'StartInstances', { InstanceIds })
  return { account, stop, start }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
describe('one bad instance among many', () => {
  it.each([
    [
      'a one-time Spot instance',
      ONE_TIME,
      'UnsupportedOperation',
      'one-time Spot Instance request',
    ],
    ['stop protection', { DisableApiStop: true }, 'OperationNotPermitted', "'disableApiStop'"],
  ])('%s fails the whole call, by its id', async (_, launched, name, words) => {
    const { account, stop } = await opened()
    const [good = ''] = await account.launch()
    const [bad = ''] = await account.launch(launched)
    await account.run(MINUTE)
    await expect(stop([good, bad])).rejects.toMatchObject({
      name,
      message: expect.stringMatching(new RegExp(`'${bad}'.*${words}`)),
    })
    expect(await account.states()).toEqual(['running', 'running'])
    await stop([good])
  })

  it('an instance store has nothing to start again from', async () => {
    const { account, stop } = await opened()
    const image = { Name: 'old', ImageLocation: 'images/old.manifest.xml' }
    const { ImageId } = await account.call('ec2', 'RegisterImage', image)
    const [id = ''] = await account.launch({ ImageId })
    await account.run(MINUTE)
    await expect(stop([id])).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`,
    })
  })

  it('what is terminated is still listed, and in no state to be stopped', async () => {
    const { account, stop } = await opened()
    const [good = '', gone = ''] = await account.launch({ MaxCount: 2 })
    await account.run(MINUTE)
    await account.call('ec2', 'TerminateInstances', { InstanceIds: [gone] })
    await account.run(MINUTE)
    const refused = { name: 'IncorrectInstanceState', message: expect.stringContaining(gone) }
    await expect(stop([good, gone])).rejects.toMatchObject(refused)
    await account.run(61 * MINUTE)
    const unknown = { name: 'InvalidInstanceID.NotFound', message: expect.stringContaining(gone) }
    await expect(stop([good, gone])).rejects.toMatchObject(unknown)
  })

  it('several that are not there are named together; what is no id is called that', async () => {
    const { stop } = await opened()
    const ids = ['i-0123456789abcdef0', 'i-0123456789abcdef1']
    await expect(stop(ids)).rejects.toThrow(`The instance IDs '${ids.join(', ')}' do not exist`)
    await expect(stop(['i-1'])).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' })
  })

  it('a Spot instance of a persistent request stops like any other', async () => {
    const { account, stop } = await opened()
    const ids = await account.launch(PERSISTENT)
    await account.run(MINUTE)
    expect(await account.instances()).toMatchObject([{ InstanceLifecycle: 'spot' }])
    await stop(ids)
    await account.run(2 * MINUTE)
    expect(await account.states()).toEqual(['stopped'])
  })

  it('one whose root volume was taken away does not start', async () => {
    const { account, stop, start } = await opened()
    const ids = await account.launch({ MaxCount: 2 })
    await account.run(MINUTE)
    const [, lost] = await account.instances()
    const VolumeId = lost?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId
    const detach = () => account.call('ec2', 'DetachVolume', { VolumeId })
    await expect(detach()).rejects.toMatchObject({ name: 'OperationNotPermitted' })
    await stop(ids)
    await account.run(2 * MINUTE)
    await detach()
    await expect(start(ids)).rejects.toThrow(
      `Invalid value '${lost?.InstanceId}' for instanceId. Instance does not have a volume attached at root`,
    )
    expect(await account.states()).toEqual(['stopped', 'stopped'])
  })
})

describe('stop protection', () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html
  it('is an attribute, and holds back ending too', async () => {
    const { account, stop } = await opened()
    const [InstanceId = ''] = await account.launch()
    await account.run(MINUTE)
    const modify = (Value: boolean) =>
      account.call('ec2', 'ModifyInstanceAttribute', { InstanceId, DisableApiStop: { Value } })
    await modify(true)
    const asked = { InstanceId, Attribute: 'disableApiStop' }
    expect(await account.call('ec2', 'DescribeInstanceAttribute', asked)).toEqual({
      InstanceId,
      DisableApiStop: { Value: true },
    })
    const end = account.call('ec2', 'TerminateInstances', { InstanceIds: [InstanceId] })
    await expect(end).rejects.toMatchObject({ name: 'OperationNotPermitted' })
    await modify(false)
    await stop([InstanceId])
  })

  it('attributes have names: the type changes only while the instance is stopped', async () => {
    const { account, stop } = await opened()
    const [InstanceId = ''] = await account.launch()
    await account.run(MINUTE)
    const change = () =>
      account.call('ec2', 'ModifyInstanceAttribute', {
        InstanceId,
        Attribute: 'instanceType',
        Value: 't3.large',
      })
    await expect(change()).rejects.toMatchObject({ name: 'IncorrectInstanceState' })
    await stop([InstanceId])
    await account.run(2 * MINUTE)
    await change()
    expect(await account.instances()).toMatchObject([{ InstanceType: 't3.large' }])
  })
})

describe('hibernation', () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html
  it('is refused where it was not enabled at launch, which needs an encrypted root', async () => {
    const { account, stop } = await opened()
    const ids = await account.launch()
    await account.run(5 * MINUTE)
    await expect(stop(ids, { Hibernate: true })).rejects.toMatchObject({
      name: 'UnsupportedHibernationConfiguration',
      message: expect.stringContaining(ids[0] ?? ''),
    })
    const HibernationOptions = { Configured: true }
    await expect(account.launch({ HibernationOptions })).rejects.toThrow('encrypted')
    expect(await account.instances()).toHaveLength(1)
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-instance-hibernate.html
  it('is possible some minutes after the launch, and shows in the reason alone', async () => {
    const { account, stop } = await opened()
    const HibernationOptions = { Configured: true }
    const ids = await account.launch({ HibernationOptions, ...encrypted() })
    await account.run(MINUTE)
    await expect(stop(ids, { Hibernate: true })).rejects.toThrow('not ready to hibernate')
    await account.run(2 * MINUTE)
    await stop(ids, { Hibernate: true })
    await account.run(2 * MINUTE)
    expect(await account.instances()).toMatchObject([
      {
        State: { Name: 'stopped' },
        StateReason: {
          Code: 'Client.UserInitiatedHibernate',
          Message: 'Client.UserInitiatedHibernate: User initiated hibernate',
        },
        StateTransitionReason: 'User initiated (2026-03-02 09:03:00 GMT)',
      },
    ])
  })
})

describe('capacity', () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
  it('lacks for one type in one zone, for a while: the whole start fails and names none', async () => {
    const { account, stop, start } = await opened()
    const ids = await account.launch({ MaxCount: 2 })
    const other = await account.launch({ InstanceType: 't3.large' })
    await account.run(MINUTE)
    await stop([...ids, ...other])
    await account.run(2 * MINUTE)
    const until = account.world.now + 10 * MINUTE
    account.faults.shortage({ instanceType: 't3.large', zone: 'eu-central-1b', until })
    account.faults.shortage({ instanceType: 't3.micro', zone: 'eu-central-1a', until })
    const refused = { name: 'InsufficientInstanceCapacity', statusCode: 500 }
    await expect(start([...ids, ...other])).rejects.toMatchObject(refused)
    await start(ids)
    await expect(account.launch({ InstanceType: 't3.large' })).rejects.toMatchObject(refused)
    await account.run(10 * MINUTE)
    await start(other)
  })
})

describe('an encrypted volume', () => {
  // https://repost.aws/knowledge-center/kms-iam-ec2-permission
  it('keeps an instance stopped whose starter may not give EC2 the key', async () => {
    const { account, stop } = await opened()
    const role = await starter(account, [])
    const ids = await account.launch(encrypted({ KmsKeyId: KEY }))
    await account.run(MINUTE)
    await stop(ids)
    await account.run(2 * MINUTE)
    const answer = account.call('ec2', 'StartInstances', { InstanceIds: ids }, role)
    await account.run(MINUTE)
    const pending = { StartingInstances: [{ CurrentState: { Name: 'pending' } }] }
    expect(await answer).toMatchObject(pending)
    expect(await account.instances()).toMatchObject([
      {
        State: { Name: 'stopped' },
        StateReason: {
          Code: 'Client.InternalError',
          Message: 'Client.InternalError: Client error on launch',
        },
      },
    ])
    expect(account.told.slice(-2)).toEqual(['pending', 'stopped'])
  })

  it.each([
    ['a role that may', KEY],
    ['anybody, with AWS’s own key', 'alias/aws/ebs'],
  ])('lets it run for %s', async (who, KmsKeyId) => {
    const { account, stop } = await opened()
    const grant = { Effect: 'Allow', Action: 'kms:CreateGrant', Resource: KEY }
    const Condition = { Bool: { 'kms:GrantIsForAWSResource': 'true' } }
    const role = await starter(account, who.startsWith('a role') ? [{ ...grant, Condition }] : [])
    const ids = await account.launch(encrypted({ KmsKeyId }))
    await account.run(MINUTE)
    await stop(ids)
    await account.run(2 * MINUTE)
    const answer = account.call('ec2', 'StartInstances', { InstanceIds: ids }, role)
    await account.run(MINUTE)
    await answer
    expect(await account.states()).toEqual(['running'])
  })
})

/** A role that may start every instance, and what else it is given. */
async function starter(account: Network, more: object[]): Promise<Caller> {
  account.aws.register(new Iam(account.aws))
  account.aws.guards.push(enforcement(account.aws))
  const Principal = { Service: 'lambda.amazonaws.com' }
  const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }
  const RoleName = 'waker'
  await account.call('iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  })
  const Statement = [{ Effect: 'Allow', Action: 'ec2:StartInstances', Resource: '*' }, ...more]
  await account.call('iam', 'PutRolePolicy', {
    RoleName,
    PolicyName: 'start',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  })
  return { kind: 'function', name: 'wake', roleArn: 'arn:aws:iam::123456789012:role/waker' }
}

describe('status checks', () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
  it('begin when an instance runs and pass some minutes later', async () => {
    const { account, stop } = await opened()
    const ids = await account.launch()
    const statuses = async (input: object = {}) =>
      (
        await account.call<{ InstanceStatuses: InstanceStatus[] }>(
          'ec2',
          'DescribeInstanceStatus',
          input,
        )
      ).InstanceStatuses.map((one) => [one.InstanceState?.Name, one.SystemStatus?.Status])
    expect(await statuses()).toEqual([])
    expect(await statuses({ IncludeAllInstances: true })).toEqual([['pending', 'not-applicable']])
    await account.run(MINUTE)
    expect(await statuses({ InstanceIds: ids })).toEqual([['running', 'initializing']])
    await account.run(2 * MINUTE)
    const Filters = [{ Name: 'instance-status.status', Values: ['ok'] }]
    expect(await statuses({ Filters })).toEqual([['running', 'ok']])
    await stop(ids)
    expect(await statuses({ InstanceIds: ids })).toEqual([])
    const unknown = statuses({ InstanceIds: ['i-0123456789abcdef0'] })
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' })
  })
})

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
describe('token buckets', () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, index) => `i-${String(index).padStart(17, '0')}`)

  it('count the instances of a call besides the call', async () => {
    const { account, start, stop } = await opened()
    account.aws.guards.push(throttle(account.world))
    const throttled = { name: 'RequestLimitExceeded' }
    const tried = { name: 'InvalidInstanceID.NotFound' }
    await expect(start(ids(1_001))).rejects.toMatchObject({ name: 'ResourceCountExceeded' })
    await expect(start(ids(1_000))).rejects.toMatchObject(tried)
    await expect(start(ids(1))).rejects.toMatchObject(throttled)
    await account.run(500)
    await expect(start(ids(1))).rejects.toMatchObject(tried)
    await expect(stop(ids(1_000))).rejects.toMatchObject(tried)
    await account.run(500)
    await expect(stop(ids(11))).rejects.toMatchObject(throttled)
    await expect(stop(ids(10))).rejects.toMatchObject(tried)
  })

  it('are smaller for reads that neither filter nor page', async () => {
    const { account } = await opened()
    account.aws.guards.push(throttle(account.world))
    for (let index = 0; index < 50; index++) await account.instances()
    await expect(account.instances()).rejects.toMatchObject({ name: 'RequestLimitExceeded' })
    for (let index = 0; index < 100; index++) await account.instances({ MaxResults: 100 })
    const paged = account.instances({ MaxResults: 100 })
    await expect(paged).rejects.toMatchObject({ name: 'RequestLimitExceeded' })
  })
})

// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
it('says of types which have an instance store', async () => {
  const { account } = await opened()
  const InstanceTypes = [
    't3.large',
    'm5d.large',
    'i4i.large',
    'c6gd.medium',
    'inf2.xlarge',
    'r5.large',
  ]
  const Filters = [{ Name: 'instance-storage-supported', Values: ['true'] }]
  const ask = (more: object) => account.call('ec2', 'DescribeInstanceTypes', { Filters, ...more })
  expect(await ask({ InstanceTypes })).toMatchObject({
    InstanceTypes: [
      { InstanceType: 'm5d.large' },
      { InstanceType: 'i4i.large' },
      { InstanceType: 'c6gd.medium' },
    ],
  })
  await expect(ask({ InstanceTypes: ['large'] })).rejects.toMatchObject({
    name: 'InvalidInstanceType',
  })
})
