import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import type { Instance } from '@aws-sdk/client-ec2'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectInvariants } from '../../kits/invariants.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { EVENING, Night, nightCatalog } from '../../kits/nights.ts'

const WORKER = {
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: office-hours\n',
}
const HELD = ['HealthCheck', 'Launch', 'ReplaceUnhealthy', 'Terminate']
const SCHEDULE = { Key: 'caretaker:schedule', Value: 'office-hours' }

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(WORKER)
})

/** Machines of somebody's own, beside the environment's services. */
class Machines {
  readonly night: Night
  readonly #subnet: string

  private constructor(night: Night, subnet: string) {
    this.night = night
    this.#subnet = subnet
  }

  static async open(): Promise<Machines> {
    const night = await Night.open(catalog, ['mailer'], EVENING)
    const { Subnets } = await night.stage.call<{ Subnets: { SubnetId: string }[] }>(
      'ec2',
      'DescribeSubnets',
      {},
    )
    return new Machines(night, Subnets[0]?.SubnetId ?? '')
  }

  async launch(count: number, more: object = {}): Promise<string[]> {
    const { Instances } = await this.night.stage.call<{ Instances: { InstanceId: string }[] }>(
      'ec2',
      'RunInstances',
      {
        ...{ ImageId: 'ami-1', InstanceType: 't3.large', MinCount: count, MaxCount: count },
        SubnetId: this.#subnet,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [SCHEDULE] }],
        ...more,
      },
    )
    return Instances.map(({ InstanceId }) => InstanceId)
  }

  call<Output = unknown>(operation: string, input: object): Promise<Output> {
    return this.night.stage.call<Output & Record<string, unknown>>('ec2', operation, input)
  }

  /** Each of these as it is, in their order. */
  async seen(ids: readonly string[]): Promise<(Instance | undefined)[]> {
    const { Reservations } = await this.call<{ Reservations: { Instances: Instance[] }[] }>(
      'DescribeInstances',
      { InstanceIds: ids },
    )
    const all = Reservations.flatMap(({ Instances }) => Instances)
    return ids.map((id) => all.find(({ InstanceId }) => InstanceId === id))
  }

  async states(ids: readonly string[]): Promise<(string | undefined)[]> {
    return (await this.seen(ids)).map((one) => one?.State?.Name)
  }

  /** What is told of them once. */
  get facts(): { verdict: string; subject: string; reason: string }[] {
    return itemsOfKind(this.night.stage.simulation, 'sleep-fact') as never
  }
}

