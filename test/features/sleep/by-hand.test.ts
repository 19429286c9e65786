import { beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../../local/aws/aws.ts'
import { administrator } from '../../../local/simulation/identity-center.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog } from '../../kits/nights.ts'

/** `payments` has a database of its own; `products` is scaled by Application Auto Scaling. */
const SERVICES = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: office-hours\n',
  'services/products.yaml':
    'team: storefront\nroute: { path: /products/*, priority: 100 }\nscaling: { min: 2, max: 3 }\nschedule: office-hours\n',
}
const NAMES = ['payments', 'products']
const WHOLE = { payments: '1/1', products: '2/2' }
const NOTHING = { payments: '0/0', products: '0/0' }
const DATABASE = 'dev-payments-database'
const MADE = [{ Key: 'caretaker:schedule', Value: 'office-hours' }]

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES, 'act', 'trail: own\n')
})

const open = (start?: Date) => Night.open(catalog, NAMES, start)

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
    expect(of('Instances', night, calls)).toEqual([])
    await night.until('2026-03-03T20:30')
    expect(of('Instances', night, calls)).toEqual([`StopInstances ${instance}`])
    expectInvariants(night.recording)
  })

  it('stops an instance at noon and starts it at midnight: each holds until an edge', async () => {
    const night = await open()
    const instance = await bastion(night)
    await night.until('2026-03-02T12:00')
    const InstanceIds = [instance]
    await as(await ann(night), night, 'ec2', 'StopInstances', { InstanceIds })
    const calls = night.calls
    await night.until('2026-03-03T00:00')
    expect(of('Instances', night, calls)).toEqual([])
    await as(await ann(night), night, 'ec2', 'StartInstances', { InstanceIds })
    await night.until('2026-03-03T19:59')
    expect(await stateOf(night, instance)).toBe('running')
    expect(of('Instances', night, calls)).toEqual([])
    await night.until('2026-03-03T20:15')
    expect(await stateOf(night, instance)).toBe('stopped')
    expectInvariants(night.recording)
  })

  it('stops a database at 12:10: it comes back at 07:00', async () => {
    const night = await open()
    await night.until('2026-03-03T12:10')
    await as(await ann(night), night, 'rds', 'StopDBInstance', { DBInstanceIdentifier: DATABASE })
    const calls = night.calls
    await night.until('2026-03-03T19:59')
    expect(night.sleeper(`database/${DATABASE}`)).toMatchObject({
      rest: 'asleep',
      hand: { to: 'asleep', by: 'ann@example.com' },
    })
    await night.until('2026-03-04T06:59')
    expect(of('DBInstance', night, calls)).toEqual([])
    await night.until('2026-03-04T07:30')
    expect(of('DBInstance', night, calls)).toEqual([`StartDBInstance ${DATABASE}`])
    expect(await night.sizes()).toEqual(WHOLE)
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

describe('the control plane was off', () => {
  it('from 06:30 to 09:15: the edge that it missed is made up for at once', async () => {
    const night = await open()
    await night.until('2026-03-03T06:30')
    await off(night)
    await night.until('2026-03-03T09:15')
    expect(await night.sizes()).toEqual(NOTHING)
    await on(night)
    await night.until('2026-03-03T09:45')
    expect(await night.sizes()).toEqual(WHOLE)
  })

  it('from 07:30 to 09:15: what a person has scaled to zero meanwhile stays there', async () => {
    const night = await open()
    await night.until('2026-03-03T07:30')
    await off(night)
    await night.until('2026-03-03T08:40')
    for (const name of NAMES) {
      const { cluster } = await night.stage.service(name)
      await as(await ann(night), night, 'ecs', 'UpdateService', {
        ...{ cluster, service: name, desiredCount: 0 },
      })
    }
    await night.until('2026-03-03T09:15')
    const calls = night.calls
    await on(night)
    await night.until('2026-03-03T19:45')
    expect(await night.sizes()).toEqual(NOTHING)
    expect(night.changes(calls)).toEqual([])
    await night.until('2026-03-04T07:30')
    expect(await night.sizes()).toEqual(WHOLE)
  })
})

describe('seven days', () => {
  const holidays = new Date('2026-12-23T14:00:00Z')

  /** Stopped on Wednesday 23 December at 20:00, with seven days to go. */
  async function stopped(): Promise<Night> {
    const night = await open(holidays)
    await night.until('2026-12-23T20:30')
    expect(await statusOf(night)).toBe('stopped')
    // What happens in the days between is not looked at.
    await off(night)
    await night.until('2026-12-30T20:00')
    await on(night)
    return night
  }

  it('after which AWS starts a database: it is stopped once, as soon as that is taken', async () => {
    const night = await stopped()
    const calls = night.calls
    const seen = await statusesUntil(night, '2026-12-30T21:30')
    // It is available for less than half a minute: its event has somebody look.
    const waits = seen.filter((status) => status !== 'available')
    expect(waits).toEqual(['stopped', 'starting', 'maintenance', 'stopping', 'stopped'])
    expect(night.changes(calls)).toEqual([`StopDBInstance ${DATABASE}`])
    await off(night)
    await night.until('2027-01-04T06:50')
    await on(night)
    await night.until('2027-01-04T06:59')
    expect(await night.sizes()).toEqual(NOTHING)
    await night.until('2027-01-04T07:30')
    expect(await night.sizes()).toEqual(WHOLE)
    expect(of('DBInstance', night, calls)).toEqual([
      `StopDBInstance ${DATABASE}`,
      `StartDBInstance ${DATABASE}`,
    ])
  })

  it('and a lost event costs a sweep', async () => {
    const night = await stopped()
    night.stage.simulation.faults.set({ lose: 1 })
    const calls = night.calls
    await night.until('2026-12-30T21:30')
    expect(await statusOf(night)).toBe('stopped')
    expect(night.changes(calls)).toEqual([`StopDBInstance ${DATABASE}`])
  })
})

const ann = ({ stage }: Night): Promise<Caller> =>
  administrator(stage.simulation.aws, 'ann@example.com')

/** The session of a role of continuous integration. */
async function pipeline({ stage }: Night): Promise<Caller> {
  const document = (more: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...more } })
  const RoleName = 'ci-deploy'
  const { Role } = await stage.call<{ Role: { Arn: string } }>('iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: document({ Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
  })
  await stage.call('iam', 'PutRolePolicy', {
    RoleName,
    PolicyName: 'all',
    PolicyDocument: document({ Action: '*', Resource: '*' }),
  })
  return { kind: 'person', name: 'GitHubActions', roleArn: Role.Arn }
}

