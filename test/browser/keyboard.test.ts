import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Stage } from './console.kit.ts'
import { controls, upwards, walk } from './keyboard.kit.ts'

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

let stage: Stage
let rollOut = ''

/** An environment in which something runs, something was rolled back, and time stands still. */
beforeAll(async () => {
  stage = await Stage.open()
  const push = (repository: string, behaviour: 'healthy' | 'crashes') =>
    stage.pace.run(async () =>
      stage.simulation.ecr.push({ repository, tag: 'main', image: { behaviour } }),
    )
  for (const repository of ['orders', 'web', 'nightly-report']) await push(repository, 'healthy')
  await stage.pace.run(() =>
    stage.source.act({ by: 'bob@example.com', text: 'job run nightly-report' }),
  )
  await pass(8)
  await push('orders', 'crashes')
  await pass(8)
  stage.pace.set('paused')
  rollOut = await stage.rolledBack('orders')
})
afterAll(() => stage?.close())

async function pass(minutes: number): Promise<void> {
  stage.pace.skip(minutes * 60_000)
  await vi.waitUntil(() => !stage.pace.skipping, { timeout: 60_000 })
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim())

/** Tab, until something with these words has the focus. Nothing here uses a mouse. */
async function tabTo(page: Page, words: string | RegExp): Promise<void> {
  for (let stop = 0; stop < 120; stop++) {
    await page.keyboard.press('Tab')
    const text = (await focused(page)) ?? ''
    if (typeof words === 'string' ? text === words : words.test(text)) return
  }
  throw new Error(`The Tab key does not come to ${words}`)
}

/** Every page that has a URL, and what is there when all of it is. */
const PAGES: [name: string, path: () => string, heading: string][] = [
  ['home', () => '/', 'Execution'],
  ['team', () => '/teams/ordering', 'People'],
  ['service', () => '/services/orders', 'History'],
  ['job', () => '/jobs/nightly-report', 'Last runs'],
  ['roll-out', () => rollOut, 'What became of it'],
  ['nothing', () => '/services/nobody', 'There is no service nobody'],
]

describe.each(Object.entries(SIZES))('by the keyboard alone, on a %s', (_, size) => {
  const visit = (path: string) =>
    stage.visit({ ...size, scheme: 'light', reducedMotion: 'reduce', path })

  test.each(PAGES)(
    '%s: every control is reached, in reading order, and one sees where one is',
    async (_name, path, heading) => {
      const page = await visit(path())
      await page.getByRole('heading', { name: heading }).first().waitFor()
      const there = await walk(page, 'Tab')
      expect(there.map(({ at }) => at)).toEqual(await controls(page))
      expect(there.filter(({ isMarked }) => !isMarked)).toEqual([])
      expect(there.filter(({ isInSight }) => !isInSight)).toEqual([])
      expect(upwards(there)).toEqual([])
      const back = await walk(page, 'Shift+Tab')
      expect(back.map(({ at }) => at)).toEqual(there.map(({ at }) => at).toReversed())
      await page.close()
    },
  )

  test('a service is found, opened and pinned; Escape takes nothing away but the question', async () => {
    const page = await visit('/')
    await tabTo(page, 'Skip to the services')
    await page.keyboard.press('Enter')
    await tabTo(page, 'orders')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'orders', exact: true }).waitFor()
    await expect.poll(() => focused(page)).toBe('orders')
    await tabTo(page, 'Pin')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Pin orders' })
    await dialog.waitFor()
    const within = new Set<boolean>()
    for (let stop = 0; stop < 8; stop++) {
      await page.keyboard.press('Tab')
      within.add(
        await page.evaluate(() => {
          const { activeElement: at } = document
          return at === document.body || at?.closest('dialog') !== null
        }),
      )
    }
    expect([...within]).toEqual([true])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Pin')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Pin orders')
    stage.pace.set(60)
    await page.keyboard.press('Enter')
    await page.getByText(/Receipt \w{12}/).waitFor()
    await page.getByRole('button', { name: 'Unpin' }).waitFor()
    // The button that was pressed is gone: the answer is what is read next.
    await expect.poll(() => focused(page)).toMatch(/Receipt \w{12}/)
    await tabTo(page, 'Show its last lines')
    await page.keyboard.press('Shift+Tab')
    for (let stop = 0; stop < 8 && (await focused(page)) !== 'Unpin'; stop++) {
      await page.keyboard.press('Shift+Tab')
    }
    await page.keyboard.press('Enter')
    await tabTo(page, 'Unpin orders')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Pin', exact: true }).waitFor()
    stage.pace.set('paused')
    await page.close()
  })

  test('a job is run, and its log read', async () => {
    const page = await visit('/jobs/nightly-report')
    await page.getByRole('heading', { name: 'Last runs' }).waitFor()
    await tabTo(page, 'Run now')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Run now: nightly-report')
    await page.keyboard.press('Enter')
    await page.getByText(/^Started nightly-report, asked for by bob@example\.com/).waitFor()
    await expect.poll(() => focused(page)).toBe('Run now')
    await page.getByText('starting').first().waitFor()
    await tabTo(page, /^log of the run/)
    await tabTo(page, /^log of the run/)
    await page.keyboard.press('Enter')
    await page.getByText(/^Task [0-9a-f]{32}$|It has logged nothing/).waitFor()
    await page.close()
  })

  test('a state tells what it did, and gives the focus back when it is closed', async () => {
    const page = await visit(rollOut)
    await page.getByRole('heading', { name: 'What became of it' }).waitFor()
    await page.evaluate(() => document.getElementById('page-title')?.focus())
    await tabTo(page, /^(Announce|Plan)/)
    const state = await focused(page)
    await page.keyboard.press('Enter')
    const details = page.getByRole('region', { name: /^State / })
    await details.waitFor()
    await page.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(state)
    await page.keyboard.press('Enter')
    await tabTo(page, 'Close')
    await page.keyboard.press('Enter')
    await details.waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(state)
    await page.close()
  })
})

test('no page met an error', () => {
  expect(stage.errors).toEqual([])
})