describe('machines', () => {
  it('sleep and wake although some among them cannot', async () => {
    const machines = await Machines.open()
    const { night } = machines
    const good = await machines.launch(20)
    const [spot = ''] = await machines.launch(1, { InstanceMarketOptions: { MarketType: 'spot' } })
    const [kept = ''] = await machines.launch(1, { DisableApiStop: true })
    const [stored = ''] = await machines.launch(1, { InstanceType: 'm5d.large' })
    const [gone = ''] = await machines.launch(1)
    await night.until('2026-03-02T19:58')
    await machines.call('TerminateInstances', { InstanceIds: [gone] })
    await night.until('2026-03-02T20:05')
    expect(new Set(await machines.states(good))).toEqual(new Set(['stopped']))
    expect(await machines.states([spot, kept, stored])).toEqual(['running', 'running', 'running'])
    expect(machines.facts.filter(({ verdict }) => verdict === 'refuses')).toMatchObject([
      {
        subject: `instance ${stored}`,
        reason: expect.stringContaining('caretaker:instance-store'),
      },
    ])
    const asleep = night.calls
    const [lost = ''] = good
    const [rootless] = await machines.seen([lost])
    await machines.call('DetachVolume', {
      VolumeId: rootless?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId,
    })
    await night.until('2026-03-03T06:59')
    expect(night.changes(asleep)).toEqual([])
    await night.until('2026-03-03T07:05')
    expect(new Set(await machines.states(good.slice(1)))).toEqual(new Set(['running']))
    expect(await machines.states([lost])).toEqual(['stopped'])
    expectInvariants(night.recording)
  })

  it('keep what is in memory, and come up as far as AWS lets them in the morning', async () => {
    const machines = await Machines.open()
    const { night } = machines
    const { faults } = night.stage.simulation
    const volume = (more: object) => ({
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, ...more } }],
    })
    const hibernating = { HibernationOptions: { Configured: true }, ...volume({}) }
    const [one = '', other = ''] = await machines.launch(2, hibernating)
    const [keyed = ''] = await machines.launch(1, volume({ KmsKeyId: 'mrk-of-ann' }))
    const scarce = await machines.launch(3, { InstanceType: 'm6g.large' })
    const [after = ''] = await machines.launch(1)
    await machines.call('CreateTags', {
      Resources: [after],
      Tags: [{ Key: 'caretaker:order', Value: '2000' }],
    })
    await night.until('2026-03-02T20:08')
    const all = [one, other, keyed, ...scarce, after]
    expect(new Set(await machines.states(all))).toEqual(new Set(['stopped']))
    for (const seen of await machines.seen([one, other])) {
      expect(seen?.StateReason?.Code).toBe('Client.UserInitiatedHibernate')
    }
    const [lacking] = await machines.seen(scarce)
    const zone = lacking?.Placement?.AvailabilityZone ?? ''
    const until = Date.parse('2026-03-03T07:25:00+01:00')
    faults.shortage({ instanceType: 'm6g.large', zone, until })

    await night.until('2026-03-03T07:05')
    expect(await machines.states([one, other])).toEqual(['running', 'running'])
    expect(new Set(await machines.states([...scarce, after]))).toEqual(new Set(['stopped']))
    await night.until('2026-03-03T07:20')
    expect(await machines.states([after])).toEqual(['running'])
    const told = machines.facts.filter(({ verdict }) => verdict === 'not-moved')
    expect(told.map(({ subject }) => subject).toSorted()).toEqual(
      [keyed, ...scarce].map((id) => `instance ${id}`).toSorted(),
    )
    for (const { reason } of told) {
      expect(reason).toMatch(/Client error on launch.*kms:CreateGrant|Insufficient capacity/)
    }
    await night.until('2026-03-03T07:40')
    expect(new Set(await machines.states(scarce))).toEqual(new Set(['running']))
    expect(await machines.states([keyed])).not.toContain('running')
    expectInvariants(night.recording)
  })

  it('of an Auto Scaling group sleep with the group, and one cluster as a whole', async () => {
    const machines = await Machines.open()
    const { night } = machines
    const { stage } = night
    const subnets = (
      await machines.call<{ Subnets: { SubnetId: string }[] }>('DescribeSubnets', {})
    ).Subnets
    await machines.call('CreateLaunchTemplate', {
      LaunchTemplateName: 'worker',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.large' },
    })
    await stage.call('auto-scaling', 'CreateAutoScalingGroup', {
      ...{ AutoScalingGroupName: 'workers', MinSize: 1, MaxSize: 4, DesiredCapacity: 2 },
      LaunchTemplate: { LaunchTemplateName: 'worker', Version: '$Latest' },
      VPCZoneIdentifier: subnets[0]?.SubnetId,
      Tags: [{ ...SCHEDULE, PropagateAtLaunch: true }],
    })
    const kept = { AutoScalingGroupName: 'runners' }
    await stage.call('auto-scaling', 'CreateAutoScalingGroup', {
      ...{ ...kept, MinSize: 2, MaxSize: 4, DesiredCapacity: 3 },
      LaunchTemplate: { LaunchTemplateName: 'worker', Version: '$Latest' },
      VPCZoneIdentifier: subnets[0]?.SubnetId,
      Tags: [
        { ...SCHEDULE, PropagateAtLaunch: true },
        { Key: 'caretaker:instances', Value: 'stopped', PropagateAtLaunch: false },
      ],
    })
    // This one carries no schedule; its instance does.
    const bare = { AutoScalingGroupName: 'bare' }
    await stage.call('auto-scaling', 'CreateAutoScalingGroup', {
      ...{ ...bare, MinSize: 1, MaxSize: 1, DesiredCapacity: 1 },
      LaunchTemplate: { LaunchTemplateName: 'worker', Version: '$Latest' },
      VPCZoneIdentifier: subnets[0]?.SubnetId,
    })
    await stage.minutes(2)
    const member = await group(night, 'bare')
    await machines.call('CreateTags', { Resources: member.ids, Tags: [SCHEDULE] })
    // A person's own: it is not Caretaker's to resume.
    await stage.call('auto-scaling', 'SuspendProcesses', {
      ...{ ...kept, ScalingProcesses: ['AZRebalance'] },
    })
    await stage.call('rds', 'CreateDBCluster', {
      ...{ DBClusterIdentifier: 'reports', Engine: 'aurora-postgresql', EngineVersion: '16.6' },
      ...{ MasterUsername: 'postgres', ManageMasterUserPassword: true },
      Tags: [SCHEDULE],
    })
    await stage.call('rds', 'CreateDBInstance', {
      ...{ DBClusterIdentifier: 'reports', DBInstanceIdentifier: 'reports-1' },
      ...{ DBInstanceClass: 'db.t4g.medium', Engine: 'aurora-postgresql' },
    })
    await night.until('2026-03-02T19:58')
    const calls = night.calls
    const workers = { instances: 2, min: 1, max: 4, desired: 2, suspended: [] }
    expect(await group(night, 'workers')).toMatchObject(workers)
    const runners = { instances: 3, min: 2, max: 4, desired: 3, suspended: ['AZRebalance'] }
    const { ids, ...awake } = await group(night, 'runners')
    expect(awake).toEqual(runners)
    await night.until('2026-03-02T20:30')
    expect(await group(night, 'workers')).toMatchObject({
      ...workers,
      instances: 0,
      min: 0,
      desired: 0,
    })
    const asleep = await group(night, 'runners')
    expect(asleep).toMatchObject({ ...runners, ids, suspended: expect.arrayContaining(HELD) })
    expect(await machines.states(ids)).toEqual(ids.map(() => 'stopped'))
    expect(await group(night, 'bare')).toEqual(member)
    expect(await machines.states(member.ids)).toEqual(['running'])
    expect(await cluster(night)).toBe('stopped')
    await night.until('2026-03-03T07:01')
    await stopExecution(night)
    // The sweep finds that they run, and has resumed what was suspended.
    await night.until('2026-03-03T07:30')
    expect(await group(night, 'workers')).toMatchObject(workers)
    expect(await group(night, 'runners')).toEqual({ ...runners, ids })
    expect(await machines.states(ids)).toEqual(ids.map(() => 'running'))
    expect(await cluster(night)).toBe('available')
    expect(machines.facts.filter(({ verdict }) => verdict === 'refuses')).toMatchObject([
      {
        subject: `instance ${member.ids[0]}`,
        reason: expect.stringMatching(/bare.*tag the group/),
      },
    ])
    const changes = night.changes(calls).filter((one) => /Group|Cluster|Processes/.test(one))
    expect(changes.map((one) => one.trim()).toSorted()).toEqual([
      'ResumeProcesses',
      'StartDBCluster reports',
      'StopDBCluster reports',
      'SuspendProcesses',
      'UpdateAutoScalingGroup',
      'UpdateAutoScalingGroup',
    ])
    expectInvariants(night.recording)
  })
})

