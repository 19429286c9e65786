import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import {
  ann,
  as,
  bastion,
  DATABASE,
  handCatalog,
  launch,
  movesOf,
  NAMES,
  NOTHING,
  oneTask,
  openNight,
  pipeline,
  stateOf,
  statusOf,
  toldOf,
  WHOLE,
} from '../../kits/hands.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { EVENING } from '../../kits/nights.ts'

let catalog: string
beforeAll(() => {
  catalog = handCatalog()
})

const open = (start = EVENING) => openNight(catalog, start)
/** 10:00 in Berlin. */
const MORNING = '09:00:00Z'

const LEGACY = [
  { Key: 'caretaker:environment', Value: 'dev' },
  { Key: 'caretaker:schedule', Value: 'office-hours' },
]

describe('a person by hand', () => {
  it('starts at 05:30 what was stopped at 20:00: it runs until the next stop', async () => {
    const night = await open()
    const instance = await bastion(night)
    await night.until('2026-03-03T05:30')
    expect(await stateOf(night, instance)).toBe('stopped')
    await as(await ann(night), night, 'ec2', 'StartInstances', { InstanceIds: [instance] })
    await night.until('2026-03-03T05:45')
    expect(night.sleeper(`instance/${instance}`)).toMatchObject({
      rest: 'awake',
      hand: { to: 'awake', by: 'ann@example.com', until: '2026-03-03T06:00:00.000Z' },
    })
    const calls = night.calls
    await night.until('2026-03-03T19:59')
    expect(movesOf('Instances', night, calls)).toEqual([])
    await night.until('2026-03-03T20:30')
    expect(movesOf('Instances', night, calls)).toEqual([`StopInstances ${instance}`])
    expectInvariants(night.recording)
  })

  it('stops an instance at noon and starts it at midnight: each holds until an edge', async () => {
    const night = await open(new Date(`2026-03-02T${MORNING}`))
    const instance = await bastion(night)
    await night.until('2026-03-02T12:00')
    const InstanceIds = [instance]
    await as(await ann(night), night, 'ec2', 'StopInstances', { InstanceIds })
    const calls = night.calls
    await night.until('2026-03-03T00:00')
    expect(movesOf('Instances', night, calls)).toEqual([])
    await as(await ann(night), night, 'ec2', 'StartInstances', { InstanceIds })
    await night.until('2026-03-03T19:59')
    expect(await stateOf(night, instance)).toBe('running')
    expect(movesOf('Instances', night, calls)).toEqual([])
    await night.until('2026-03-03T20:15')
    expect(await stateOf(night, instance)).toBe('stopped')
    expectInvariants(night.recording)
  })

  it('stops a database at 12:10: it comes back at 07:00, or is kept off where nothing needs it', async () => {
    const night = await open(new Date(`2026-03-03T${MORNING}`))
    await night.stage.call('rds', 'CreateDBInstance', {
      ...{ DBInstanceIdentifier: 'legacy', DBInstanceClass: 'db.t4g.micro', Engine: 'postgres' },
      ...{ AllocatedStorage: 20, MasterUsername: 'caretaker', MasterUserPassword: 'not-a-secret' },
      Tags: [...LEGACY, { Key: 'caretaker:owner', Value: 'ordering' }],
    })
    await night.until('2026-03-03T12:10')
    for (const DBInstanceIdentifier of [DATABASE, 'legacy']) {
      await as(await ann(night), night, 'rds', 'StopDBInstance', { DBInstanceIdentifier })
    }
    const calls = night.calls
    await night.until('2026-03-03T12:25')
    // Who it was may be known only after a look.
    const off = /was stopped by (ann@example.com|hand); it is off until Wed 4 Mar 07:00/
    const messages = night.stage.simulation.slack.messages.filter(({ text }) => off.test(text))
    // `payments` needs its own at 07:00: that is not kept off.
    expect(
      messages.map(({ text, blocks }) => [
        /dev-payments-database|legacy/.exec(text)?.[0],
        /Keep off until[^"]*/.exec(JSON.stringify(blocks))?.[0],
      ]),
    ).toEqual([
      [DATABASE, undefined],
      ['legacy', 'Keep off until Thu 07:00'],
    ])
    await new Acts(night.stage).presses('bob', 'Keep off until Thu 07:00')
    await night.until('2026-03-03T19:59')
    expect(night.sleeper(`database/${DATABASE}`)).toMatchObject({
      rest: 'asleep',
      hand: { to: 'asleep', by: 'ann@example.com' },
    })
    await night.until('2026-03-04T06:59')
    expect(movesOf('DBInstance', night, calls)).toEqual([])
    await night.until('2026-03-04T07:30')
    expect(movesOf('DBInstance', night, calls)).toEqual([`StartDBInstance ${DATABASE}`])
    expect(await night.sizes()).toEqual(WHOLE)
    expect(night.sleeper('database/legacy')).toMatchObject({ rest: 'asleep' })
  })
})

describe('what is first seen at night', () => {
  it('is stopped after the grace where a pipeline has made it, and left to a person', async () => {
    const night = await open()
    await night.until('2026-03-03T04:00')
    const made = await launch(night, await pipeline(night))
    const own = await launch(night, await ann(night))
    await night.until('2026-03-03T04:58')
    expect(await stateOf(night, made)).toBe('running')
    await night.until('2026-03-03T05:12')
    expect(await stateOf(night, made)).toBe('stopped')
    expect(toldOf(night)).toEqual([`put-back instance ${made} ci-deploy`])
    await night.until('2026-03-03T19:59')
    expect(await stateOf(night, made)).toBe('running')
    expect(night.changes().filter((one) => one.includes(own))).toEqual([])
    await night.until('2026-03-03T20:15')
    expect([await stateOf(night, made), await stateOf(night, own)]).toEqual(['stopped', 'stopped'])
    expectInvariants(night.recording)
  })

  it('counts as a person’s where the event is lost', async () => {
    const night = await open()
    await night.until('2026-03-03T04:00')
    const caller = await pipeline(night)
    const { faults } = night.stage.simulation
    faults.set({ lose: 1 })
    const made = await launch(night, caller)
    await night.until('2026-03-03T04:10')
    faults.set({ lose: 0 })
    await night.until('2026-03-03T06:59')
    expect(await stateOf(night, made)).toBe('running')
    await night.until('2026-03-03T20:15')
    expect(await stateOf(night, made)).toBe('stopped')
  })
})

describe('a tool that wants its number back', () => {
  it('has it for an hour, with the databases, each night; the sizes at 07:00 stay', async () => {
    const night = await open()
    const caller = await pipeline(night)
    for (const day of ['2026-03-03', '2026-03-04']) {
      await night.until(`${day}T02:00`)
      expect(await night.sizes()).toEqual(NOTHING)
      for (const service of NAMES) await oneTask(night, caller, service)
      await night.until(`${day}T02:40`)
      expect(await night.sizes()).toEqual({ payments: '1/1', products: '1/1' })
      expect(await statusOf(night)).toBe('available')
      await night.until(`${day}T02:58`)
      expect(await night.sizes()).toEqual({ payments: '1/1', products: '1/1' })
      const calls = night.calls
      await night.until(`${day}T03:30`)
      expect(await night.sizes()).toEqual(NOTHING)
      expect(await statusOf(night)).toBe('stopped')
      const stopped = night.changes(calls).filter((one) => !one.startsWith('Register'))
      expect(stopped.toSorted()).toEqual([
        `StopDBInstance ${DATABASE}`,
        'UpdateService payments',
        'UpdateService products',
      ])
      const [database, its] = [`StopDBInstance ${DATABASE}`, 'UpdateService payments']
      expect(stopped.indexOf(its)).toBeLessThan(stopped.indexOf(database))
      await night.until(`${day}T07:30`)
      expect(await night.sizes()).toEqual(WHOLE)
    }
    // Once, not each night.
    expect(toldOf(night)).toEqual(NAMES.map((name) => `put-back ${name} ci-deploy`))
    expectInvariants(night.recording)
  })

  it('shortly before 07:00 has it until then', async () => {
    const night = await open()
    await night.until('2026-03-03T06:30')
    await oneTask(night, await pipeline(night), 'products')
    await night.until('2026-03-03T06:58')
    expect(await night.sizes()).toEqual({ payments: '0/0', products: '1/1' })
    await night.until('2026-03-03T07:30')
    expect(await night.sizes()).toEqual(WHOLE)
    expectInvariants(night.recording)
  })
})