const as = (caller: Caller, { stage }: Night, service: string, operation: string, input: object) =>
  stage.callAs(caller, service, operation, input)

async function oneTask(night: Night, caller: Caller, service: string): Promise<void> {
  const { cluster } = await night.stage.service(service)
  await as(caller, night, 'ecs', 'UpdateService', { cluster, service, desiredCount: 1 })
}

type Instances = {
  Reservations: { Instances: { InstanceId: string; State: { Name: string } }[] }[]
}

const instancesOf = async ({ stage }: Night) =>
  (await stage.call<Instances>('ec2', 'DescribeInstances', {})).Reservations.flatMap(
    ({ Instances }) => Instances,
  )

/** The bastion, which is the only instance there is, keeps office hours. */
async function bastion(night: Night): Promise<string> {
  const [{ InstanceId = '' } = {}] = await instancesOf(night)
  await night.stage.call('ec2', 'CreateTags', { Resources: [InstanceId], Tags: MADE })
  return InstanceId
}

async function launch(night: Night, caller: Caller): Promise<string> {
  const { Subnets } = await night.stage.call<{ Subnets: { SubnetId: string }[] }>(
    'ec2',
    'DescribeSubnets',
    {},
  )
  const answer = (await as(caller, night, 'ec2', 'RunInstances', {
    ...{ ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
    SubnetId: Subnets[0]?.SubnetId,
    TagSpecifications: [{ ResourceType: 'instance', Tags: MADE }],
  })) as { Instances: { InstanceId: string }[] }
  return answer.Instances[0]?.InstanceId ?? ''
}

async function stateOf(night: Night, id: string): Promise<string | undefined> {
  return (await instancesOf(night)).find(({ InstanceId }) => InstanceId === id)?.State.Name
}

async function statusOf({ stage }: Night): Promise<string | undefined> {
  const { DBInstances } = await stage.call<{ DBInstances: { DBInstanceStatus: string }[] }>(
    'rds',
    'DescribeDBInstances',
    { DBInstanceIdentifier: DATABASE },
  )
  return DBInstances[0]?.DBInstanceStatus
}

/** Each status of the database once, in their order. */
async function statusesUntil(night: Night, instant: string): Promise<string[]> {
  const seen: string[] = []
  const end = Date.parse(`${instant}:00+01:00`)
  while (night.stage.simulation.world.now < end) {
    const status = (await statusOf(night)) ?? ''
    if (seen.at(-1) !== status) seen.push(status)
    await night.stage.minutes(0.5)
  }
  return seen
}

/** No sweep, no schedule that fires, no event that arrives. */
async function off(night: Night): Promise<void> {
  night.stage.simulation.faults.set({ lose: 1, unfired: 1 })
  await sweeps(night, 'DISABLED')
}

async function on(night: Night): Promise<void> {
  night.stage.simulation.faults.set({ lose: 0, unfired: 0 })
  await sweeps(night, 'ENABLED')
}

async function sweeps({ stage }: Night, State: 'ENABLED' | 'DISABLED'): Promise<void> {
  const schedule = await stage.call<Record<string, unknown>>('scheduler', 'GetSchedule', {
    Name: 'dev-sweep-schedule',
  })
  const { Arn: _, CreationDate: __, LastModificationDate: ___, ...settings } = schedule
  await stage.call('scheduler', 'UpdateSchedule', { ...settings, State })
}

const of = (what: string, night: Night, since: number) =>
  night.changes(since).filter((one) => new RegExp(`^(Start|Stop)${what}`).test(one))
