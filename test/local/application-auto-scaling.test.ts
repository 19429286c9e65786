import { beforeEach, describe, expect, it } from 'vitest'
import { ApplicationAutoScaling } from '../../local/aws/application-auto-scaling/application-auto-scaling.ts'
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
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

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
  describe('and a policy whose alarm is red', () => {
    const scaling = () => account.aws.the(ApplicationAutoScaling)
    const measure = (value: number) => scaling().measure(NAME.ResourceId, 'cpu', value)

    beforeEach(async () => {
      await call('PutScalingPolicy', CPU)
    })

    it('scale out by what the metric is, at most to the maximum, and then rest', async () => {
      await register({ MaxCapacity: 8 })
      await measure(140)
      expect(await desired()).toBe(4)
      await measure(140)
      expect(await desired()).toBe(4)
      await account.run(5 * MINUTE)
      await measure(500)
      expect(await desired()).toBe(8)
    })

    it('scale in, at least to the minimum, and not for a little', async () => {
      await measure(65)
      expect(await desired()).toBe(2)
      await measure(20)
      expect(await desired()).toBe(1)
    })

    it('bring back a count that somebody set below the minimum, when there is load', async () => {
      await desired()
      await account.update({ desiredCount: 0 })
      await measure(20)
      expect(await desired()).toBe(0)
      await measure(90)
      expect(await desired()).toBe(1)
    })

    it('bring down one above the maximum, when there is none', async () => {
      await desired()
      await account.update({ desiredCount: 5 })
      await measure(90)
      expect(await desired()).toBe(5)
      await measure(10)
      expect(await desired()).toBe(1)
    })

    it('do neither while that is suspended', async () => {
      await register({ MinCapacity: 0, SuspendedState: SUSPENDED })
      await measure(140)
      await measure(1)
      expect(await desired()).toBe(2)
    })

    it('do not scale in where the policy does not', async () => {
      const TargetTrackingScalingPolicyConfiguration = {
        ...CPU.TargetTrackingScalingPolicyConfiguration,
        DisableScaleIn: true,
      }
      await call('PutScalingPolicy', { ...CPU, TargetTrackingScalingPolicyConfiguration })
      await measure(1)
      expect(await desired()).toBe(2)
    })
  })

  // https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
  describe('and an alarm that names a policy of steps', () => {
    const red = async (configuration: object, value = 0) => {
      account.aws.register(new CloudWatch(account.aws))
      const { PolicyARN } = await call('PutScalingPolicy', {
        ...NAME,
        PolicyName: 'queue',
        PolicyType: 'StepScaling',
        StepScalingPolicyConfiguration: { Cooldown: 60, ...configuration },
      })
      await account.call('cloudwatch', 'PutMetricAlarm', {
        AlarmName: 'backlog',
        Namespace: 'Orders',
        MetricName: 'Backlog',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 100,
        TreatMissingData: 'ignore',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmActions: [PolicyARN],
      })
      await account.call('cloudwatch', 'SetAlarmState', {
        AlarmName: 'backlog',
        StateValue: 'ALARM',
        StateReason: 'set by a test',
        ...(value > 0 && { StateReasonData: JSON.stringify({ recentDatapoints: [value] }) }),
      })
    }
    const steps = (...StepAdjustments: object[]) => ({ StepAdjustments })
    const HIGH = { MetricIntervalLowerBound: 50, ScalingAdjustment: 2 }
    const SOME = { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 50, ScalingAdjustment: 1 }
    const FEW = {
      MetricIntervalLowerBound: -20,
      MetricIntervalUpperBound: 0,
      ScalingAdjustment: -1,
    }
    const change = { AdjustmentType: 'ChangeInCapacity', ...steps(SOME, HIGH) }
    const share = (step: object) => ({
      AdjustmentType: 'PercentChangeInCapacity',
      ...steps(step),
    })

    beforeEach(() => register({ MinCapacity: 1, MaxCapacity: 9 }))

    it.each([
      [3, change, 120],
      [4, change, 150],
      [3, change, 0],
      [1, { AdjustmentType: 'ExactCapacity', ...steps({ ...SOME, ScalingAdjustment: 1 }) }, 110],
      [
        4,
        {
          AdjustmentType: 'PercentChangeInCapacity',
          ...steps({ ...SOME, ScalingAdjustment: 100 }),
        },
        110,
      ],
      // A tenth of two tasks is less than one, which it is at least; or what the policy says.
      [3, share({ ...SOME, ScalingAdjustment: 10 }), 110],
      [3, share({ ...SOME, ScalingAdjustment: 1 }), 110],
      [6, { ...share({ ...SOME, ScalingAdjustment: 10 }), MinAdjustmentMagnitude: 4 }, 110],
      [5, share({ ...SOME, ScalingAdjustment: 190 }), 110],
      [1, share({ ...SOME, ScalingAdjustment: -50 }), 110],
      [
        1,
        { AdjustmentType: 'ChangeInCapacity', ...steps({ ...SOME, ScalingAdjustment: -1 }) },
        110,
      ],
      [7, { AdjustmentType: 'ExactCapacity', ...steps({ ...SOME, ScalingAdjustment: 7 }) }, 110],
      [9, { AdjustmentType: 'ExactCapacity', ...steps({ ...SOME, ScalingAdjustment: 12 }) }, 110],
      // From its lower bound, and up to before its upper one; below the threshold the other way round.
      [3, change, 100],
      [3, change, 149],
      [1, { AdjustmentType: 'ChangeInCapacity', ...steps(FEW) }, 90],
      [2, { AdjustmentType: 'ChangeInCapacity', ...steps(FEW) }, 80],
      [1, { AdjustmentType: 'ChangeInCapacity', ...steps(FEW) }, 81],
      [2, change, 90],
    ])('make it %d tasks by %j at %d', async (count, configuration, value) => {
      await red(configuration, value)
      await account.run(30_000)
      expect((await account.service()).desiredCount).toBe(count)
    })

    it('are asked again each minute while it stays red, also from zero', async () => {
      await account.update({ desiredCount: 0 })
      await red(change, 120)
      await account.run(30_000)
      expect((await account.service()).desiredCount).toBe(1)
      await account.run(5 * MINUTE)
      expect((await account.service()).desiredCount).toBeGreaterThan(3)
      await account.call('cloudwatch', 'SetAlarmState', {
        AlarmName: 'backlog',
        StateValue: 'OK',
        StateReason: 'set by a test',
      })
      const { desiredCount } = await account.service()
      await account.run(5 * MINUTE)
      expect((await account.service()).desiredCount).toBe(desiredCount)
    })
  })

  // https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
  describe('and an action at a time', () => {
    const put = (more: object = {}) =>
      call('PutScheduledAction', {
        ...NAME,
        ScheduledActionName: 'morning',
        Schedule: 'cron(0 11 * * ? *)',
        Timezone: 'Europe/Berlin',
        ScalableTargetAction: { MinCapacity: 2 },
        ...more,
      })
    /** The clock starts on Monday 2 March 2026 at 09:00. */
    const at = (instant: string) => account.world.runUntil(new Date(instant))
    const count = async () => (await account.service()).desiredCount

    it('change with it, and bring back a count that somebody set below them', async () => {
      await put()
      await desired()
      await account.update({ desiredCount: 0 })
      await at('2026-03-02T09:59:59Z')
      expect(await count()).toBe(0)
      await at('2026-03-02T10:00:01Z')
      expect(await count()).toBe(2)
      await account.update({ desiredCount: 0 })
      await at('2026-03-03T10:00:01Z')
      expect(await count()).toBe(2)
      expect(await call('DescribeScalableTargets', ALL)).toMatchObject({
        ScalableTargets: [{ MinCapacity: 2, MaxCapacity: 3 }],
      })
    })

    it('stay as they are while scheduled scaling is suspended, and only then', async () => {
      await put()
      await register({ SuspendedState: SUSPENDED })
      await account.update({ desiredCount: 0 })
      await at('2026-03-02T10:00:01Z')
      expect(await count()).toBe(2)
      await register({ SuspendedState: { ScheduledScalingSuspended: true } })
      await account.update({ desiredCount: 0 })
      await at('2026-03-03T10:00:01Z')
      expect(await count()).toBe(0)
    })

    it('that is over, deleted, or whose target is gone, does nothing', async () => {
      const EndTime = new Date('2026-03-02T09:30:00Z')
      await put({ EndTime })
      await put({ ScheduledActionName: 'once', Schedule: 'at(2026-03-02T10:30:00)' })
      expect(await call('DescribeScheduledActions', ALL)).toMatchObject({
        ScheduledActions: [
          { ScheduledActionName: 'morning', EndTime },
          { ScheduledActionName: 'once' },
        ],
      })
      await call('DeleteScheduledAction', { ...NAME, ScheduledActionName: 'once' })
      await desired()
      await account.update({ desiredCount: 0 })
      await at('2026-03-03T12:00:00Z')
      expect(await count()).toBe(0)
      await call('DeregisterScalableTarget', NAME)
      expect(await call('DescribeScheduledActions', ALL)).toEqual({ ScheduledActions: [] })
      await expect(put()).rejects.toMatchObject({ name: 'ObjectNotFoundException' })
    })

    it.each([{ Schedule: 'every morning' }, { Timezone: 'Mars' }, { ScalableTargetAction: {} }])(
      'is refused as %j',
      async (more) => {
        await expect(put(more)).rejects.toMatchObject({ name: 'ValidationException' })
      },
    )
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
