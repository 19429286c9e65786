import type { DBCluster, DBInstance } from '@aws-sdk/client-rds'
import { beforeEach, describe, expect, it, test } from 'vitest'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { Rds } from '../../local/aws/rds/rds.ts'
import { SecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { deploy, update } from '../../local/cloudformation/deploy.ts'
import { Account, MINUTE } from '../kits/account.ts'
import { assembly } from '../kits/templates.ts'

const HOUR = 60 * MINUTE
const ARN = 'arn:aws:rds:eu-central-1:123456789012:cluster:orders'
const NAMED = { DBClusterIdentifier: 'orders' }

/** An account with a cluster `orders` of a writer and a reader. */
class Clusters extends Account {
  static async open(cluster: object = {}, member: object = {}): Promise<Clusters> {
    const account = new Clusters([Rds, SecretsManager, Tagging])
    await account.rds('CreateDBCluster', {
      ...NAMED,
      Engine: 'aurora-postgresql',
      EngineVersion: '16.6',
      MasterUsername: 'postgres',
      ManageMasterUserPassword: true,
      Tags: [{ Key: 'team', Value: 'ordering' }],
      ...cluster,
    })
    for (const name of ['orders-1', 'orders-2']) await account.join(name, member)
    await account.run(8 * MINUTE)
    account.events.length = 0
    return account
  }

  rds<Output = Record<string, unknown>>(operation: string, input: object = NAMED) {
    return this.call<Output>('rds', operation, input)
  }

  join(DBInstanceIdentifier: string, more: object = {}): Promise<unknown> {
    return this.rds('CreateDBInstance', {
      ...NAMED,
      DBInstanceIdentifier,
      DBInstanceClass: 'db.t4g.medium',
      Engine: 'aurora-postgresql',
      ...more,
    })
  }

  async cluster(): Promise<DBCluster> {
    const { DBClusters } = await this.rds<{ DBClusters: DBCluster[] }>('DescribeDBClusters')
    return DBClusters[0] ?? {}
  }

  /** The status of the cluster and of its members, each once. */
  async states(): Promise<string> {
    const { DBInstances } = await this.rds<{ DBInstances: DBInstance[] }>('DescribeDBInstances', {})
    const all = [(await this.cluster()).Status, ...DBInstances.map((one) => one.DBInstanceStatus)]
    return [...new Set(all)].join(' ')
  }

  async history(milliseconds: number): Promise<string[]> {
    const seen: string[] = []
    const until = this.world.now + milliseconds
    while (this.world.now < until) {
      const states = await this.states()
      if (seen.at(-1) !== states) seen.push(states)
      await this.run(MINUTE / 6)
    }
    return seen
  }

  get told(): string[] {
    return this.events
      .filter(({ source }) => source === 'aws.rds')
      .map(({ detail, detailType }) => `${detailType}: ${detail.EventID} ${detail.Message}`)
  }
}

describe('a cluster', () => {
  let account: Clusters

  beforeEach(async () => {
    account = await Clusters.open()
  })

  it('has a writer, readers, addresses and a password of its own', async () => {
    const cluster = await account.cluster()
    expect(cluster).toMatchObject({
      DBClusterArn: ARN,
      Status: 'available',
      EngineMode: 'provisioned',
      DBClusterParameterGroup: 'default.aurora-postgresql16',
      DBClusterMembers: [
        { DBInstanceIdentifier: 'orders-1', IsClusterWriter: true },
        { DBInstanceIdentifier: 'orders-2', IsClusterWriter: false },
      ],
      Endpoint: expect.stringMatching(
        /^orders\.cluster-\w{12}\.eu-central-1\.rds\.amazonaws\.com$/,
      ),
      ReaderEndpoint: expect.stringMatching(/^orders\.cluster-ro-\w{12}\.eu-central-1/),
      Port: 5432,
      MasterUserSecret: { SecretArn: expect.stringContaining(':secret:rds!cluster-') },
      TagList: [{ Key: 'team', Value: 'ordering' }],
    })
  })

  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html
  it('is stopped and started with all of its members, and neither twice', async () => {
    await account.rds('StopDBCluster')
    expect(await account.states()).toBe('stopping')
    await expect(account.rds('StopDBCluster')).rejects.toMatchObject({
      name: 'InvalidDBClusterStateFault',
    })
    await account.run(6 * MINUTE)
    expect(await account.states()).toBe('stopped')
    await expect(account.rds('ModifyDBCluster')).rejects.toThrow('stopped state')
    await account.rds('StartDBCluster')
    expect(await account.states()).toBe('starting')
    await account.run(9 * MINUTE)
    expect(await account.states()).toBe('available')
    await expect(account.rds('StartDBCluster')).rejects.toMatchObject({
      name: 'InvalidDBClusterStateFault',
    })
    expect(account.told).toEqual([
      'RDS DB Cluster Event: RDS-EVENT-0150 DB cluster stopped.',
      'RDS DB Cluster Event: RDS-EVENT-0151 DB cluster started.',
    ])
    expect(account.events[0]).toMatchObject({
      resources: [ARN],
      detail: { SourceType: 'CLUSTER', SourceIdentifier: 'orders' },
    })
  })

  it.each(['StopDBInstance', 'StartDBInstance'])(
    'has members that know no %s',
    async (operation) => {
      const alone = { DBInstanceIdentifier: 'orders-1' }
      await expect(account.rds(operation, alone)).rejects.toMatchObject({
        name: 'InvalidParameterCombination',
        message: 'aurora-postgresql DB instances are not eligible for stopping and starting.',
      })
    },
  )

  it('is not stopped while a member is not available', async () => {
    const alone = { DBInstanceIdentifier: 'orders-2' }
    await account.rds('RebootDBInstance', alone)
    await expect(account.rds('StopDBCluster')).rejects.toThrow('rebooting state')
    await account.run(2 * MINUTE)
    await account.rds('StopDBCluster')
  })

  it('is started by AWS after seven days, which says so before', async () => {
    await account.rds('StopDBCluster')
    await account.run(6 * MINUTE)
    await account.world.runUntil((await account.cluster()).AutomaticRestartTime ?? new Date(0))
    expect(account.told.at(-1)).toMatch(/RDS-EVENT-0153 .*exceeding the maximum allowed time/)
    expect(await account.history(31 * MINUTE)).toEqual([
      'stopped',
      'starting',
      'maintenance',
      'available',
    ])
    expect(account.told.at(-1)).toMatch(/RDS-EVENT-0151/)
  })

  it('may fail to stop, says so, and is there as before', async () => {
    account.aws.the(Rds).failNextStop('orders')
    await account.rds('StopDBCluster')
    expect(await account.history(7 * MINUTE)).toEqual(['stopping', 'available'])
    expect(account.told.at(-1)).toMatch(/RDS-EVENT-0152 DB cluster stop failed/)
    await account.rds('StopDBCluster')
    await account.run(6 * MINUTE)
    expect(await account.states()).toBe('stopped')
  })

  it('gets another writer when its writer is deleted, and goes after its members', async () => {
    await account.rds('DeleteDBInstance', { DBInstanceIdentifier: 'orders-1' })
    await account.run(4 * MINUTE)
    expect((await account.cluster()).DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'orders-2', IsClusterWriter: true },
    ])
    const gone = { ...NAMED, SkipFinalSnapshot: true }
    await expect(account.rds('DeleteDBCluster', gone)).rejects.toThrow(
      'still contains DB instances',
    )
    await account.rds('DeleteDBInstance', { DBInstanceIdentifier: 'orders-2' })
    await account.rds('DeleteDBCluster', gone)
    await account.run(10 * MINUTE)
    await expect(account.cluster()).rejects.toMatchObject({ name: 'DBClusterNotFoundFault' })
    expect(account.told.at(-1)).toMatch(/RDS-EVENT-0171/)
  })

  it('is found by its tags, which change through the tagging API too', async () => {
    await account.call('resource-groups-tagging-api', 'TagResources', {
      ResourceARNList: [ARN],
      Tags: { 'caretaker:schedule': 'office-hours' },
    })
    const found = await account.call('resource-groups-tagging-api', 'GetResources', {
      ResourceTypeFilters: ['rds:cluster'],
      TagFilters: [{ Key: 'caretaker:schedule' }],
    })
    expect(found).toMatchObject({ ResourceTagMappingList: [{ ResourceARN: ARN }] })
    await account.rds('RemoveTagsFromResource', { ResourceName: ARN, TagKeys: ['team'] })
    expect((await account.cluster()).TagList).toEqual([
      { Key: 'caretaker:schedule', Value: 'office-hours' },
    ])
  })

  it('takes members of its own engine, while it is there', async () => {
    await expect(account.join('web', { Engine: 'postgres' })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
      message: expect.stringContaining("doesn't match the engine name of your DB cluster"),
    })
    await account.rds('StopDBCluster')
    await expect(account.join('orders-3')).rejects.toMatchObject({
      name: 'InvalidDBClusterStateFault',
    })
  })

  it.each([
    ['DBClusterAlreadyExistsFault', {}],
    ['InvalidParameterValue', { DBClusterIdentifier: 'a--b' }],
    [
      'DBParameterGroupNotFoundFault',
      { DBClusterIdentifier: 'a', DBClusterParameterGroupName: 'x' },
    ],
    ['NotImplemented', { DBClusterIdentifier: 'a', Engine: 'postgres' }],
    ['InvalidParameterCombination', { DBClusterIdentifier: 'a', MasterUserPassword: 'x' }],
  ])('is refused with %s for %j', async (name, more) => {
    const input = { ...NAMED, Engine: 'aurora-postgresql', ManageMasterUserPassword: true, ...more }
    await expect(account.rds('CreateDBCluster', input)).rejects.toMatchObject({ name })
  })

  it('lets a role stop it that may stop what carries its tag', async () => {
    const { aws } = account
    aws.register(new Iam(aws))
    const Principal = { Service: 'states.amazonaws.com' }
    const trust = { Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } }
    const Statement = {
      Effect: 'Allow',
      Action: 'rds:StopDBCluster',
      Resource: aws.arn('rds', 'cluster:*'),
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'ordering' } },
    }
    const RoleName = 'sleep'
    const AssumeRolePolicyDocument = JSON.stringify(trust)
    await account.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument })
    const PolicyDocument = JSON.stringify({ Statement })
    await account.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument })
    aws.guards.push(enforcement(aws))
    const roleArn = `arn:aws:iam::${aws.account}:role/sleep`
    const ask = async (operation: string) => {
      const machine = { kind: 'machine', name: 'sleep', roleArn } as const
      const answer = aws.call('rds', operation, NAMED, machine).then(
        () => 'ok',
        ({ message }: Error) => message,
      )
      await account.run(1_000)
      return answer
    }
    expect(await ask('StopDBCluster')).toBe('ok')
    expect(await ask('StartDBCluster')).toContain(`rds:StartDBCluster on resource: ${ARN}`)
  })
})

// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html
test.each([
  ['part of an Aurora global database', { GlobalClusterIdentifier: 'world' }],
  ['cross-Region read replica', { ReplicationSourceIdentifier: ARN.replace('central', 'west') }],
  ['Aurora Serverless v1', { EngineMode: 'serverless' }],
])('a cluster that is %s cannot be stopped', async (words, more) => {
  const account = await Clusters.open(more)
  await expect(account.rds('StopDBCluster')).rejects.toMatchObject({
    name: 'InvalidDBClusterStateFault',
    message: expect.stringContaining(words),
  })
})

test('an Aurora instance needs a cluster', async () => {
  const account = await Clusters.open()
  const alone = {
    DBInstanceIdentifier: 'alone',
    DBInstanceClass: 'db.r6g.large',
    Engine: 'aurora-mysql',
  }
  await expect(account.rds('CreateDBInstance', alone)).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
  })
})

// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
describe('a serverless cluster with a least capacity of 0', () => {
  const SERVERLESS = { DBInstanceClass: 'db.serverless' }
  const scaling = (more: object = {}) => ({
    ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 4, ...more },
  })

  it('pauses after five minutes without a connection, and wakes by the next', async () => {
    const account = await Clusters.open(scaling(), SERVERLESS)
    const rds = account.aws.the(Rds)
    const { Endpoint = '', ServerlessV2ScalingConfiguration } = await account.cluster()
    expect(ServerlessV2ScalingConfiguration).toMatchObject({ SecondsUntilAutoPause: 300 })
    const connection = rds.connect(Endpoint)
    await account.run(HOUR)
    expect([rds.capacityOf('orders-1'), rds.capacityOf('orders-2')]).toEqual([0.5, 0.5])
    connection?.close()
    await account.run(5 * MINUTE - 1)
    expect(rds.capacityOf('orders-1')).toBe(0.5)
    await account.run(1)
    expect([rds.capacityOf('orders-1'), rds.capacityOf('orders-2')]).toEqual([0, 0])
    expect(await account.states()).toBe('available')
    rds.connect(Endpoint)
    expect(rds.capacityOf('orders-2')).toBe(0.5)
  })

  it('keeps a reader of a later tier apart: that one pauses by itself', async () => {
    const account = await Clusters.open(scaling(), SERVERLESS)
    await account.join('far', { ...SERVERLESS, PromotionTier: 5 })
    const rds = account.aws.the(Rds)
    rds.connect((await account.cluster()).Endpoint ?? '')
    await account.run(20 * MINUTE)
    expect([rds.capacityOf('orders-2'), rds.capacityOf('far')]).toEqual([0.5, 0])
  })

  it('stops and starts all the same, and takes nobody in between', async () => {
    const account = await Clusters.open(scaling(), SERVERLESS)
    const rds = account.aws.the(Rds)
    const { ReaderEndpoint = '' } = await account.cluster()
    await account.run(10 * MINUTE)
    await account.rds('StopDBCluster')
    expect(rds.connect(ReaderEndpoint)).toBeUndefined()
    await account.run(6 * MINUTE)
    expect(rds.capacityOf('orders-1')).toBe(0)
    await account.rds('StartDBCluster')
    await account.run(9 * MINUTE)
    expect(rds.connect(ReaderEndpoint)).toBeDefined()
  })

  it('never pauses above that, nor instances of a fixed class', async () => {
    for (const [cluster, member] of [
      [scaling({ MinCapacity: 0.5 }), SERVERLESS],
      [scaling(), {}],
    ] as const) {
      const account = await Clusters.open(cluster, member)
      await account.run(HOUR)
      expect(account.aws.the(Rds).capacityOf('orders-1')).not.toBe(0)
    }
  })

  it('is made by a change too', async () => {
    const account = await Clusters.open(scaling({ MinCapacity: 1 }), SERVERLESS)
    await account.rds('ModifyDBCluster', { ...NAMED, ...scaling({ SecondsUntilAutoPause: 600 }) })
    await account.run(5 * MINUTE)
    expect(account.aws.the(Rds).capacityOf('orders-1')).toBe(0.5)
    await account.run(10 * MINUTE)
    expect(account.aws.the(Rds).capacityOf('orders-1')).toBe(0)
  })

  it.each([
    ['InvalidParameterValue', scaling({ SecondsUntilAutoPause: 60 })],
    ['InvalidParameterValue', scaling({ MaxCapacity: 0.5 })],
    ['InvalidParameterValue', scaling({ MinCapacity: 0.3 })],
    ['InvalidParameterCombination', scaling({ MinCapacity: 1, SecondsUntilAutoPause: 300 })],
    ['InvalidParameterCombination', { EngineVersion: '16.2', ...scaling() }],
    ['InvalidParameterCombination', { EngineVersion: '15.6', ...scaling() }],
    ['InvalidParameterCombination', { EngineVersion: '12.20', ...scaling() }],
    [
      'InvalidParameterCombination',
      { ...MYSQL, EngineVersion: '8.0.mysql_aurora.3.07.1', ...scaling() },
    ],
  ])('is refused with %s as %j', async (name, more) => {
    await expect(Clusters.open(more)).rejects.toMatchObject({ name })
  })

  it.each([
    { EngineVersion: '13.15' },
    { EngineVersion: '15.10' },
    { EngineVersion: '17.4' },
    { ...MYSQL, EngineVersion: '8.0.mysql_aurora.3.08.0' },
    { ...MYSQL, EngineVersion: '8.0.mysql_aurora.3.10.1' },
  ])('is there as %j', async (engine) => {
    const account = new Clusters([Rds])
    await account.rds('CreateDBCluster', {
      Engine: 'aurora-postgresql',
      ...NAMED,
      ...engine,
      ...scaling(),
    })
  })
})

