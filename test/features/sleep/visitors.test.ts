import { beforeAll, describe, expect, it } from 'vitest'
import { expectInvariants } from '../../kits/invariants.ts'
import { nightCatalog } from '../../kits/nights.ts'
import { BROWSER, ROUTED, Visitors } from '../../kits/visitors.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(ROUTED)
})

/** `web` needs `orders`, and that needs `products`; all keep office hours. */
describe('the address of a service that sleeps', () => {
  it('answers with a page that has it woken, in order, and sends the visitor on', async () => {
    const night = await Visitors.open(catalog)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
    await night.until('2026-03-02T20:20')
    expect(await night.sizes()).toEqual({ products: '0/0', orders: '0/0', web: '0/0' })
    const page = await night.get('/shop', BROWSER)
    expect(page).toMatchObject({ status: 503, state: 'waking' })
    expect(page.text).toContain('<h1>web wakes up</h1>')
    await night.minutes(0.5)
    expect(await night.sizes()).toMatchObject({ orders: '0/0', web: '0/0' })
    const meanwhile = await night.get('/shop', BROWSER)
    expect(meanwhile).toMatchObject({ status: 503, state: 'waking' })
    expect(meanwhile.parts).toEqual(['products starting', 'orders waiting', 'web waiting'])
    await night.minutes(15)
    expect(await night.get('/shop', BROWSER)).toMatchObject({ status: 200, by: 'web' })
    expect(await night.wakeRules()).toEqual([])
    expectInvariants(night.recording)
  })
})
