import type { DBInstance } from '@aws-sdk/client-rds'
import { beforeEach, describe, expect, it } from 'vitest'
import { Rds } from '../../local/aws/rds/rds.ts'
import { MINUTE } from '../kits/account.ts'
import { Databases } from '../kits/databases.ts'

const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The account's clock starts on Monday 2 March 2026 at 09:00. */
const WINDOWS = {
  PreferredBackupWindow: '03:00-03:30',
  PreferredMaintenanceWindow: 'wed:04:00-wed:04:30',
}

/** The statuses of the database from now on, one for each time it changes, with the minute. */
async function statuses(account: Databases, milliseconds: number): Promise<string[]> {
  const seen: string[] = []
  const until = account.world.now + milliseconds
  while (account.world.now < until) {
    const status = (await account.status()) ?? ''
    if (seen.at(-1) !== status) seen.push(status)
    await account.run(MINUTE / 6)
  }
  return seen
}

const NOT_AVAILABLE = {
  name: 'InvalidDBInstanceStateFault',
  message: 'Instance orders is not in available state.',
}

async function opened(more: object = {}): Promise<Databases> {
  const account = await Databases.open({ ...WINDOWS, ...more })
  await account.run(8 * MINUTE)
  account.events.length = 0
  return account
}

const at = (account: Databases, instant: string) => account.world.runUntil(new Date(instant))

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
describe('a backup', () => {
  it('is made daily in its window, while clients connect and nothing can be stopped', async () => {
    const account = await opened()
    const { Endpoint } = await account.database()
    const reachable = () => account.aws.the(Rds).takesConnections(Endpoint?.Address ?? '')
    await at(account, '2026-03-03T02:59:00Z')
    expect(await statuses(account, 17 * MINUTE)).toEqual(['available', 'backing-up'])
    expect(reachable()).toBe(true)
    await expect(account.do('StopDBInstance')).rejects.toMatchObject(NOT_AVAILABLE)
    await account.run(25 * MINUTE)
    expect(await account.status()).toBe('available')
    expect(account.told).toEqual([
      'RDS-EVENT-0001 Backing up DB instance.',
      'RDS-EVENT-0002 Finished DB instance backup.',
    ])
    await account.do('StopDBInstance')
    expect(reachable()).toBe(false)
  })

  it('is not made while the instance is stopped; it may follow the start', async () => {
    const after = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map(async (seed) => {
        const account = await Databases.open(WINDOWS, seed)
        await account.run(8 * MINUTE)
        await account.do('StopDBInstance')
        await at(account, '2026-03-03T07:00:00Z')
        expect(account.told.join()).not.toContain('backup')
        await account.do('StartDBInstance')
        return (await statuses(account, 13 * MINUTE)).join(' ')
      }),
    )
    expect(new Set(after)).toEqual(new Set(['starting available', 'starting available backing-up']))
  })

  it('is never made where none are kept', async () => {
    const account = await opened({ BackupRetentionPeriod: 0 })
    await account.run(3 * DAY)
    expect(account.told).toEqual([])
  })
})

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
describe('after seven days', () => {
  it('AWS says that it starts, starts, maintains, and says when the database is there', async () => {
    const account = await opened({ BackupRetentionPeriod: 0 })
    await account.do('StopDBInstance')
    await account.run(6 * MINUTE)
    const restart = (await account.database()).AutomaticRestartTime ?? new Date(0)
    await account.world.runUntil(restart)
    expect(account.told.at(-1)).toMatch(/^RDS-EVENT-0154 .*exceeding the maximum allowed time/)
    expect(await account.status()).toBe('stopped')
    await expect(account.do('StopDBInstance')).rejects.toMatchObject(NOT_AVAILABLE)
    expect(await statuses(account, 31 * MINUTE)).toEqual([
      'stopped',
      'starting',
      'maintenance',
      'available',
    ])
    expect(account.told.at(-1)).toBe('RDS-EVENT-0088 DB instance started.')
    expect((await account.database()).AutomaticRestartTime).toBeUndefined()
    await account.do('StopDBInstance')
  })

  it('a person who is quicker than AWS starts it without maintenance', async () => {
    const account = await opened({ BackupRetentionPeriod: 0 })
    await account.do('StopDBInstance')
    await account.run(6 * MINUTE)
    const restart = (await account.database()).AutomaticRestartTime ?? new Date(0)
    await account.world.runUntil(restart)
    await account.do('StartDBInstance')
    expect(await statuses(account, 31 * MINUTE)).toEqual(['starting', 'available'])
  })
})

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
describe('a change', () => {
  let account: Databases
  const change = (input: object) => account.do('ModifyDBInstance', input)

  beforeEach(async () => {
    account = await opened({ BackupRetentionPeriod: 0 })
  })

  it('of the class waits for the maintenance window unless it shall not', async () => {
    await change({ DBInstanceClass: 'db.t4g.small' })
    expect(await account.database()).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.t4g.micro',
      PendingModifiedValues: { DBInstanceClass: 'db.t4g.small' },
    })
    await at(account, '2026-03-04T03:59:59Z')
    expect(await account.status()).toBe('available')
    await account.run(1_000)
    expect(await account.status()).toBe('modifying')
    await account.run(45 * MINUTE)
    expect(await account.database()).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.t4g.small',
      PendingModifiedValues: {},
    })
    expect(account.told.at(-1)).toMatch(/^RDS-EVENT-0014/)
  })

  it('waits another week when the instance is stopped in its window', async () => {
    await change({ DBInstanceClass: 'db.t4g.small' })
    await account.do('StopDBInstance')
    await at(account, '2026-03-04T05:00:00Z')
    await account.do('StartDBInstance')
    await at(account, '2026-03-11T03:59:59Z')
    expect(await account.status()).toBe('available')
    await account.run(1_000)
    expect(await account.status()).toBe('modifying')
  })

  it('that is made at once takes what waits with it', async () => {
    await change({ DBInstanceClass: 'db.t4g.small' })
    await change({ MonitoringInterval: 60, EngineVersion: '17.4', ApplyImmediately: true })
    expect(await statuses(account, 80 * MINUTE)).toEqual([
      'upgrading',
      'modifying',
      'configuring-enhanced-monitoring',
      'available',
    ])
    expect(await account.database()).toMatchObject({
      DBInstanceClass: 'db.t4g.small',
      EngineVersion: '17.4',
      MonitoringInterval: 60,
    })
  })

  it('to what it is already changes nothing', async () => {
    await change({ DBInstanceClass: 'db.t4g.micro', ApplyImmediately: true })
    expect(await account.status()).toBe('available')
  })

  it('of the storage is followed by hours in which all but stopping works', async () => {
    await change({ AllocatedStorage: 40, ApplyImmediately: true })
    await account.run(6 * MINUTE)
    const { AllocatedStorage, DBInstanceStatus, Endpoint } = await account.database()
    expect({ AllocatedStorage, DBInstanceStatus }).toEqual({
      AllocatedStorage: 40,
      DBInstanceStatus: 'storage-optimization',
    })
    expect(account.aws.the(Rds).takesConnections(Endpoint?.Address ?? '')).toBe(true)
    await expect(account.do('StopDBInstance')).rejects.toMatchObject(NOT_AVAILABLE)
    await expect(change({ AllocatedStorage: 50, ApplyImmediately: true })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
      message: expect.stringContaining('previous storage change is being optimized'),
    })
    await change({ DeletionProtection: true })
    expect(await statuses(account, 7 * HOUR)).toEqual([
      'modifying',
      'storage-optimization',
      'available',
    ])
  })

  it.each([
    ['InvalidParameterValue', { PreferredBackupWindow: '3-4' }],
    ['InvalidParameterValue', { PreferredBackupWindow: '03:00-03:10' }],
    ['InvalidParameterValue', { PreferredMaintenanceWindow: '03:00-04:00' }],
    ['InvalidParameterCombination', { PreferredBackupWindow: '04:15-04:45' }],
    ['InvalidParameterCombination', { PreferredMaintenanceWindow: 'sun:02:45-sun:03:15' }],
  ])('is refused with %s for %j', async (name, input) => {
    await expect(change(input)).rejects.toMatchObject({ name })
  })
})

