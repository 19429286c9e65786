import { beforeAll, describe, expect, it } from 'vitest'
import { expectInvariants } from '../../kits/invariants.ts'
import { EVENING, Night, nightCatalog, SERVICES } from '../../kits/nights.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog()
})

describe('night falls and morning comes', () => {
  it('puts to sleep what depends on others first, and wakes it last, with the sizes it had', async () => {
    const night = await Night.open(catalog, undefined, EVENING)
    const awake = { products: '2/2', orders: '1/1', mailer: '1/1' }
    expect(await night.sizes()).toEqual(awake)
    await night.until('2026-03-02T19:59')
    expect(await night.sizes()).toEqual(awake)
    const calls = night.calls
    await night.until('2026-03-02T20:10')
    expect(await night.sizes()).toEqual({ products: '0/0', orders: '0/0', mailer: '1/1' })
    expect(night.changes(calls)).toEqual([
      'UpdateService orders',
      'RegisterScalableTarget ',
      'UpdateService products',
    ])
    const asleep = night.calls
    await night.until('2026-03-03T06:59')
    expect(night.changes(asleep)).toEqual([])
    await night.until('2026-03-03T07:10')
    expect(await night.sizes()).toEqual(awake)
    expect(night.changes(asleep)).toEqual([
      'UpdateService products',
      'RegisterScalableTarget ',
      'UpdateService orders',
    ])
    expectInvariants(night.recording)
  })

  it('says what it would do and does nothing while the catalog says `tell`', async () => {
    const night = await Night.open(nightCatalog(SERVICES, 'tell'), undefined, EVENING)
    const { calls } = night
    await night.until('2026-03-02T20:30')
    expect(await night.sizes()).toEqual({ products: '2/2', orders: '1/1', mailer: '1/1' })
    expect(night.changes(calls)).toEqual([])
  })
})