async function cluster({ stage }: Night): Promise<string | undefined> {
  const { DBClusters } = await stage.call<{ DBClusters: { Status: string }[] }>(
    'rds',
    'DescribeDBClusters',
    {},
  )
  return DBClusters[0]?.Status
}

async function group({ stage }: Night, name: string) {
  const { AutoScalingGroups } = await stage.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
    'auto-scaling',
    'DescribeAutoScalingGroups',
    { AutoScalingGroupNames: [name] },
  )
  const { Instances = [], SuspendedProcesses = [], ...size } = AutoScalingGroups[0] ?? {}
  const { MinSize: min, MaxSize: max, DesiredCapacity: desired } = size as AutoScalingGroup
  return {
    ...{ instances: Instances.length, min, max, desired },
    ids: Instances.map(({ InstanceId = '' }) => InstanceId),
    suspended: SuspendedProcesses.map(({ ProcessName }) => ProcessName),
  }
}

/** Somebody stops the execution that moves things. */
async function stopExecution({ stage }: Night): Promise<void> {
  const running = stage.simulation.sfn.executions.filter(
    ({ status, arn }) => status === 'RUNNING' && arn.includes(':dev-sleep:'),
  )
  expect(running).toHaveLength(1)
  for (const { arn } of running) await stage.call('sfn', 'StopExecution', { executionArn: arn })
}
