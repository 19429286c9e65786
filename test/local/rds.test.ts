import { beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../kits/account.ts'
import { Databases } from '../kits/databases.ts'

const DAY = 24 * 60 * MINUTE
const ARN = 'arn:aws:rds:eu-central-1:123456789012:db:orders'

describe('a new database', () => {
  it('is created for minutes, then takes connections at its address', async () => {
    const account = await Databases.open()
    expect(await account.status()).toBe('creating')
    expect((await account.database()).Endpoint).toBeUndefined()
    await account.run(3 * MINUTE)
    expect(await account.status()).toBe('creating')
    await account.run(5 * MINUTE)
    expect(await account.database()).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceArn: ARN,
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres17' }],
      DBSubnetGroup: { DBSubnetGroupName: 'isolated', Subnets: [{}, {}] },
      Endpoint: {
        Address: expect.stringMatching(/^orders\.\w{12}\.eu-central-1\.rds\.amazonaws\.com$/),
        Port: 5432,
      },
    })
    expect(account.told).toEqual(['RDS-EVENT-0005 DB instance created.'])
  })

  it('has its master password in a secret of its own, which goes with it', async () => {
    const account = await Databases.open()
    const { MasterUserSecret } = await account.database()
    const SecretId = MasterUserSecret?.SecretArn
    const read = () =>
      account.call<{ SecretString: string }>('secrets-manager', 'GetSecretValue', { SecretId })
    expect(JSON.parse((await read()).SecretString)).toMatchObject({ username: 'postgres' })
    await account.run(8 * MINUTE)
    await account.do('DeleteDBInstance', { SkipFinalSnapshot: true })
    await expect(read()).rejects.toThrow("can't find the specified secret")
  })

  it('is found by its tags, which change through the tagging API too', async () => {
    const account = await Databases.open()
    const input = { ResourceARNList: [ARN], Tags: { 'caretaker:schedule': 'office-hours' } }
    await account.call('resource-groups-tagging-api', 'TagResources', input)
    const found = await account.call('resource-groups-tagging-api', 'GetResources', {
      ResourceTypeFilters: ['rds:db'],
      TagFilters: [{ Key: 'caretaker:schedule' }],
    })
    expect(found).toMatchObject({ ResourceTagMappingList: [{ ResourceARN: ARN }] })
    await account.call('rds', 'RemoveTagsFromResource', { ResourceName: ARN, TagKeys: ['team'] })
    expect(await account.call('rds', 'ListTagsForResource', { ResourceName: ARN })).toEqual({
      TagList: [{ Key: 'caretaker:schedule', Value: 'office-hours' }],
    })
  })

  it.each([
    ['DBInstanceAlreadyExistsFault', {}],
    ['InvalidParameterValue', { DBInstanceIdentifier: 'orders--database' }],
    ['InvalidParameterCombination', { DBInstanceIdentifier: 'new', MasterUserPassword: 'secret' }],
    ['DBSubnetGroupNotFoundFault', { DBInstanceIdentifier: 'new', DBSubnetGroupName: 'public' }],
    ['DBParameterGroupNotFoundFault', { DBInstanceIdentifier: 'new', DBParameterGroupName: 'no' }],
    ['InvalidParameterCombination', { DBInstanceIdentifier: 'new', Engine: 'aurora-postgresql' }],
    ['NotImplemented', { DBInstanceIdentifier: 'new', Timezone: 'Europe/Berlin' }],
  ])('is refused with %s for %j', async (name, more) => {
    const account = await Databases.open()
    const input = {
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      ManageMasterUserPassword: true,
      ...more,
    }
    await expect(account.call('rds', 'CreateDBInstance', input)).rejects.toMatchObject({ name })
  })
})

describe('a database that is there', () => {
  let account: Databases

  beforeEach(async () => {
    account = await Databases.open()
    await account.run(8 * MINUTE)
    account.events.length = 0
  })

  it('is stopped and started, each for minutes, and neither twice', async () => {
    await account.do('StopDBInstance')
    expect(await account.status()).toBe('stopping')
    await expect(account.do('StartDBInstance')).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
      message: 'Instance orders is not in stopped state.',
    })
    await account.run(6 * MINUTE)
    expect(await account.status()).toBe('stopped')
    await expect(account.do('StopDBInstance')).rejects.toThrow('is not in available state')
    await account.do('StartDBInstance')
    expect(await account.status()).toBe('starting')
    await account.run(9 * MINUTE)
    expect(await account.status()).toBe('available')
    expect(account.told).toEqual([
      'RDS-EVENT-0087 DB instance stopped.',
      'RDS-EVENT-0088 DB instance started.',
    ])
  })

  it('stays up once started by hand, whenever it was stopped', async () => {
    await account.do('StopDBInstance')
    await account.run(6 * MINUTE)
    await account.do('StartDBInstance')
    await account.run(8 * DAY)
    expect(account.told.filter((event) => !/backup|Backing/.test(event))).toHaveLength(2)
    expect(await account.status()).toBe('available')
  })

  it('is modified at once when that is asked, for many minutes, not while it is stopped', async () => {
    const larger = { DBInstanceClass: 'db.t4g.small', ApplyImmediately: true }
    await account.do('ModifyDBInstance', larger)
    expect(await account.database()).toMatchObject({
      DBInstanceStatus: 'modifying',
      DBInstanceClass: 'db.t4g.micro',
      PendingModifiedValues: { DBInstanceClass: 'db.t4g.small' },
    })
    await account.run(10 * MINUTE)
    await expect(account.do('StopDBInstance')).rejects.toThrow('is not in available state')
    await account.run(35 * MINUTE)
    expect(await account.database()).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.t4g.small',
    })
    await account.do('StopDBInstance')
    await account.run(6 * MINUTE)
    await expect(account.do('ModifyDBInstance', larger)).rejects.toThrow('not in available state')
  })

  it('is deleted when it is not protected, and its subnet group only after it', async () => {
    await account.do('ModifyDBInstance', { DeletionProtection: true, ApplyImmediately: true })
    await account.run(5 * MINUTE)
    const gone = { SkipFinalSnapshot: true }
    await expect(account.do('DeleteDBInstance', gone)).rejects.toThrow('protected')
    await account.do('ModifyDBInstance', { DeletionProtection: false, ApplyImmediately: true })
    await account.run(5 * MINUTE)
    await expect(account.do('DeleteDBInstance')).rejects.toThrow('FinalDBSnapshotIdentifier')
    await account.do('DeleteDBInstance', gone)
    const group = { DBSubnetGroupName: 'isolated' }
    await expect(account.call('rds', 'DeleteDBSubnetGroup', group)).rejects.toThrow('(orders)')
    await account.run(4 * MINUTE)
    await expect(account.status()).rejects.toThrow('DBInstance orders not found')
    await account.call('rds', 'DeleteDBSubnetGroup', group)
    expect(account.told).toEqual(['RDS-EVENT-0003 DB instance deleted.'])
  })
})
