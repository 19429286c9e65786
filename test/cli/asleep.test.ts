import { RDSClient, StopDBInstanceCommand } from '@aws-sdk/client-rds'
import { describe, expect, it, test } from 'vitest'
import { isAsleep, withoutHand } from '../../cli/deploy/awake.ts'
import { rescaled, resized, withBounds } from '../../cli/deploy/bounds.ts'
import { startDatabases } from '../../cli/deploy/databases.ts'
import { type Database, databasesOf, snapshotsOf } from '../../cli/deploy/template-databases.ts'
import { Problem } from '../../cli/problem.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import type { Template, TemplateResource } from '../../scripts/assembly.ts'
import { Databases } from '../kits/databases.ts'
import { template } from '../kits/synth.ts'

const database = (more: object = {}, rest: object = {}): TemplateResource => ({
  Type: 'AWS::RDS::DBInstance',
  Properties: { DBInstanceIdentifier: 'Dev-Database', DBInstanceClass: 'db.t4g.micro', ...more },
  DeletionPolicy: 'Snapshot',
  ...rest,
})
const cluster = (more: object = {}): TemplateResource => ({
  Type: 'AWS::RDS::DBCluster',
  Properties: { DBClusterIdentifier: 'dev-aurora', ...more },
})
const member = database({ DBClusterIdentifier: { Ref: 'cluster' } }, { DeletionPolicy: 'Delete' })
const QUEUE = { Type: 'AWS::SQS::Queue' }
const DATABASE: Database = { kind: 'database', name: 'dev-database' }
const CLUSTER: Database = { kind: 'cluster', name: 'dev-aurora' }
type Resources = Template['Resources']

describe('the databases that must run while a stack is deployed', () => {
  const larger = { DBInstanceClass: 'db.t4g.small' }
  test.each<[string, Resources, Resources, Database[]]>([
    ['is as it was', { one: database() }, { one: database(), QUEUE }, []],
    ['is new', { QUEUE }, { QUEUE, one: database() }, []],
    ['changes', { one: database() }, { one: database(larger) }, [DATABASE]],
    ['leaves a snapshot', { one: database() }, { QUEUE }, [DATABASE]],
    ['leaves none', { one: database({}, { DeletionPolicy: 'Delete' }) }, { QUEUE }, []],
    [
      'is a cluster',
      { cluster: cluster() },
      { cluster: cluster({ EngineVersion: '17' }) },
      [CLUSTER],
    ],
    [
      'is a member of one',
      { cluster: cluster(), member },
      {
        cluster: cluster(),
        member: { ...member, Properties: { ...member.Properties, ...larger } },
      },
      [CLUSTER],
    ],
  ])('of which one %s', (_, before, after, expected) => {
    const standing = new Map([
      ['DevData', { name: 'DevData', status: 'CREATE_COMPLETE', template: { Resources: before } }],
    ])
    const deploy = [{ name: 'DevData', template: { Resources: after }, needs: [] }]
    const plan = { dead: [], left: [], waves: [{ deploy, remove: [] }] }
    expect(databasesOf(plan, standing)).toEqual(expected)
  })

  it.each([
    ['payments', 'dev-payments-database'],
    ['products', 'dev-database'],
  ])('are those that a new preparation of %s connects to', async (service, name) => {
    const stack = `DevService-${service}`
    const after = (await template(stack)) as unknown as Template
    const data = (await template('DevData')) as unknown as Template
    const of = (before: Template) => {
      const standing = new Map(
        [[stack, before] as const, ['DevData', data] as const].map(([one, its]) => [
          one,
          { name: one, status: 'UPDATE_COMPLETE', template: its },
        ]),
      )
      const deploy = [{ name: stack, template: after, needs: [] }]
      return databasesOf({ dead: [], left: [], waves: [{ deploy, remove: [] }] }, standing)
    }
    expect(of({ Resources: {} })).toEqual([{ kind: 'database', name }])
    expect(of(after)).toEqual([])
  })

  it('are all of a stack that is deleted, if they leave a snapshot', () => {
    const own = { Resources: { one: database(), cluster: cluster(), member, QUEUE } }
    const standing = new Map([
      ['DevData', { name: 'DevData', status: 'CREATE_COMPLETE', template: own }],
    ])
    const plan = { dead: [], left: [], waves: [{ deploy: [], remove: ['DevData'] }] }
    expect(databasesOf(plan, standing)).toEqual([DATABASE, CLUSTER])
    expect(snapshotsOf(own)).toEqual([DATABASE, CLUSTER])
  })
})

