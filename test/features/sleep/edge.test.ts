import { beforeAll, describe, expect, it } from 'vitest'
import { Acts } from '../../kits/acts.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { Night, nightCatalog, SERVICES } from '../../kits/nights.ts'

const NAMES = ['products', 'orders', 'mailer']
const UP = { products: '2/2', orders: '1/1', mailer: '1/1' }
const DOWN = { products: '0/0', orders: '0/0', mailer: '0/0' }

let catalog: string
beforeAll(() => {
  const mailer = 'kind: worker\nteam: storefront\nschedule: office-hours\n'
  catalog = nightCatalog({ ...SERVICES, 'services/mailer.yaml': mailer })
})

/** 19:20, and half an hour until its services run. */
const open = () => Night.open(catalog, NAMES, new Date('2026-03-02T18:20:00Z'))

describe('minutes before it sleeps, and minutes after', () => {
  it('somebody keeps the whole environment at 19:58: nothing sleeps before 22:00', async () => {
    const night = await open()
    await night.until('2026-03-02T19:58')
    const calls = night.calls
    const said = await new Acts(night.stage).types('olga', 'keep dev until 22:00 the demo')
    expect(said).toContain('22:00')
    await night.until('2026-03-02T21:59')
    expect(await night.sizes()).toEqual(UP)
    expect(night.changes(calls)).toEqual([])
    await night.until('2026-03-02T22:10')
    expect(await night.sizes()).toEqual(DOWN)
    expectInvariants(night.recording)
  })

  it('an image pushed at 19:59 is rolled out first, one pushed at 20:01 waits for the morning', async () => {
    const night = await open()
    const { stage } = night
    await night.until('2026-03-02T19:59')
    stage.push({ behaviour: 'healthy' }, 'orders')
    await night.until('2026-03-02T20:01')
    expect((await night.sizes()).mailer).toBe('0/0')
    stage.push({ behaviour: 'healthy' }, 'mailer')
    await night.until('2026-03-02T20:20')
    expect(await night.sizes()).toEqual(DOWN)
    expect(stage.verdicts('orders')).toEqual(['deployed', 'deployed'])
    expect(stage.verdicts('mailer')).toEqual(['deployed', 'staged'])
    expectInvariants(night.recording)
  })
})
