import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PICTURES } from './console.kit.ts'
import {
  faintTexts,
  headingLevels,
  namelessControls,
  repeatedIds,
  scrollsSideways,
} from './page-checks.ts'
import { Entrance } from './visitors.kit.ts'

let entrance: Entrance

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  entrance = await Entrance.open()
  entrance.pace.set(40)
  void entrance.pace.start()
})
afterAll(async () => {
  await entrance?.close()
})

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 900 }
const picture = (page: Page, name: string) => page.screenshot({ path: `${PICTURES}/${name}.png` })

async function isSound(page: Page): Promise<void> {
  expect(await faintTexts(page)).toEqual([])
  expect(await namelessControls(page)).toEqual([])
  expect(await repeatedIds(page)).toEqual([])
  expect(await headingLevels(page)).toEqual([1])
  expect(await scrollsSideways(page)).toBe(false)
}

/** The services sleep; each person finds them as the one before has left them. */
describe.sequential('somebody who comes to a service that sleeps', () => {
  test('without scripts, on a phone, at night: wakes it by a button and is sent on', async () => {
    const page = await entrance.visit({ ...PHONE, scheme: 'dark', scripts: false })
    const answer = await page.goto(entrance.url('/products/list'))
    expect(answer?.status()).toBe(503)
    await page.getByRole('heading', { name: 'products is asleep' }).waitFor()
    await page.getByText('products (service)').waitFor()
    await picture(page, 'asleep-dark-phone')
    await page.getByRole('button', { name: 'Wake products' }).click()
    await page.getByRole('heading', { name: 'products wakes up' }).waitFor()
    await picture(page, 'waking-dark-phone')
    await page.getByText('"service":"products"').waitFor()
    expect(page.url()).toBe(entrance.url('/products/list'))
  })

  test('with scripts: the page asks by itself, shows how far it is, and opens the service', async () => {
    const page = await entrance.visit({ ...DESKTOP, scheme: 'light' })
    await page.goto(entrance.url('/shop?basket=1#top'))
    await page.getByRole('heading', { name: 'web wakes up' }).waitFor()
    await page.getByText('starting').first().waitFor()
    await isSound(page)
    await picture(page, 'waking-light')
    expect(await page.title()).toBe('web wakes up')
    // The database first: what needs it starts no sooner.
    const rows = (await page.locator('.tiers ul li').allInnerTexts()).map((one) =>
      one.replaceAll(/\s+/g, ' '),
    )
    expect(rows.find((one) => one.includes('(database)'))).toMatch(/ starting$/)
    expect(rows.slice(-2)).toEqual(['orders (service) waiting', 'web (service) waiting'])
    await page.setViewportSize(PHONE)
    await isSound(page)
    await picture(page, 'waking-light-phone')
    await page.getByText('"service":"web"').waitFor({ timeout: 60_000 })
    expect(page.url()).toBe(entrance.url('/shop?basket=1'))
    expect(entrance.errors).toEqual([])
  })

  test('sees why and since when, in light and dark, on a phone', async () => {
    await entrance.pace.run(() => entrance.night.order({ source: 'person' }))
    entrance.pace.skip(20 * 60_000)
    await expect.poll(() => entrance.pace.skipping, { timeout: 30_000 }).toBe(false)
    for (const scheme of ['light', 'dark'] as const) {
      const page = await entrance.visit({ ...PHONE, scheme })
      await page.goto(entrance.url('/orders/1'))
      await page.getByText('orders was put to sleep by ana').waitFor()
      await isSound(page)
      await picture(page, `refused-${scheme}-phone`)
    }
    expect(entrance.errors).toEqual([])
  })
})
