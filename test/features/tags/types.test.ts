import { beforeAll, describe, expect, it } from 'vitest'
import { LADDER, TagWorld, tagCatalog } from '../../kits/tag-worlds.ts'

const DUE = 'caretaker:tags-due'
const OURS = { 'caretaker:owner': 'ordering', 'caretaker:environment': 'dev' }
type Pair = { Key: string; Value: string }
const map = (tags: Pair[] = []) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value] as const))

describe('every type that can be watched', () => {
  let world: TagWorld
  const call = <Output = Record<string, unknown>>(service: string, operation: string, input = {}) =>
    world.stage.call<Output>(service, operation, input)

  beforeAll(async () => {
    world = await TagWorld.open(tagCatalog('act', LADDER))
    await world.pastReports()
    const bob = await world.person('bob@example.com')
    const make = (service: string, operation: string, input: object) =>
      world.stage.callAs(bob, service, operation, input)
    const engine = { Engine: 'aurora-postgresql' }
    await make('rds', 'CreateDBInstance', {
      ...{ DBInstanceIdentifier: 'notes', DBInstanceClass: 'db.t4g.micro', Engine: 'postgres' },
      ...{ AllocatedStorage: 20, MasterUsername: 'owner', ManageMasterUserPassword: true },
    })
    await call('rds', 'CreateDBCluster', {
      ...{ DBClusterIdentifier: 'shop', ...engine },
      ...{ MasterUsername: 'owner', ManageMasterUserPassword: true },
      Tags: [{ Key: 'caretaker:owner', Value: 'ordering' }],
    })
    await call('rds', 'CreateDBInstance', {
      ...{ DBInstanceIdentifier: 'shop-1', DBClusterIdentifier: 'shop', ...engine },
      DBInstanceClass: 'db.t4g.medium',
    })
    const { Subnets } = await call<{ Subnets: { SubnetId: string }[] }>('ec2', 'DescribeSubnets')
    await call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: 'worker',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
    })
    await make('auto-scaling', 'CreateAutoScalingGroup', {
      ...{ AutoScalingGroupName: 'workers', MinSize: 1, MaxSize: 1, DesiredCapacity: 1 },
      LaunchTemplate: { LaunchTemplateName: 'worker', Version: '$Latest' },
      VPCZoneIdentifier: Subnets[0]?.SubnetId,
    })
    await world.stage.minutes(6)
    await make('ecs', 'CreateService', {
      ...{ cluster: 'dev-backend', serviceName: 'by-hand', desiredCount: 0 },
      ...{ taskDefinition: 'dev-mailer', launchType: 'FARGATE' },
      networkConfiguration: { awsvpcConfiguration: { subnets: [Subnets[0]?.SubnetId] } },
    })
    await world.stage.minutes(6)
  })

  const databases = () =>
    call<{ DBInstances: { DBInstanceStatus: string; TagList: Pair[] }[] }>(
      'rds',
      'DescribeDBInstances',
      { DBInstanceIdentifier: 'notes' },
    ).then(({ DBInstances: [one] }) => one)
  const clusters = () =>
    call<{ DBClusters: { Status: string; TagList: Pair[] }[] }>('rds', 'DescribeDBClusters', {
      DBClusterIdentifier: 'shop',
    }).then(({ DBClusters: [one] }) => one)
  const group = () =>
    call<{ AutoScalingGroups: { Tags: Pair[]; Instances: { InstanceId: string }[] }[] }>(
      'auto-scaling',
      'DescribeAutoScalingGroups',
      { AutoScalingGroupNames: ['workers'] },
    ).then(({ AutoScalingGroups: [one] }) => one)
  const service = () =>
    call<{ services: { tags: { key: string; value: string }[] }[] }>('ecs', 'DescribeServices', {
      ...{ cluster: 'dev-backend', services: ['by-hand'], include: ['TAGS'] },
    }).then(({ services: [one] }) =>
      map(one?.tags.map(({ key, value }) => ({ Key: key, Value: value }))),
    )

  it('gets owner and defaults from who made it, within minutes', async () => {
    expect(map((await databases())?.TagList)).toEqual(OURS)
    expect(map((await group())?.Tags)).toEqual(OURS)
    expect(await service()).toEqual(OURS)
  })

  it('a group’s instance and a cluster’s database take theirs from it', async () => {
    await world.nextSweep()
    expect(map((await clusters())?.TagList)).toEqual(OURS)
    const [member] = (await group())?.Instances ?? []
    expect(await world.tags(member?.InstanceId ?? '')).toMatchObject(OURS)
    // One message each for the heads, and none for a member.
    expect(world.messages(member?.InstanceId ?? '-')).toEqual([])
  })

  it('is marked; databases and clusters are stopped, groups and services never', async () => {
    await world.nextSweep(5)
    expect((await databases())?.DBInstanceStatus).toMatch(/^stopp/)
    expect((await clusters())?.Status).toMatch(/^stopp/)
    for (const tags of [await service(), map((await group())?.Tags)]) {
      expect(tags).toHaveProperty(DUE)
    }
    const { AutoScalingGroups } = await call<{ AutoScalingGroups: { DesiredCapacity: number }[] }>(
      'auto-scaling',
      'DescribeAutoScalingGroups',
      { AutoScalingGroupNames: ['workers'] },
    )
    expect(AutoScalingGroups[0]?.DesiredCapacity).toBe(1)
    expect(world.count('StopInstances')).toBe(0)
  })

  it('is as it was once it has its tags', async () => {
    const { aws } = world.stage.simulation
    const arns = [
      `rds:${aws.region}:${aws.account}:db:notes`,
      `rds:${aws.region}:${aws.account}:cluster:shop`,
    ]
    const ecs = `ecs:${aws.region}:${aws.account}:service/dev-backend/by-hand`
    await call('resource-groups-tagging-api', 'TagResources', {
      ResourceARNList: [...arns, ecs].map((one) => `arn:aws:${one}`),
      Tags: { 'cost-center': '4711' },
    })
    await call('auto-scaling', 'CreateOrUpdateTags', {
      Tags: [
        {
          ...{ ResourceId: 'workers', ResourceType: 'auto-scaling-group' },
          ...{ Key: 'cost-center', Value: '4711', PropagateAtLaunch: false },
        },
      ],
    })
    await world.nextSweep()
    await world.stage.minutes(30)
    expect((await databases())?.DBInstanceStatus).toBe('available')
    expect((await clusters())?.Status).toBe('available')
    for (const tags of [
      await service(),
      map((await group())?.Tags),
      map((await databases())?.TagList),
      map((await clusters())?.TagList),
    ]) {
      expect(tags).toEqual({ ...OURS, 'cost-center': '4711' })
    }
  })
})
