import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { EVENING, Night, nightCatalog } from '../../kits/nights.ts'

/** Minutes pass between the last task of `payments` and the end of its database. */
const SERVICES = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: office-hours\n',
  'services/orders.yaml':
    'team: ordering\ndependsOn: [payments]\nscaling: { max: 3 }\nschedule: office-hours\n',
}
const TARGET = {
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: 'service/dev-backend/orders',
}

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES)
})

/** The night, and the minute in which its services sleep and the database is still stopping. */
async function whileItStops() {
  const night = await Night.open(catalog, ['payments', 'orders'], EVENING)
  await night.until('2026-03-02T20:00')
  const stops = () => night.changes().some((change) => change.startsWith('StopDBInstance'))
  while (!stops()) await night.stage.minutes(0.5)
  await night.stage.minutes(0.5)
  expect(await night.sizes()).toEqual({ payments: '0/0', orders: '0/0' })
  return night
}

const reads = ({ stage, calls }: Night, since: number) =>
  stage.simulation.aws.calls
    .slice(since, calls)
    .filter(({ by }) => by === 'function/dev-plan-sleep')
    .map(({ operation }) => operation)

describe('while the last still goes to sleep', () => {
  it('does not read again at every look what sleeps already', async () => {
    const night = await whileItStops()
    const since = night.calls
    await night.stage.minutes(2)
    const operations = reads(night, since)
    expect(operations).toContain('DescribeDBInstances')
    expect(operations).not.toContain('DescribeServices')
  })

  it('reads it before it is woken: what somebody has changed since it came to rest is kept', async () => {
    const night = await whileItStops()
    const { stage } = night
    await stage.call('application-auto-scaling', 'RegisterScalableTarget', {
      ...TARGET,
      MinCapacity: 2,
      MaxCapacity: 6,
    })
    const since = night.calls
    await new Acts(stage).types('bob', 'wake orders')
    await stage.minutes(45)
    expect(reads(night, since)).toContain('DescribeServices')
    expect(await night.sizes()).toEqual({ payments: '1/1', orders: '2/2' })
    const { ScalableTargets } = await stage.call<{ ScalableTargets: object[] }>(
      'application-auto-scaling',
      'DescribeScalableTargets',
      { ServiceNamespace: 'ecs', ResourceIds: [TARGET.ResourceId] },
    )
    expect(ScalableTargets).toMatchObject([
      { MinCapacity: 2, MaxCapacity: 6, SuspendedState: { DynamicScalingInSuspended: false } },
    ])
    expectInvariants(night.recording)
  })
})