const MYSQL = { Engine: 'aurora-mysql' }

test('a stack brings a cluster with its members and settings, changes it and takes it away', async () => {
  const account = new Clusters([Rds, SecretsManager])
  const { aws } = account
  const resources = (DeletionProtection: boolean) => ({
    Settings: {
      Type: 'AWS::RDS::DBClusterParameterGroup',
      Properties: {
        Description: 'Settings',
        Family: 'aurora-postgresql16',
        Parameters: { 'rds.force_ssl': '1' },
      },
    },
    Cluster: {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        ...NAMED,
        Engine: 'aurora-postgresql',
        EngineVersion: '16.6',
        ManageMasterUserPassword: true,
        MasterUsername: 'postgres',
        DBClusterParameterGroupName: { Ref: 'Settings' },
        ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 2 },
        DeletionProtection,
        Tags: [{ Key: 'team', Value: 'ordering' }],
      },
    },
    Writer: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        DBClusterIdentifier: { Ref: 'Cluster' },
        DBInstanceClass: 'db.serverless',
        Engine: 'aurora-postgresql',
        PromotionTier: 0,
      },
    },
  })
  const stack = (isProtected: boolean) =>
    assembly({
      Stack: {
        Resources: resources(isProtected),
        Outputs: { Address: { Value: { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] } } },
      },
    })
  const first = await deploy(aws, stack(true))
  const cluster = await account.cluster()
  expect(cluster).toMatchObject({
    Status: 'available',
    DeletionProtection: true,
    TagList: expect.arrayContaining([{ Key: 'team', Value: 'ordering' }]),
    DBClusterMembers: [{ IsClusterWriter: true, PromotionTier: 0 }],
  })
  expect(first.stacks[0]?.outputs.Address).toBe(cluster.Endpoint)
  const named = { DBClusterParameterGroupName: cluster.DBClusterParameterGroup }
  expect(await account.rds('DescribeDBClusterParameters', named)).toMatchObject({
    Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: '1' }],
  })
  const second = await update(aws, first, stack(false))
  expect((await account.cluster()).DeletionProtection).toBe(false)
  await update(
    aws,
    second,
    assembly({ Stack: { Resources: { Settings: resources(false).Settings } } }),
  )
  await expect(account.cluster()).rejects.toMatchObject({ name: 'DBClusterNotFoundFault' })
})
