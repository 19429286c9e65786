import { copyFileSync, mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PICTURES, Stage } from './console.kit.ts'
import {
  faintTexts,
  headingLevels,
  namelessControls,
  repeatedIds,
  scrollsSideways,
  tabStops,
} from './page-checks.ts'

const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

let stage: Stage
let page: Page

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  stage = await Stage.open()
  page = await stage.visit({ ...DESKTOP, scheme: 'light' })
})
afterAll(async () => {
  await stage?.close()
})

const services = () => page.getByRole('region', { name: 'Services' })
const row = (name: string) => services().getByRole('row', { name: new RegExp(`^${name}`) })
const slack = () => page.getByRole('region', { name: 'Slack' })
const machine = () => page.getByRole('region', { name: 'Execution' })
const timeline = () => page.getByRole('region', { name: 'Timeline' })
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

/** In the order of the story; each goes on where the one before has stopped. */
describe.sequential('a newcomer', () => {
  test('sees an environment in which nothing has been pushed', async () => {
    expect(await page.title()).toBe('Caretaker · dev')
    await row('orders').getByText('No image').waitFor()
    await timeline().getByText('Nothing has been pushed yet').waitFor()
    await slack().getByText('Caretaker has said nothing yet').waitFor()
  })

  test('pushes a good image by the keyboard, and it runs', async () => {
    await page.getByRole('radio', { name: 'Sixty times as fast' }).press('Space')
    await page.getByRole('button', { name: 'Push a good image' }).press('Enter')
    await page.getByText('Pushed a good image as orders:main').waitFor()
    await machine()
      .getByRole('button', { name: /^Await .*, running/ })
      .waitFor()
    await timeline().getByText('deployed', { exact: true }).waitFor()
    await row('orders').getByText('As asked').waitFor()
    await slack().getByText('orders runs main').waitFor()
    await machine()
      .getByRole('button', { name: /^Announce .*, succeeded/ })
      .waitFor()
  })

  test('pushes a bad image: the machine lights up, Slack’s message changes in place', async () => {
    await page.getByRole('combobox', { name: 'The bad image' }).selectOption('crashes')
    await press('Push a bad image')
    await machine()
      .getByRole('button', { name: /^Await .*, running/ })
      .waitFor()
    const message = slack().getByRole('article').nth(1)
    await message.getByText('is rolling out').waitFor()
    await row('orders').getByText('Rolling out').waitFor()
    await message.getByText('was rolled back').waitFor()
    await message.getByText('(edited)').waitFor()
    expect(await slack().getByRole('article').count()).toBe(2)
    await message.getByText('OutOfMemoryError').waitFor()
    await machine()
      .getByRole('button', { name: /^Await .*, an error was caught/ })
      .waitFor()
  })

  test('finds the service on the good image, and the reason in the timeline', async () => {
    const { records } = stage.simulation
    const [good] = records.verdicts.map(({ digest }) => digest.slice(7, 19))
    await row('orders')
      .getByText(good ?? 'none')
      .waitFor()
    await row('orders').getByText('Healthy').waitFor()
    await row('orders').getByText('Rolled back').waitFor()
    await services()
      .getByRole('list', { name: 'Needs attention' })
      .getByText('rolled back')
      .waitFor()
    await timeline()
      .getByText(/^orders rolled back: .*137/)
      .waitFor()
    await page
      .getByRole('status')
      .filter({ hasText: /orders rolled back/ })
      .waitFor({ state: 'attached' })
  })

  test('asks a state what went wrong', async () => {
    await machine()
      .getByRole('button', { name: /^Await / })
      .click()
    const details = page.getByRole('region', { name: 'State Await' })
    await details.getByText('DeploymentEnded', { exact: true }).waitFor()
    await details.getByText(/ECS's events say/).waitFor()
    await press('Close')
    await page.getByRole('radio', { name: 'Steps' }).check()
    await machine().getByRole('listitem').filter({ hasText: 'an error was caught' }).waitFor()
    await page.getByRole('radio', { name: 'Drawing' }).check()
  })

  test('pauses, and takes the pictures', async () => {
    await page.getByRole('radio', { name: 'Pause' }).check()
    for (const scheme of ['light', 'dark'] as const) {
      for (const [name, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        const visitor = await stage.visit({ ...size, scheme, reducedMotion: 'reduce' })
        const path = `${PICTURES}/${name}-${scheme}.png`
        await visitor.screenshot({ path, fullPage: name === 'phone' })
        await visitor.close()
      }
    }
    if (process.env.UPDATE_IMAGES !== undefined) {
      mkdirSync('docs/images', { recursive: true })
      copyFileSync(`${PICTURES}/desktop-light.png`, 'docs/images/console.png')
    }
  })

  test('loses the event of a push, and the sweep finds it', async () => {
    await page.getByRole('radio', { name: 'Sixty times as fast' }).check()
    await page.getByRole('switch', { name: 'Lose push events' }).check()
    await page.getByRole('combobox', { name: 'Repository' }).selectOption('web')
    await press('Push a good image')
    await timeline().getByText('The event was lost on its way').waitFor()
    await press('+1 h')
    await timeline().getByText('The sweep found it').waitFor()
    await row('web').getByText('As asked').waitFor()
    await page.getByRole('switch', { name: 'Lose push events' }).uncheck()
  })

  test('sees only one service’s pushes, and each team’s channel', async () => {
    const filter = page.getByRole('combobox', { name: 'Only the service' })
    await filter.selectOption('web')
    expect(await timeline().getByText('orders:main').count()).toBe(0)
    await filter.selectOption('')
    await page.getByRole('radio', { name: '#storefront' }).check()
    await slack().getByText('web runs main').waitFor()
  })

  test('sees an alarm in the thread of the deployment before it, and rolls back from there', async () => {
    const be = (name: string) =>
      page.getByRole('combobox', { name: 'You are' }).selectOption({ label: name })
    await page.getByRole('combobox', { name: 'Repository' }).selectOption('orders')
    await press('Push a good image')
    await press('+1 min')
    await press('+1 min')
    await press('+1 min')
    await press('+1 min')
    await page.getByRole('combobox', { name: 'The alarm' }).selectOption('dev-orders-memory')
    await press('Raise an alarm')
    await row('orders').getByText('dev-orders-memory is red').waitFor()
    await page.getByRole('radio', { name: '#ordering' }).check()
    const alarm = slack().getByRole('article').filter({ hasText: 'breaching since' }).last()
    const roll = alarm.getByRole('button', { name: /^Roll back to / })

    // Who is not of the team is told so, and nobody else sees it.
    await be('ann')
    await roll.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await slack()
      .getByText(/ordering/)
      .last()
      .waitFor()
    await slack().getByText('Only visible to you').waitFor()

    await be('bob')
    await roll.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await slack().getByText('asked for by bob@example.com').first().waitFor()
    await slack().getByText('orders is back on').last().waitFor()
  })

  test('asks the app in Slack why a service runs what it runs', async () => {
    await slack().getByPlaceholder('/caretaker').fill('/caretaker why orders')
    await slack().getByRole('button', { name: 'Send' }).click()
    await slack().getByText('Only visible to you').last().waitFor()
    const answer = slack().getByRole('article').filter({ hasText: 'Next push' }).last()
    await answer.waitFor()
  })

  test('looks at an earlier execution', async () => {
    await timeline().locator('summary').last().click()
    await timeline()
      .getByRole('button', { name: /^Show the execution/ })
      .last()
      .click()
    await machine().getByText('orders:main was pushed', { exact: true }).waitFor()
    await machine()
      .getByRole('button', { name: /^Await .*, succeeded/ })
      .waitFor()
  })
})

describe.sequential('anybody', () => {
  test('can go everywhere by the keyboard, in the order of the page', async () => {
    const visitor = await stage.visit({ ...DESKTOP, scheme: 'light' })
    const stops = await tabStops(visitor, 22)
    expect(stops.slice(0, 6)).toEqual([
      'Skip to the services',
      'Caretaker',
      'Sixty times as fast',
      '+1 min',
      '+1 h',
      'Dark',
    ])
    expect(stops.slice(6, 19)).toEqual([
      'Repository',
      'Tag',
      'Push a good image',
      'Push a bad image',
      'The bad image',
      'Raise an alarm',
      'The alarm',
      'Let night fall',
      'Let morning come',
      'Overspend',
      'The team that overspends',
      'Start an untagged instance',
      'Lose push events',
    ])
    await visitor.close()
  })

  test('goes through the states with the arrows, from one stop of the Tab key', async () => {
    const plan = machine().getByRole('button', { name: /^Plan / })
    await plan.focus()
    await page.keyboard.press('ArrowDown')
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(/[ ,]/)[0])
    expect(await focused()).toBe('IsRollOut')
    await page.keyboard.press('ArrowUp')
    expect(await focused()).toBe('Plan')
    expect(await machine().locator('button.state[tabindex="0"]').count()).toBe(1)
  })

  test('is told the name of everything, under headings in order, within landmarks', async () => {
    expect(await namelessControls(page)).toEqual([])
    expect(await repeatedIds(page)).toEqual([])
    // Services, sleep with its coming night and its weeks, timeline with a day, Slack, execution.
    expect(await headingLevels(page)).toEqual([1, 2, 2, 3, 3, 3, 2, 3, 2, 2])
    for (const role of ['banner', 'navigation', 'main'] as const) {
      expect(await page.getByRole(role, { includeHidden: true }).count(), role).toBe(1)
    }
  })

  test.each(['light', 'dark'] as const)('can read every text, in the %s', async (scheme) => {
    const visitor = await stage.visit({ ...DESKTOP, scheme })
    expect(await faintTexts(visitor)).toEqual([])
    await visitor.close()
  })

  test('chooses light or dark, and it stays', async () => {
    const visitor = await stage.visit({ ...DESKTOP, scheme: 'light' })
    const scheme = () => visitor.evaluate(() => document.documentElement.dataset.scheme)
    await visitor.getByRole('button', { name: 'Dark' }).click()
    expect(await scheme()).toBe('dark')
    await visitor.reload()
    await visitor.getByRole('button', { name: 'Light' }).waitFor()
    expect(await scheme()).toBe('dark')
    await visitor.close()
  })

  test.each([320, 360, 390, 768, 1100])('never scrolls sideways at %s pixels', async (width) => {
    const visitor = await stage.visit({ width, height: 800, scheme: 'light' })
    expect(await scrollsSideways(visitor)).toBe(false)
    await visitor.close()
  })

  test('sees nothing move who asked for that', async () => {
    const visitor = await stage.visit({ ...DESKTOP, scheme: 'light', reducedMotion: 'reduce' })
    expect(await visitor.evaluate(() => document.getAnimations().length)).toBe(0)
    await visitor.close()
  })

  test('met no error in any page', () => {
    expect(stage.errors).toEqual([])
  })
})