describe('starting what is stopped', () => {
  async function stopped() {
    const account = await Databases.open()
    await account.run(60 * 60_000)
    await account.do('StopDBInstance')
    await account.run(30 * 60_000)
    const lines: string[] = []
    const interruption = new AbortController()
    const configuration = sdkConfiguration(account.aws, { kind: 'person', name: 'ann' })
    const waiting = {
      configuration,
      print: (line: string) => lines.push(line),
      sleep: (milliseconds: number) => account.run(milliseconds),
      interrupted: interruption.signal,
    }
    return { account, lines, waiting, interruption, configuration }
  }
  const orders: Database = { kind: 'database', name: 'orders' }
  const gone: Database = { kind: 'cluster', name: 'gone' }

  it('waits until it is up, and does nothing about what is up or not there', async () => {
    const { account, lines, waiting } = await stopped()
    const started = new Set<Database>()
    await startDatabases([orders, gone], waiting, started)
    expect(await account.status()).toBe('available')
    expect([...started]).toEqual([orders])
    expect(lines[0]).toBe('orders is stopped: it is started, which takes some minutes.')
    const again = new Set<Database>()
    await startDatabases([orders, gone], waiting, again)
    expect(again.size).toBe(0)
  })

  it('says after an hour that it is not up', async () => {
    const { waiting, configuration, account } = await stopped()
    const rds = new RDSClient(configuration)
    // Somebody stops it as soon as it is up.
    const sleep = async (milliseconds: number) => {
      await account.run(milliseconds)
      if ((await account.status()) !== 'available') return
      await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: 'orders' }))
    }
    const started = new Set<Database>()
    const attempt = startDatabases([orders], { ...waiting, sleep }, started)
    await expect(attempt).rejects.toThrow(Problem)
    await expect(attempt).rejects.toThrow('orders: not available after an hour')
    expect([...started]).toEqual([orders])
  })

  it('ends when the person ends the command', async () => {
    const { waiting, interruption } = await stopped()
    interruption.abort()
    await expect(startDatabases([orders], waiting)).rejects.toThrow(
      'Ended while waiting for orders',
    )
  })
})

describe('the size that a service wakes with', () => {
  const bounds = (min: number, max: number) => ({ min, max, suspended: false })
  const scaling = (min: number, max: number) => ({ min, max })
  test.each([
    ['both bounds changed', scaling(2, 6), 1, bounds(1, 3), scaling(1, 3), 2, bounds(2, 6)],
    ['the number lies between', scaling(1, 6), 2, bounds(1, 3), scaling(1, 3), 2, bounds(1, 6)],
    ['the most is less', scaling(1, 2), 3, bounds(1, 3), scaling(1, 3), 2, bounds(1, 2)],
    ['somebody has set the most', scaling(2, 3), 4, bounds(1, 6), scaling(1, 3), 4, bounds(2, 6)],
    ['it was not scaled before', scaling(2, 4), 1, undefined, undefined, 2, bounds(2, 4)],
  ])('%s', (_, after, desired, own, before, expected, is) => {
    expect(resized({ desired, bounds: own }, { before, after })).toEqual({
      desired: expected,
      bounds: is,
    })
  })

  const scaled = (MaxValue: number, MaxCapacity: number): Template => ({
    Parameters: { LeastTasks: { Type: 'Number', MaxValue } },
    Resources: {
      target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { MaxCapacity } },
    },
  })
  it('is a matter of templates that differ in it', () => {
    expect(rescaled(scaled(1, 3), scaled(1, 3))).toBeUndefined()
    expect(rescaled(scaled(1, 3), { Resources: {} })).toBeUndefined()
    const change = { before: scaling(1, 3), after: scaling(2, 6) }
    expect(rescaled(scaled(1, 3), scaled(2, 6))).toEqual(change)
    expect(rescaled({ Resources: {} }, scaled(2, 6))).toEqual({ ...change, before: undefined })
  })

  const kept: Sleeper = { version: 1, revision: 3, rest: 'asleep', since: '', why: '' }
  const change = { before: scaling(1, 3), after: scaling(2, 6) }
  const size = { desired: 1, bounds: bounds(1, 3) }
  const whole = { desired: 2, bounds: bounds(2, 6) }
  it('is the captured one, or that of the last time it was whole', () => {
    expect(withBounds({ ...kept, captured: size }, change)).toEqual({ set: { captured: whole } })
    expect(withBounds({ ...kept, last: size }, change)).toEqual({ set: { last: whole } })
    expect(withBounds(kept, change)).toEqual({ set: { last: whole } })
    expect(withBounds({ ...kept, rest: 'awake', last: size }, change)).toBeUndefined()
  })

  it('is Caretaker’s sleep from its first call on, and until its wake', () => {
    const moving = { since: '', why: '', tries: 1 }
    expect(isAsleep(kept)).toBe(true)
    expect(isAsleep({ ...kept, rest: 'awake', moving: { ...moving, to: 'asleep' } })).toBe(true)
    expect(isAsleep({ ...kept, moving: { ...moving, to: 'awake' } })).toBe(false)
    expect(isAsleep({ ...kept, rest: 'awake' })).toBe(false)
  })

  it('a change by hand is given back only where it is one that started something', () => {
    const hand = { to: 'awake', at: '' } as const
    const remove = { remove: ['hand', 'told'] }
    expect(withoutHand({ ...kept, rest: 'awake', hand })).toEqual(remove)
    expect(withoutHand({ ...kept, rest: 'awake' })).toBeUndefined()
    expect(withoutHand({ ...kept, hand: { ...hand, to: 'asleep' } })).toBeUndefined()
  })
})
