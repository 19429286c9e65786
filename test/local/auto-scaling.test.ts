import type { AutoScalingGroup, AutoScalingInstanceDetails } from '@aws-sdk/client-auto-scaling'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { MINUTE } from '../kits/account.ts'
import { ScalingGroup } from '../kits/scaling-group.ts'

const HOOK = {
  LifecycleHookName: 'ready',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  HeartbeatTimeout: 300,
  NotificationMetadata: 'orders',
}

describe('a group', () => {
  it('has as many instances as it is to have, with the tags that it hands on', async () => {
    const account = await ScalingGroup.begin()
    expect(await account.lives()).toEqual(['InService Healthy', 'InService Healthy'])
    expect(await account.instances()).toMatchObject([
      {
        InstanceType: 't3.large',
        Tags: [
          { Key: 'caretaker:owner', Value: 'platform' },
          { Key: 'aws:autoscaling:groupName', Value: 'workers' },
        ],
      },
      {},
    ])
    expect(account.scalingEvents).toEqual(Array(2).fill('EC2 Instance Launch Successful'))
    const [told] = account.events.filter(({ source }) => source === 'aws.autoscaling')
    expect(told).toMatchObject({
      resources: [
        (await account.group()).AutoScalingGroupARN,
        expect.stringContaining('instance/'),
      ],
      detail: {
        StatusCode: 'InProgress',
        AutoScalingGroupName: 'workers',
        EC2InstanceId: expect.stringMatching(/^i-/),
        Details: { 'Availability Zone': 'eu-central-1b', 'Subnet ID': account.subnet },
        Origin: 'EC2',
        Destination: 'AutoScalingGroup',
      },
    })
  })

  it('grows and shrinks within its bounds, the oldest leaves', async () => {
    const account = await ScalingGroup.begin()
    const [oldest] = await account.members()
    await account.scaling('SetDesiredCapacity', { DesiredCapacity: 3 })
    await account.run(2 * MINUTE)
    expect(await account.lives()).toHaveLength(3)
    await account.scaling('SetDesiredCapacity', { DesiredCapacity: 1 })
    await account.run(2 * MINUTE)
    const left = await account.members()
    expect(left.map(({ LifecycleState }) => LifecycleState)).toEqual(['InService'])
    expect(left.map(({ InstanceId }) => InstanceId)).not.toContain(oldest?.InstanceId)
    expect(account.scalingEvents.slice(-2)).toEqual(
      Array(2).fill('EC2 Instance Terminate Successful'),
    )
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
  it('of a minimum, a maximum and a desired capacity of 0 has none', async () => {
    const account = await ScalingGroup.begin()
    await account.scaling('UpdateAutoScalingGroup', { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 })
    await account.run(2 * MINUTE)
    expect(await account.members()).toEqual([])
    await account.scaling('UpdateAutoScalingGroup', { MinSize: 2, MaxSize: 4 })
    expect(await account.group()).toMatchObject({ MinSize: 2, MaxSize: 4, DesiredCapacity: 2 })
  })

  it.each([
    ['above max value 3', 'SetDesiredCapacity', { DesiredCapacity: 4 }],
    ['below min value 1', 'SetDesiredCapacity', { DesiredCapacity: 0 }],
    ['must be greater than or equal', 'UpdateAutoScalingGroup', { MinSize: 5 }],
    ['must be between', 'UpdateAutoScalingGroup', { DesiredCapacity: 7 }],
    ['not found', 'SuspendProcesses', { AutoScalingGroupName: 'gone' }],
    ['Invalid process type', 'SuspendProcesses', { ScalingProcesses: ['Lunch'] }],
  ])('says "%s" to %s %j', async (words, operation, input) => {
    const account = await ScalingGroup.begin()
    await expect(account.scaling(operation, input)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(words),
    })
  })

  it('tries again what EC2 has no capacity for', async () => {
    const account = await ScalingGroup.begin()
    const until = account.world.now + 5 * MINUTE
    account.faults.shortage({ instanceType: 't3.large', zone: 'eu-central-1b', until })
    await account.scaling('SetDesiredCapacity', { DesiredCapacity: 3 })
    await account.run(3 * MINUTE)
    expect(await account.lives()).toHaveLength(2)
    expect(account.scalingEvents).toContain('EC2 Instance Launch Unsuccessful')
    await account.run(5 * MINUTE)
    expect(await account.lives()).toHaveLength(3)
  })

  it('goes with its instances when that is forced', async () => {
    const account = await ScalingGroup.begin()
    const remove = (more: object) => account.scaling('DeleteAutoScalingGroup', more)
    await expect(remove({})).rejects.toMatchObject({ name: 'ResourceInUse' })
    await remove({ ForceDelete: true })
    await account.run(2 * MINUTE)
    expect(await account.group()).toBeUndefined()
    expect(await account.states()).toEqual(['terminated', 'terminated'])
  })
})

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
describe('an instance that was stopped', () => {
  async function stopped(suspended: string[]) {
    const account = await ScalingGroup.begin()
    if (suspended.length > 0) {
      await account.scaling('SuspendProcesses', { ScalingProcesses: suspended })
    }
    const InstanceIds = (await account.members()).map(({ InstanceId = '' }) => InstanceId)
    await account.call('ec2', 'StopInstances', { InstanceIds })
    await account.run(10 * MINUTE)
    return { account, InstanceIds }
  }

  it('is ended and replaced: its disk is lost', async () => {
    const { account, InstanceIds } = await stopped([])
    expect(await account.lives()).toEqual(['InService Healthy', 'InService Healthy'])
    expect((await account.members()).map(({ InstanceId }) => InstanceId)).not.toEqual(InstanceIds)
    expect(await account.states()).toEqual(['terminated', 'terminated', 'running', 'running'])
  })

  it('stays while health checks are suspended, and runs on when it was started before they resume', async () => {
    const { account, InstanceIds } = await stopped(['HealthCheck', 'ReplaceUnhealthy'])
    expect(await account.lives()).toEqual(['InService Healthy', 'InService Healthy'])
    expect((await account.group()).SuspendedProcesses).toEqual([
      {
        ProcessName: 'HealthCheck',
        SuspensionReason: 'User suspended at 2026-03-02T09:02:00.000Z',
      },
      { ProcessName: 'ReplaceUnhealthy', SuspensionReason: expect.anything() },
    ])
    await account.call('ec2', 'StartInstances', { InstanceIds })
    await account.run(MINUTE)
    await account.scaling('ResumeProcesses')
    await account.run(10 * MINUTE)
    expect((await account.members()).map(({ InstanceId }) => InstanceId)).toEqual(InstanceIds)
  })

  it('is lost when checks resume before it runs', async () => {
    const { account } = await stopped(['HealthCheck', 'ReplaceUnhealthy'])
    await account.scaling('ResumeProcesses')
    await account.run(10 * MINUTE)
    expect(await account.states()).toEqual(['terminated', 'terminated', 'running', 'running'])
  })

  it('is unhealthy and kept while replacing or ending is suspended, until somebody says otherwise', async () => {
    for (const process of ['ReplaceUnhealthy', 'Terminate']) {
      const { account, InstanceIds } = await stopped([process])
      expect(await account.lives()).toEqual(['InService Unhealthy', 'InService Unhealthy'])
      await account.call('ec2', 'StartInstances', { InstanceIds })
      await account.run(MINUTE)
      expect(await account.lives()).toEqual(['InService Unhealthy', 'InService Unhealthy'])
      for (const InstanceId of InstanceIds) {
        const healthy = { InstanceId, HealthStatus: 'Healthy' }
        await account.call('auto-scaling', 'SetInstanceHealth', healthy)
      }
      await account.scaling('ResumeProcesses', { ScalingProcesses: [process] })
      await account.run(10 * MINUTE)
      expect(await account.states()).toEqual(['running', 'running'])
    }
  })

  it('is ended and not replaced while launching is suspended', async () => {
    const { account } = await stopped(['Launch'])
    expect(await account.members()).toEqual([])
    await account.scaling('ResumeProcesses', { ScalingProcesses: ['Launch'] })
    await account.run(2 * MINUTE)
    expect(await account.lives()).toHaveLength(2)
  })
})

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html */
describe('a lifecycle hook', () => {
  async function hooked(hook: object = {}) {
    const account = await ScalingGroup.begin({ DesiredCapacity: 1 })
    await account.scaling('PutLifecycleHook', { ...HOOK, ...hook })
    await account.scaling('SetDesiredCapacity', { DesiredCapacity: 2 })
    await account.run(MINUTE)
    const told = account.events.find(({ detailType }) => detailType.endsWith('Lifecycle Action'))
    return {
      account,
      told,
      states: async () => (await account.members()).map((one) => one.LifecycleState),
    }
  }

  it('holds a new instance until it is completed', async () => {
    const { account, told, states } = await hooked()
    expect(await states()).toEqual(['InService', 'Pending:Wait'])
    const [, waiting] = await account.members()
    expect(told).toMatchObject({
      detailType: 'EC2 Instance-launch Lifecycle Action',
      detail: {
        LifecycleActionToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
        LifecycleHookName: 'ready',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        EC2InstanceId: waiting?.InstanceId,
        NotificationMetadata: 'orders',
      },
    })
    await account.scaling('CompleteLifecycleAction', {
      LifecycleHookName: 'ready',
      LifecycleActionToken: told?.detail.LifecycleActionToken,
      LifecycleActionResult: 'CONTINUE',
    })
    expect(await states()).toEqual(['InService', 'InService'])
    const again = account.scaling('RecordLifecycleActionHeartbeat', {
      LifecycleHookName: 'ready',
      InstanceId: waiting?.InstanceId,
    })
    await expect(again).rejects.toThrow('No active Lifecycle Action found')
  })

  it('gives up an instance by default when its time is over, and the group launches another', async () => {
    const { account, told, states } = await hooked()
    await account.run(4 * MINUTE)
    const heartbeat = { LifecycleHookName: 'ready', InstanceId: told?.detail.EC2InstanceId }
    await account.scaling('RecordLifecycleActionHeartbeat', heartbeat)
    await account.run(4 * MINUTE)
    expect(await states()).toEqual(['InService', 'Pending:Wait'])
    await account.run(2 * MINUTE)
    expect(account.scalingEvents).toContain('EC2 Instance Launch Unsuccessful')
    expect((await account.members()).map(({ InstanceId }) => InstanceId)).not.toContain(
      told?.detail.EC2InstanceId,
    )
  })

  it('goes on when its default says so', async () => {
    const { account, states } = await hooked({ DefaultResult: 'CONTINUE' })
    await account.run(5 * MINUTE)
    expect(await states()).toEqual(['InService', 'InService'])
    expect(await account.scaling('DescribeLifecycleHooks')).toMatchObject({
      LifecycleHooks: [{ HeartbeatTimeout: 300, GlobalTimeout: 30_000, DefaultResult: 'CONTINUE' }],
    })
    await account.scaling('DeleteLifecycleHook', { LifecycleHookName: 'ready' })
    expect(await account.scaling('DescribeLifecycleHooks')).toEqual({ LifecycleHooks: [] })
  })

  it('holds an instance that is to end', async () => {
    const { account, states } = await hooked({
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    })
    await account.run(MINUTE)
    await account.scaling('SetDesiredCapacity', { DesiredCapacity: 1 })
    await account.run(MINUTE)
    expect(await states()).toEqual(['Terminating:Wait', 'InService'])
    await account.run(6 * MINUTE)
    expect(await states()).toEqual(['InService'])
  })
})

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html */
describe('a role', () => {
  it.each([
    ['aws:ResourceTag/caretaker:schedule', 'office-hours', true],
    ['autoscaling:ResourceTag/caretaker:schedule', 'office-hours', true],
    ['autoscaling:ResourceTag/caretaker:schedule', 'always-on', false],
  ])('may change a group by %s = %s: %s', async (key, value, isAllowed) => {
    const account = await ScalingGroup.begin()
    account.aws.register(new Iam(account.aws))
    account.aws.guards.push(enforcement(account.aws))
    const RoleName = 'sleeper'
    const role: Caller = {
      kind: 'person',
      name: 'ana',
      roleArn: `arn:aws:iam::123456789012:role/${RoleName}`,
    }
    const policy = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement })
    const trust = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }
    const made = { RoleName, AssumeRolePolicyDocument: policy(trust) }
    await account.call('iam', 'CreateRole', made)
    const PolicyDocument = policy({
      Effect: 'Allow',
      Action: 'autoscaling:SetDesiredCapacity',
      Resource: 'arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/workers',
      Condition: { StringEquals: { [key]: value } },
    })
    await account.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument })
    const input = { ...account.named, DesiredCapacity: 1 }
    const asked = account.call('auto-scaling', 'SetDesiredCapacity', input, role)
    if (isAllowed) expect(await asked).toEqual({})
    else await expect(asked).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('tags of groups', () => {
  it('find groups; the tagging API writes them and does not list them', async () => {
    const account = await ScalingGroup.begin()
    const { AutoScalingGroupARN: arn } = await account.group()
    const tagging = <Output>(operation: string, input: object) =>
      account.call<Output>('resource-groups-tagging-api', operation, input)
    await tagging('TagResources', { ResourceARNList: [arn], Tags: { 'caretaker:order': '2' } })
    const read = { Filters: [{ Name: 'key', Values: ['caretaker:order'] }] }
    expect(await account.call('auto-scaling', 'DescribeTags', read)).toEqual({
      Tags: [
        {
          ResourceId: 'workers',
          ResourceType: 'auto-scaling-group',
          Key: 'caretaker:order',
          Value: '2',
          PropagateAtLaunch: false,
        },
      ],
    })
    // https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    const TagFilters = [{ Key: 'caretaker:order' }]
    expect(await tagging('GetResources', { TagFilters })).toMatchObject({
      ResourceTagMappingList: [],
    })
    const by = async (Filters: object[]) =>
      (
        await account.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
          'auto-scaling',
          'DescribeAutoScalingGroups',
          { Filters },
        )
      ).AutoScalingGroups
    expect(await by([{ Name: 'tag:caretaker:schedule', Values: ['office-hours'] }])).toHaveLength(1)
    expect(await by([{ Name: 'tag-key', Values: ['nobody'] }])).toEqual([])
    await tagging('UntagResources', { ResourceARNList: [arn], TagKeys: ['caretaker:order'] })
    expect(await by([{ Name: 'tag-key', Values: ['caretaker:order'] }])).toEqual([])
  })

  it('say of an instance which group it is in, a page at a time', async () => {
    const account = await ScalingGroup.begin()
    type Page = { AutoScalingInstances: AutoScalingInstanceDetails[]; NextToken?: string }
    const page = (input: object) =>
      account.call<Page>('auto-scaling', 'DescribeAutoScalingInstances', input)
    const first = await page({ MaxRecords: 1 })
    expect(first.AutoScalingInstances).toMatchObject([{ AutoScalingGroupName: 'workers' }])
    expect((await page({ NextToken: first.NextToken })).AutoScalingInstances).toHaveLength(1)
  })
})
