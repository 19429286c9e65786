import { mkdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogOf } from '../kits/catalog.ts'
import { PICTURES, Stage } from './console.kit.ts'
import {
  faintTexts,
  headingLevels,
  namelessControls,
  repeatedIds,
  scrollsSideways,
} from './page-checks.ts'

const DESKTOP = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }

/** The repository's own, in which everything acts, with a trail and a key that only people know. */
const ACTS = catalogOf({
  'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8').replace(
    'tags:\n',
    'tags:\n  required: { cost-center: { pattern: "[0-9]{4}" } }\n',
  )}
trail: own
features: { sleep: act, health: off, tags: act, budgets: act }
`,
  'services/orders.yaml': 'kind: api\nteam: ordering\nschedule: office-hours\n',
  'services/mailer.yaml': 'kind: worker\nteam: storefront\nschedule: office-hours\n',
})

let stage: Stage
let page: Page

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  stage = await Stage.open(ACTS)
  page = await stage.visit({ ...DESKTOP, scheme: 'light', path: '/teams/ordering' })
})
afterAll(async () => {
  await stage?.close()
})

const pane = (name: string) => page.getByRole('region', { name, exact: true })
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter')

/** Lets that many simulated minutes pass. */
async function pass(minutes: number): Promise<void> {
  stage.pace.skip(minutes * 60_000)
  await expect.poll(() => stage.pace.skipping, { timeout: 30_000 }).toBe(false)
}

/** In the order of the story; each goes on where the one before has stopped. No mouse is used. */
describe.sequential('a member of a team', () => {
  test('comes by a link from outside, and reads that nothing is known yet: no $0', async () => {
    await page.getByRole('heading', { name: 'Team ordering' }).waitFor()
    expect(await page.title()).toBe('ordering · Caretaker · dev')
    await pane('Budget of ordering').getByText('AWS was not asked yet').waitFor()
    await pane('Tags').getByText('Tags not looked at yet').waitFor()
    await pane('Services').getByText('nothing deployed yet').waitFor()
    expect(await page.getByText('$0.00 of').count()).toBe(0)
  })

  test('finds the price of a day once something runs, and puts it to sleep', async () => {
    await stage.pace.run(async () =>
      stage.simulation.ecr.push({
        ...{ repository: 'orders', tag: 'main', image: { behaviour: 'healthy' } },
      }),
    )
    await pass(20)
    await pane('Services').getByText('1 of 1 tasks').waitFor()
    await pane('Services').getByText('$0.24', { exact: true }).waitFor()
    await press('Sleep orders')
    const dialog = page.getByRole('dialog', { name: 'Sleep orders' })
    await dialog.getByText('npx caretaker sleep orders').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('Sleep orders')
    await press('Sleep orders')
    await dialog.getByRole('button', { name: 'Sleep orders' }).press('Enter')
    const receipt = pane('Services').getByRole('status')
    await receipt.getByText(/orders sleeps until .* Receipt [0-9a-f]+/).waitFor()
    await pass(10)
    await pane('Services').getByText('asleep', { exact: true }).waitFor()
    await pane('Holds').getByText('bob@example.com has put it to sleep').waitFor()
    await pane('Services').getByRole('button', { name: 'Wake orders' }).waitFor()
  })

  test('wakes it again, as an operator would', async () => {
    await press('Wake orders')
    const dialog = page.getByRole('dialog', { name: 'Wake orders' })
    await dialog.getByRole('combobox', { name: 'You are' }).selectOption('olga@example.com')
    await dialog.getByRole('button', { name: 'Wake orders' }).press('Enter')
    await pane('Services')
      .getByRole('status')
      .getByText(/I read: `wake orders`/)
      .waitFor()
    await pass(10)
    await pane('Services').getByRole('button', { name: 'Sleep orders' }).waitFor()
  })

  test('sees how much is spent, then that roll-outs are held, until when, and what ends it', async () => {
    await page.getByRole('combobox', { name: 'The team that overspends' }).selectOption('ordering')
    await press('Overspend')
    await pass(5)
    await pane('Budget of ordering').getByText('$213.00').first().waitFor()
    await pane('Budget of ordering').getByText('the month is younger than six days').waitFor()
    await press('Overspend')
    await pass(5)
    await pane('Budget of ordering').getByText('roll-outs of ordering are held').waitFor()
    await pane('Budget of ordering').getByText('Told in #ordering').first().waitFor()
    await pane('Holds').getByText('the budget of ordering froze roll-outs').waitFor()
    await pane('Holds').getByText('A fix passes by deploy').waitFor()
  })

  test('sees what was started without tags, by whom, and what is next', async () => {
    await press('Start an untagged instance')
    await pass(30)
    await pane('Tags').getByText('made by bob@example.com').waitFor()
    await pane('Tags').getByText('Caretaker has written caretaker:owner').waitFor()
    await press('Let morning come')
    await pass(1)
    await pane('Tags').getByText('cost-center is missing').first().waitFor()
    await pane('Tags')
      .getByText(/Next, on \w+ 18 Mar 06:30 at the earliest: its owner is told/)
      .first()
      .waitFor()
  })

  test('goes to all services and back: address, title and focus follow', async () => {
    await page.getByRole('link', { name: 'All services' }).press('Enter')
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await page.title()).toBe('Caretaker · dev')
    await expect.poll(focused).toBe('Services')
    await page.getByRole('link', { name: 'storefront' }).press('Enter')
    await page.getByRole('heading', { name: 'Team storefront' }).waitFor()
    await expect.poll(focused).toBe('Team storefront')
    await page.goBack()
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Team ordering' }).waitFor()
    expect(await page.title()).toBe('ordering · Caretaker · dev')
    await expect.poll(focused).toBe('Team ordering')
  })

  test('finds on the first page each team in one line', async () => {
    const visitor = await stage.visit({ ...DESKTOP, scheme: 'light' })
    const line = visitor.getByRole('rowheader', { name: /^ordering/ })
    await line.getByText('$260.00 of $250.00 spent').waitFor()
    await line.getByText('2 resources lack tags').waitFor()
    await line.getByText('1 hold').waitFor()
    await visitor.close()
  })

  test('goes to a service, sees why and what is next, and pins it', async () => {
    await pane('Services').getByRole('link', { name: 'orders' }).press('Enter')
    await page.getByRole('heading', { name: 'orders', exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/services/orders')
    expect(await page.title()).toBe('orders · Caretaker · dev')
    await expect.poll(focused).toBe('orders')
    await pane('How it is').getByText('It runs what "main" asks for').waitFor()
    await pane('How it is')
      .getByText(/asleep at .* 20:00: office-hours/)
      .waitFor()
    await pane('History').getByText('deployed').waitFor()
    await pane('Holds').getByText('the budget of ordering froze').waitFor()
    await pane('History')
      .getByRole('link', { name: /^as it went/ })
      .press('Enter')
    await pane('Execution').getByText('orders:main was pushed').waitFor()
    await page.getByRole('button', { name: /^Await .*, succeeded/ }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/roll-outs\/./)
    await page.goBack()
    await press('Pin')
    const dialog = page.getByRole('dialog', { name: 'Pin orders' })
    await dialog.getByRole('button', { name: 'Pin orders' }).press('Enter')
    await pane('Holds').getByText('bob@example.com pinned the service').waitFor()
    await page.getByRole('button', { name: 'Unpin' }).waitFor()
    expect(await namelessControls(page)).toEqual([])
    for (const scheme of ['light', 'dark'] as const) {
      for (const [name, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        const visitor = await stage.visit({ ...size, scheme, path: '/services/orders' })
        await visitor.getByRole('heading', { name: 'History' }).waitFor()
        expect(await faintTexts(visitor)).toEqual([])
        expect(await scrollsSideways(visitor)).toBe(false)
        await visitor.screenshot({
          path: `${PICTURES}/service-${name}-${scheme}.png`,
          fullPage: true,
        })
        await visitor.close()
      }
    }
    await page.goBack()
    await page.getByRole('heading', { name: 'Team ordering' }).waitFor()
  })

  test('is told of a team that is not there', async () => {
    const visitor = await stage.visit({ ...PHONE, scheme: 'light', path: '/teams/nobody' })
    await visitor.getByRole('heading', { name: 'There is no team nobody' }).waitFor()
    await visitor.close()
  })
})

describe.sequential('anybody on the page of a team', () => {
  test.each(['light', 'dark'] as const)('can read every text, in the %s', async (scheme) => {
    for (const [name, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      const path = '/teams/ordering'
      const visitor = await stage.visit({ ...size, scheme, path, reducedMotion: 'reduce' })
      expect(await faintTexts(visitor)).toEqual([])
      await visitor.screenshot({ path: `${PICTURES}/team-${name}-${scheme}.png`, fullPage: true })
      await visitor.close()
    }
  })

  test('is told the name of everything, under headings in order, within landmarks', async () => {
    expect(await namelessControls(page)).toEqual([])
    expect(await repeatedIds(page)).toEqual([])
    const levels = await headingLevels(page)
    expect(levels.slice(0, 2)).toEqual([1, 2])
    expect(new Set(levels.slice(2))).toEqual(new Set([3]))
    for (const role of ['banner', 'navigation', 'main'] as const) {
      expect(await page.getByRole(role, { includeHidden: true }).count(), role).toBe(1)
    }
  })

  test.each([320, 390, 768, 1440])('never scrolls sideways at %s pixels', async (width) => {
    const path = '/teams/ordering'
    const visitor = await stage.visit({ width, height: 800, scheme: 'light', path })
    expect(await scrollsSideways(visitor)).toBe(false)
    await visitor.close()
  })

  test('met no error in any page', () => {
    expect(stage.errors).toEqual([])
  })
})
