import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../domain/table/ledger-entry.ts'
import { Acts } from '../../kits/acts.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { Night, nightCatalog } from '../../kits/nights.ts'

/** `payments` has a database of its own; `orders` asks it. Both keep office hours. */
const SERVICES = {
  'services/payments.yaml': 'team: ordering\ndatabase: own\nschedule: office-hours\n',
  'services/orders.yaml':
    'team: ordering\ndependsOn: [payments]\ncount: 3\nschedule: office-hours\n',
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: office-hours\n',
}

const entries = ({ stage }: Night) =>
  itemsOfKind(stage.simulation, 'ledger-entry') as unknown as LedgerEntry[]
const hours = ({ from, until }: LedgerEntry) => (Date.parse(until) - Date.parse(from)) / 3_600_000
const of = (night: Night, name: string) =>
  entries(night).filter(({ resource }) => resource.endsWith(name))

describe('what a night is written down as', () => {
  it('each resource from its real stop to its start, with its size and price', async () => {
    const night = await Night.open(nightCatalog(SERVICES), ['payments', 'orders', 'mailer'])
    const { stage } = night
    // A person has stopped it: it would not have run, and is not credited.
    await stage.call('ecs', 'UpdateService', {
      cluster: 'dev-backend',
      service: 'mailer',
      desiredCount: 0,
    })
    await night.until('2026-03-02T21:00')
    expect(entries(night)).toEqual([])
    await night.until('2026-03-03T07:40')
    expect(of(night, 'mailer')).toEqual([])
    const [orders, ...more] = of(night, '/orders')
    expect(more).toEqual([])
    expect(orders).toMatchObject({
      owner: 'ordering',
      rate: { size: '3 tasks of 256 CPU and 512 MiB' },
    })
    expect(orders?.rate.hour).toBeCloseTo(3 * 0.009875, 6)
    const [database] = of(night, 'payments-database')
    expect(database?.rate).toMatchObject({ hour: 0.016, size: 'db.t4g.micro' })
    // The database stops last and starts first.
    expect(hours(database as LedgerEntry)).toBeLessThan(hours(orders as LedgerEntry))
    expect(hours(orders as LedgerEntry)).toBeGreaterThan(10.9)
    expect(hours(orders as LedgerEntry)).toBeLessThan(11.2)
    expectInvariants(night.recording)
  })

  it('an hour in which somebody has woken it is not slept', async () => {
    const night = await Night.open(nightCatalog(SERVICES), ['payments', 'orders', 'mailer'])
    await night.until('2026-03-02T22:00')
    await new Acts(night.stage).types('bob', 'wake orders until 23:00')
    await night.until('2026-03-03T07:40')
    const slept = of(night, '/orders')
    expect(slept).toHaveLength(2)
    const sum = slept.reduce((total, one) => total + hours(one), 0)
    expect(sum).toBeGreaterThan(9.7)
    // It waits for its database, twice.
    expect(sum).toBeLessThan(10.4)
  })
})