describe('a window that nobody asks for', () => {
  it('is half an hour at night, and never the other one', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const { PreferredBackupWindow, PreferredMaintenanceWindow } = await (
        await Databases.open({}, seed)
      ).database()
      expect(PreferredBackupWindow).toMatch(/^(2[0-3]|0[0-3]):[03]0-\d\d:[03]0$/)
      expect(PreferredMaintenanceWindow).toMatch(/^(\w{3}):0\d:[03]0-\1:0\d:[03]0$/)
    }
  })
})

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
describe('what comes over a database', () => {
  it('a full storage ends when it is enlarged', async () => {
    const account = await opened()
    account.aws.the(Rds).suffer('orders', 'storage-full')
    expect(account.told).toEqual(['RDS-EVENT-0007 The allocated storage has been exhausted.'])
    await expect(account.do('StopDBInstance')).rejects.toMatchObject(NOT_AVAILABLE)
    const protect = { DeletionProtection: true, ApplyImmediately: true }
    await expect(account.do('ModifyDBInstance', protect)).rejects.toMatchObject({
      message: 'Database instance is not in available state.',
    })
    await account.do('ModifyDBInstance', { AllocatedStorage: 40, ApplyImmediately: true })
    await account.run(6 * MINUTE)
    expect(await account.status()).toBe('storage-optimization')
  })

  it('a key that is back lets it be started, one that is gone does not', async () => {
    const account = await opened()
    const rds = account.aws.the(Rds)
    rds.suffer('orders', 'inaccessible-encryption-credentials-recoverable')
    await expect(account.do('StopDBInstance')).rejects.toMatchObject(NOT_AVAILABLE)
    await account.do('StartDBInstance')
    await account.run(9 * MINUTE)
    expect(await account.status()).toBe('available')
    rds.suffer('orders', 'inaccessible-encryption-credentials')
    await expect(account.do('StartDBInstance')).rejects.toThrow('is not in stopped state')
    await account.do('DeleteDBInstance', { SkipFinalSnapshot: true })
  })
})

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
describe('what can never be stopped', () => {
  const replica = { DBInstanceIdentifier: 'reader', SourceDBInstanceIdentifier: 'orders' }
  const named = (DBInstanceIdentifier: string) => ({ DBInstanceIdentifier })

  it('a read replica and its source, until they are apart', async () => {
    const account = await opened()
    const call = (operation: string, input: object) =>
      account.call<{ DBInstance: DBInstance }>('rds', operation, input)
    const { DBInstance: made } = await call('CreateDBInstanceReadReplica', replica)
    expect(made).toMatchObject({
      ReadReplicaSourceDBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t4g.micro',
      BackupRetentionPeriod: 0,
    })
    await account.run(8 * MINUTE)
    for (const name of ['orders', 'reader']) {
      await expect(call('StopDBInstance', named(name))).rejects.toMatchObject({
        name: 'InvalidDBInstanceStateFault',
        message: expect.stringContaining('Cannot stop or start'),
      })
    }
    await call('PromoteReadReplica', named('reader'))
    await account.run(6 * MINUTE)
    for (const name of ['orders', 'reader']) await call('StopDBInstance', named(name))
  })

  it('a source that is deleted leaves its replica as a database of its own', async () => {
    const account = await opened()
    await account.call('rds', 'CreateDBInstanceReadReplica', replica)
    await account.run(8 * MINUTE)
    await account.do('DeleteDBInstance', { SkipFinalSnapshot: true })
    await account.call('rds', 'StopDBInstance', named('reader'))
  })

  it('a source without backups gets no replica', async () => {
    const account = await opened({ BackupRetentionPeriod: 0 })
    await expect(account.call('rds', 'CreateDBInstanceReadReplica', replica)).rejects.toThrow(
      'Automated backups are not enabled',
    )
  })

  it('SQL Server in two zones', async () => {
    const account = await opened({ Engine: 'sqlserver-se', MultiAZ: true })
    await expect(account.do('StopDBInstance')).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
    })
  })
})
