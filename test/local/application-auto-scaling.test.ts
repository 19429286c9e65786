import { beforeEach, describe, expect, it } from 'vitest'
import { ApplicationAutoScaling } from '../../local/aws/application-auto-scaling/application-auto-scaling.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

const NAME = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/dev/orders',
  ScalableDimension: 'ecs:service:DesiredCount',
}

const ALL = { ServiceNamespace: 'ecs' }

const SUSPENDED = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true }

const CPU = {
  ...NAME,
  PolicyName: 'cpu',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 70,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  },
}

describe('the bounds of a service', () => {
  let account: Cluster
  let arn = ''
  const call = <Output = Record<string, unknown>>(operation: string, input: object) =>
    account.call<Output>('application-auto-scaling', operation, input)
  const register = (bounds: object) =>
    call<{ ScalableTargetARN: string }>('RegisterScalableTarget', { ...NAME, ...bounds })
  /** How many tasks the service shall have, a minute later. */
  const desired = async () => {
    await account.run(MINUTE)
    return (await account.service()).desiredCount
  }

  beforeEach(async () => {
    account = await Cluster.open()
    account.aws.register(new ApplicationAutoScaling(account.aws))
    account.aws.register(new Tagging(account.aws))
    await account.create(await account.revision({}))
    const bounds = { MinCapacity: 1, MaxCapacity: 3, Tags: { team: 'ordering' } }
    arn = (await register(bounds)).ScalableTargetARN
  })

  it('leave a count alone that is within them', async () => {
    expect(await desired()).toBe(2)
    expect(await call('DescribeScalableTargets', ALL)).toMatchObject({
      ScalableTargets: [{ ...NAME, MinCapacity: 1, MaxCapacity: 3, ScalableTargetARN: arn }],
    })
  })

  it('move a count that new ones leave outside', async () => {
    await register({ MinCapacity: 3, MaxCapacity: 5 })
    expect(await desired()).toBe(3)
    await register({ MinCapacity: 0, MaxCapacity: 1 })
    expect(await desired()).toBe(1)
  })

  it('do not move it while that is suspended; the rest of them stays', async () => {
    await register({ MinCapacity: 0, SuspendedState: SUSPENDED })
    await account.update({ desiredCount: 0 })
    await register({ MinCapacity: 2 })
    expect(await desired()).toBe(0)
    await register({ SuspendedState: { DynamicScalingOutSuspended: false } })
    expect(await desired()).toBe(2)
    expect(await call('DescribeScalableTargets', ALL)).toMatchObject({
      ScalableTargets: [
        {
          MinCapacity: 2,
          MaxCapacity: 3,
          SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false },
        },
      ],
    })
  })

  it('do not fight a count that is set outside of them later', async () => {
    await desired()
    await account.update({ desiredCount: 0 })
    expect(await desired()).toBe(0)
  })

  it('have policies, which go with them', async () => {
    const { PolicyARN } = await call('PutScalingPolicy', CPU)
    const policies = () => call('DescribeScalingPolicies', ALL)
    expect(await policies()).toMatchObject({ ScalingPolicies: [{ ...CPU, PolicyARN }] })
    await call('PutScalingPolicy', { ...CPU, PolicyType: 'StepScaling' })
    expect(await policies()).toMatchObject({
      ScalingPolicies: [{ PolicyARN, PolicyType: 'StepScaling' }],
    })
    await call('DeleteScalingPolicy', { ...NAME, PolicyName: 'cpu' })
    await expect(call('DeleteScalingPolicy', { ...NAME, PolicyName: 'cpu' })).rejects.toThrow('cpu')
    await call('PutScalingPolicy', CPU)
    await call('DeregisterScalableTarget', NAME)
    expect(await policies()).toEqual({ ScalingPolicies: [] })
    await expect(call('PutScalingPolicy', CPU)).rejects.toMatchObject({
      name: 'ObjectNotFoundException',
    })
  })

  it('are found by their tags, which change through the tagging API too', async () => {
    await account.call('resource-groups-tagging-api', 'TagResources', {
      ResourceARNList: [arn],
      Tags: { 'caretaker:service': 'orders' },
    })
    await call('UntagResource', { ResourceARN: arn, TagKeys: ['team'] })
    expect(await call('ListTagsForResource', { ResourceARN: arn })).toEqual({
      Tags: { 'caretaker:service': 'orders' },
    })
  })

  it.each([
    ['ValidationException', { MinCapacity: 4 }],
    ['ValidationException', { ResourceId: 'service/dev/web', MinCapacity: 0, MaxCapacity: 1 }],
    ['ValidationException', { ResourceId: 'service/dev/web', MaxCapacity: 1 }],
    ['NotImplemented', { ServiceNamespace: 'dynamodb' }],
  ])('are refused with %s as %j', async (name, bounds) => {
    await expect(register(bounds)).rejects.toMatchObject({ name })
  })
})
