import { mkdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { IMAGES } from '../../local/console/actions.ts'
import { catalogWith } from '../kits/catalog.ts'
import { PICTURES, Stage } from './console.kit.ts'
import { axeFindings, jutsOut, scrollsSideways } from './page-checks.ts'

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** The repository's own, in which everything acts. */
const ACTS = catalogWith({
  'environment.yaml': `${readFileSync('catalog/environment.yaml', 'utf8')}
features: { sleep: act, health: off, tags: tell, budgets: act }
`,
})

const READS =
  'This console only reads. Start it with `npx caretaker console --acts`; the command line acts too.'

let stage: Stage
/** Of each source the address at which its console is served. */
let served: Record<'simulation' | 'account', string | undefined>

/** One stage for both: what happened is the same, and each console shows it its own way. */
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  stage = await Stage.open(ACTS)
  await happens()
  served = {
    simulation: undefined,
    account: await stage.account('bob@example.com', { onlyReads: READS }),
  }
})
afterAll(async () => {
  await stage?.close()
})

/** Lets that many simulated minutes pass. */
async function pass(minutes: number): Promise<void> {
  stage.pace.skip(minutes * 60_000)
  await vi.waitUntil(() => !stage.pace.skipping, { timeout: 60_000 })
}

/** A morning: what holds, what does not, what is held, what sleeps, what is spent, what is red. */
async function happens(): Promise<void> {
  const { ecr } = stage.simulation
  const { source, pace } = stage
  const push = (repository: string, behaviour: 'healthy' | 'crashes') =>
    pace.run(async () =>
      ecr.push({
        ...{ repository, tag: 'main' },
        image: behaviour === 'crashes' ? IMAGES.crashes : { behaviour },
      }),
    )
  const act = (text: string) => pace.run(() => source.act({ by: 'olga@example.com', text }))
  for (const one of ['orders', 'web', 'mailer']) await push(one, 'healthy')
  await pass(10)
  await push('orders', 'crashes')
  await act('freeze products until tomorrow 9:00 the demo')
  await push('products', 'healthy')
  await act('sleep mailer until tomorrow 9:00 nobody needs it')
  for (const behaviour of ['healthy', 'crashes'] as const) {
    await push('nightly-report', behaviour)
    await act('job run nightly-report')
    await pass(6)
  }
  for (const _ of [1, 2]) {
    await pace.run(() => source.play.overspend('ordering'))
    await pass(6)
  }
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const service = (page: Page, name: string) =>
  region(page, 'Services').getByRole('link', { name, exact: true }).first().click()

/** What a person asks, the clicks that it takes from the home page, and what is read then. */
const QUESTIONS: [
  question: string,
  clicks: ((page: Page) => Promise<unknown>)[],
  read: [pane: string, words: RegExp],
][] = [
  ['what is broken now', [], ['Services', /orders rolled back/]],
  ['which alarm is red', [], ['Services', /dev-orders-memory/]],
  ['what changed since yesterday', [], ['Timeline', /Today/]],
  ['what will tonight do', [], ['Sleep', /office-hours: awake until Mon 2 Mar 20:00, then asleep/]],
  [
    'what waits',
    [(page) => page.getByRole('combobox', { name: 'Which services' }).selectOption('waiting')],
    ['Services', /1 of 6 services[\s\S]*products/],
  ],
  [
    'who deployed this',
    [(page) => service(page, 'orders')],
    ['', /since Mon 2 Mar 10:0\d by a push[\s\S]*Commit/],
  ],
  [
    'why is it off',
    [(page) => service(page, 'mailer')],
    ['How it is', /asleep since .*olga@example\.com/],
  ],
  [
    'how do I go back',
    [
      (page) => service(page, 'orders'),
      (page) =>
        page
          .getByRole('button', { name: /^(Retry|Roll back)$/ })
          .first()
          .press('Enter'),
    ],
    ['', /npx caretaker (rollback|retry) orders/],
  ],
  [
    'what does it cost',
    [(page) => service(page, 'ordering')],
    ['Services', /A day of what is awake now costs \$/],
  ],
  [
    'what did the budget do',
    [(page) => service(page, 'ordering')],
    ['Budget of ordering', /roll-outs of ordering are held/],
  ],
]

describe.each(['simulation', 'account'] as const)('the console of the %s', (which) => {
  const visit = (more: object = {}) =>
    stage.visit({
      ...{ ...SIZES.desktop, scheme: 'light', reducedMotion: 'reduce', ...more },
      ...(served[which] !== undefined && { at: served[which] }),
    })

  // Its own data say otherwise some minutes later.
  beforeAll(() => stage.pace.run(() => stage.source.play.raise('dev-orders-memory')))

  test.each(QUESTIONS)('%s: answered within two clicks', async (_, clicks, [pane, words]) => {
    expect(clicks.length).toBeLessThanOrEqual(2)
    const page = await visit()
    for (const click of clicks) await click(page)
    const where = pane === '' ? page.locator('body') : region(page, pane)
    await expect.poll(() => where.innerText(), { timeout: 20_000 }).toMatch(words)
    await page.close()
  })

  const PAGES: [name: string, path: string, heading: string][] = [
    ['home', '/', 'Timeline'],
    ['team', '/teams/ordering', 'Team ordering'],
    ['service', '/services/orders', 'History'],
    ['job', '/jobs/nightly-report', 'Last runs'],
    ['roll-out', '/roll-outs/', 'What became of it'],
  ]

  test.each(PAGES)(
    '%s: axe finds nothing, and nothing is cut off, in light and dark, at both widths',
    async (name, path, heading) => {
      for (const scheme of ['light', 'dark'] as const) {
        for (const [size, wide] of Object.entries(SIZES)) {
          const page = await visit({
            ...wide,
            scheme,
            path: path === '/roll-outs/' ? await stage.rolledBack('orders', served[which]) : path,
          })
          await page.getByRole('heading', { name: heading }).first().waitFor()
          const log = page.getByRole('button', { name: 'Show its last lines' })
          if ((await log.count()) > 0) {
            await log.click()
            await page.getByText(name === 'job' ? 'OutOfMemory' : 'listening on port').waitFor()
            if (name === 'service') {
              await region(page, 'Differences').getByText('orders image').waitFor()
            }
          }
          expect([scheme, size, await axeFindings(page)]).toEqual([scheme, size, []])
          expect([scheme, size, await scrollsSideways(page)]).toEqual([scheme, size, false])
          expect([scheme, size, await jutsOut(page)]).toEqual([scheme, size, []])
          await page.screenshot({
            path: `${PICTURES}/${which}-${name}-${size}-${scheme}.png`,
            fullPage: true,
          })
          await page.close()
        }
      }
    },
  )

  test('a drawing fits into its pane at 1440 pixels', async () => {
    const page = await visit()
    await page.locator('.frame').waitFor()
    await page.locator('.drawing').waitFor()
    const [room, frame] = await page.evaluate(() => {
      const right = (one: string) => document.querySelector(one)?.getBoundingClientRect().right ?? 0
      return [right('.drawing') - right('.frame'), right('.frame')]
    })
    expect(frame).toBeGreaterThan(0)
    // As much as the pane has on its other side.
    expect(room).toBeGreaterThanOrEqual(14)
    await page.close()
  })

  test('an execution that somebody reads stays, whatever is newer', async () => {
    const page = await visit()
    const pane = region(page, 'Execution')
    await pane.getByRole('combobox').selectOption({ index: 2 })
    const state = page.getByRole('region', { name: 'State Plan' })
    // What is pressed may be of the execution before, until this one has been read.
    const opened = async () => {
      await pane.getByRole('button', { name: /^Plan / }).press('Enter')
      await state.waitFor({ timeout: 2_000 }).catch(() => {})
      return state.isVisible()
    }
    await expect.poll(opened, { timeout: 30_000 }).toBe(true)
    const title = await pane.locator('.subject').innerText()
    await stage.pace.run(async () =>
      stage.simulation.ecr.push({
        repository: 'web',
        tag: 'main',
        image: { behaviour: 'healthy' },
      }),
    )
    await pass(5)
    await pane.getByRole('button', { name: /^Go on to the newest/ }).waitFor()
    expect(await pane.locator('.subject').innerText()).toBe(title)
    await page.close()
  })
})

describe('the console of the account', () => {
  test('only reads: its buttons take the focus, say why, and do nothing', async () => {
    const at = served.account
    const page = await stage.visit({
      ...SIZES.desktop,
      scheme: 'light',
      path: '/services/orders',
      ...(at && { at }),
    })
    const pin = page.getByRole('button', { name: 'Pin', exact: true })
    await pin.press('Enter')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await pin.getAttribute('aria-disabled')).toBe('true')
    const why = page.locator(`#${await pin.getAttribute('aria-describedby')}`)
    expect(await why.innerText()).toContain('This console only reads')
    expect(await why.innerText()).toContain('npx caretaker pin orders')
    const forced = await page.evaluate(async () => {
      const asked = { action: 'act', by: '', text: 'pin orders' }
      const headers = { 'content-type': 'application/json' }
      return (await fetch('/do', { method: 'POST', headers, body: JSON.stringify(asked) })).status
    })
    expect(forced).toBe(409)
    await page.close()
  })

  test('acts, once the person has said yes, and says under whose name', async () => {
    const at = await stage.account('bob@example.com')
    const page = await stage.visit({
      ...SIZES.desktop,
      scheme: 'light',
      path: '/services/orders',
      at,
    })
    await page.getByRole('button', { name: 'Pin', exact: true }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Pin orders' })
    await dialog.getByText('It is done in the account, as bob@example.com').waitFor()
    await dialog.getByRole('button', { name: 'Pin orders' }).press('Enter')
    await page.getByText(/Receipt \w{12}/).waitFor()
    await region(page, 'Holds').getByText('bob@example.com pinned the service').waitFor()
    await page.getByRole('link', { name: 'All services' }).press('Enter')
    await region(page, 'Timeline').getByText('pin orders', { exact: true }).waitFor()
    await page.close()
  })

  test('met no error in any page', () => {
    // That an act was refused is said by the browser too.
    expect(stage.errors.filter((one) => !one.includes('409'))).toEqual([])
  })
})
