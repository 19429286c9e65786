import { beforeAll, describe, expect, it } from 'vitest'
import { expectInvariants } from '../../kits/invariants.ts'
import { EVENING, Night, nightCatalog } from '../../kits/nights.ts'

/** `payments` has a database of its own; what asks it keeps the same hours. */
const SERVICES = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: office-hours\n',
  'services/orders.yaml':
    'team: ordering\nport: 8080\ndependsOn: [payments]\nschedule: office-hours\n',
}

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES)
})

describe('a service, its database, and what asks it', () => {
  it('goes down from what asks to the database, and comes up from the database', async () => {
    const night = await Night.open(catalog, ['payments', 'orders'], EVENING)
    const { stage } = night
    const [instance] = await machines(night)
    await stage.call('ec2', 'CreateTags', {
      Resources: [instance],
      Tags: [{ Key: 'caretaker:schedule', Value: 'office-hours' }],
    })
    await night.until('2026-03-02T19:59')
    const calls = night.calls
    await night.until('2026-03-02T20:30')
    expect(await night.sizes()).toEqual({ payments: '0/0', orders: '0/0' })
    expect(await database(night)).toBe('stopped')
    expect(night.changes(calls)).toEqual([
      'UpdateService orders',
      'UpdateService payments',
      `StopInstances ${instance}`,
      'StopDBInstance dev-payments-database',
    ])
    const asleep = night.calls
    await night.until('2026-03-03T06:59')
    expect(night.changes(asleep)).toEqual([])
    await night.until('2026-03-03T07:30')
    expect(await night.sizes()).toEqual({ payments: '1/1', orders: '1/1' })
    expect(await database(night)).toBe('available')
    expect(night.changes(asleep)).toEqual([
      `StartInstances ${instance}`,
      'StartDBInstance dev-payments-database',
      'UpdateService payments',
      'UpdateService orders',
    ])
    expectInvariants(night.recording)
  })
})

async function database({ stage }: Night): Promise<string | undefined> {
  const { DBInstances } = await stage.call<{ DBInstances: { DBInstanceStatus: string }[] }>(
    'rds',
    'DescribeDBInstances',
    {},
  )
  return DBInstances[0]?.DBInstanceStatus
}

/** The bastion is the only instance there is. */
async function machines({ stage }: Night): Promise<string[]> {
  const { Reservations } = await stage.call<{
    Reservations: { Instances: { InstanceId: string }[] }[]
  }>('ec2', 'DescribeInstances', {})
  return Reservations.flatMap(({ Instances }) => Instances).map(({ InstanceId }) => InstanceId)
}
