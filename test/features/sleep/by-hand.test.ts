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

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES, 'act', 'trail: own\n')
})

describe('a person by hand', () => {
  it('starts at 05:30 what was stopped at 20:00: it runs until the next stop', async () => {
    const night = await Night.open(catalog, NAMES)
    const instance = await scheduled(night)
    await night.until('2026-03-03T05:30')
    expect(await stateOf(night, instance)).toBe('stopped')
    await by(night, await ann(night), 'ec2', 'StartInstances', { InstanceIds: [instance] })
    await night.until('2026-03-03T05:45')
    expect(night.sleeper(`instance/${instance}`)).toMatchObject({
      rest: 'awake',
      hand: { to: 'awake', by: 'ann@example.com', until: '2026-03-03T06:00:00Z' },
    })
    const calls = night.calls
    await night.until('2026-03-03T19:59')
    expect(ofInstances(night, calls)).toEqual([])
    await night.until('2026-03-03T20:30')
    expect(ofInstances(night, calls)).toEqual([`StopInstances ${instance}`])
    expectInvariants(night.recording)
  })

  it('stops a database at 12:10: it comes back at 07:00', async () => {
    const night = await Night.open(catalog, NAMES)
    await night.until('2026-03-03T12:10')
    await by(night, await ann(night), 'rds', 'StopDBInstance', DATABASE)
    const calls = night.calls
    await night.until('2026-03-03T19:59')
    expect(night.sleeper(`database/${DATABASE.DBInstanceIdentifier}`)).toMatchObject({
      rest: 'asleep',
      hand: { to: 'asleep', by: 'ann@example.com' },
    })
    await night.until('2026-03-04T06:59')
    expect(ofDatabases(night, calls)).toEqual([])
    await night.until('2026-03-04T07:30')
    expect(ofDatabases(night, calls)).toEqual([`StartDBInstance ${DATABASE.DBInstanceIdentifier}`])
    expect(await night.sizes()).toEqual({ payments: '1/1', products: '2/2' })
  })
})

const DATABASE = { DBInstanceIdentifier: 'dev-payments-database' }

const ann = ({ stage }: Night): Promise<Caller> =>
  administrator(stage.simulation.aws, 'ann@example.com')

async function by(night: Night, caller: Caller, service: string, operation: string, input: object) {
  await night.stage.callAs(caller, service, operation, input)
}

/** The bastion, which is the only instance there is, keeps office hours. */
async function scheduled({ stage }: Night): Promise<string> {
  const { Reservations } = await stage.call<{
    Reservations: { Instances: { InstanceId: string }[] }[]
  }>('ec2', 'DescribeInstances', {})
  const [id = ''] = Reservations.flatMap(({ Instances }) => Instances).map(
    ({ InstanceId }) => InstanceId,
  )
  await stage.call('ec2', 'CreateTags', {
    Resources: [id],
    Tags: [{ Key: 'caretaker:schedule', Value: 'office-hours' }],
  })
  return id
}

async function stateOf({ stage }: Night, InstanceId: string): Promise<string | undefined> {
  const { Reservations } = await stage.call<{
    Reservations: { Instances: { State: { Name: string } }[] }[]
  }>('ec2', 'DescribeInstances', { InstanceIds: [InstanceId] })
  return Reservations[0]?.Instances[0]?.State.Name
}

const ofInstances = (night: Night, since: number) =>
  night.changes(since).filter((one) => /Instances /.test(one))
const ofDatabases = (night: Night, since: number) =>
  night.changes(since).filter((one) => /DBInstance /.test(one))
