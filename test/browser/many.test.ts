import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seenOf } from '../../cli/console/seen.ts'
import { serveConsole } from '../../local/console/server.ts'
import type { Source } from '../../local/console/source.ts'
import { Pace } from '../../local/simulation/pace.ts'
import { after, BAD, GOOD, NOTHING, ORDERS, stillSource } from '../kits/console.ts'
import { FLAGS, PICTURES } from './console.kit.ts'
import { axeFindings, scrollsSideways } from './page-checks.ts'
import { type Worked, workOf } from './work.kit.ts'

const TEAMS = 20
const teamOf = (service: number) => `team-${service % TEAMS}`

/** 200 services of 20 teams, three of which do not run what their tags name. */
const catalog = {
  ...NOTHING.teams.catalog,
  teams: Object.fromEntries(
    Array.from({ length: TEAMS }, (_, place) => [
      teamOf(place),
      { channel: `#${teamOf(place)}`, members: [], roles: [] },
    ]),
  ),
}
const simulation = stillSource({
  ...NOTHING,
  services: Array.from({ length: 200 }, (_, place) => ({
    ...ORDERS,
    ...{ name: `service-${place}`, owner: teamOf(place), asAsked: place % 70 !== 7 },
  })),
  teams: { ...NOTHING.teams, catalog },
})

const ROLL_OUT = 'arn:aws:states:eu-central-1:123456789012:stateMachine:dev-roll-out'

/** The same of an account, made of what the entrance would show. */
function accountOf({ play: _, ...source }: typeof simulation): Source {
  const who = { name: 'bob@example.com', teams: [teamOf(1)], operator: false }
  const known = { catalog, who, account: '123456789012', rollOut: ROLL_OUT }
  const services = Array.from({ length: 200 }, (_each, place) => shownService(place))
  const items = services.map(({ id }, place) => ({
    ...{ pk: `service#${id}`, sk: 'state', version: 2 },
    latest: {
      ...{ repository: 'x', tag: 'main', at: after(1), verdict: 'deployed' },
      digest: place % 70 === 7 ? BAD : GOOD,
    },
  }))
  const shown = { at: after(60), services, items, sleepers: {}, problems: [] }
  const seen = seenOf({ known, shown, alarms: [], reader: { who } })
  return { ...source, see: async () => seen, reader: () => seen.reader }
}

function shownService(place: number) {
  const name = `service-${place}`
  return {
    ...{ id: `dev-backend/${name}`, team: teamOf(place), taskDefinition: `dev-${name}:1` },
    tags: { 'caretaker:service': name, 'caretaker:repository': name, 'caretaker:deploy': 'main' },
    ...{ desired: 1, running: 1, image: { digest: GOOD, tag: 'main' } },
  }
}

const account = accountOf(simulation)

let browser: Browser
const pace = new Pace(simulation.world)
const servers: Server[] = []
const served: Record<string, string> = {}

beforeAll(async () => {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: FLAGS })
  for (const [name, given] of [
    ['simulation', { source: simulation, pace }],
    ['account', { source: account }],
  ] as const) {
    const server = await serveConsole(given, { port: 0 })
    servers.push(server)
    served[name] = `http://localhost:${(server.address() as AddressInfo).port}/`
  }
  void pace.start()
})
afterAll(async () => {
  await browser?.close()
  await pace.stop()
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
})

/** Milliseconds of work within which a page has to be of use. */
const SOON = 300

describe.each(['simulation', 'account'])(
  'somebody with two hundred services, on the %s',
  (which) => {
    let page: Page
    let worked: Worked
    beforeAll(async () => {
      page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      worked = await workOf(browser, page, async () => {
        await page.goto(served[which] ?? '')
        await page.waitForFunction(() => performance.getEntriesByName('whole').length > 0)
      })
    })
    const services = () => page.getByRole('region', { name: 'Services' })
    const rows = () => services().locator('tbody tr:not(.of-team)').count()
    const choose = (name: string, value: string) =>
      services().getByRole('combobox', { name }).selectOption(value)

    test('sees first what needs attention', async () => {
      const list = services().getByRole('list', { name: 'Needs attention' })
      await list.getByText('service-7 not as asked').waitFor()
      expect(await list.getByRole('listitem').count()).toBe(3)
      expect(await rows()).toBe(200)
      expect(await scrollsSideways(page)).toBe(false)
      await page.screenshot({ path: `${PICTURES}/many-${which}.png` })
    })

    test('sees what fits the window soon after the data have come, and the others soon after', async () => {
      const drawn = worked('data', 'drawn')
      const by = (mark: string) =>
        page.evaluate((name) => performance.getEntriesByName(name)[0]?.startTime ?? 0, mark)
      const waited = (await by('drawn')) - (await by('data'))
      const whole = worked('data', 'whole')
      const took = `${drawn.toFixed(0)} ms of work, ${waited.toFixed(0)} ms by the clock`
      console.log(`${which}: drawn in ${took}; all 200 rows in ${whole.toFixed(0)} ms of work`)
      expect(drawn).toBeLessThan(SOON)
      expect(whole).toBeLessThan(2 * SOON)
    })

    test('is answered as soon by a filter', async () => {
      const worked = await workOf(browser, page, () =>
        page.evaluate(async () => {
          const input = document.querySelector<HTMLInputElement>('#services input[type=search]')
          if (input === null) throw new Error('There is no filter')
          performance.mark('asked')
          input.value = 'service-1'
          input.dispatchEvent(new Event('input', { bubbles: true }))
          await new Promise((resolve) => requestAnimationFrame(resolve))
          await new Promise((resolve) => setTimeout(resolve))
          performance.mark('answered')
        }),
      )
      const answered = worked('asked', 'answered')
      console.log(`${which}: filtered in ${answered.toFixed(0)} ms of work`)
      expect(answered).toBeLessThan(SOON)
    })

    test('finds one by a few letters, a team by its name, and those that need attention', async () => {
      const filter = services().getByRole('searchbox')
      await filter.fill('service-19')
      await services().getByText('11 of 200 services').waitFor()
      await expect.poll(rows).toBe(11)
      await filter.fill('')
      await choose('Which services', 'attention')
      await services().getByText('3 of 200 services').waitFor()
      await choose('Which services', 'all')
      await choose('In which order', 'name')
      await expect.poll(() => services().locator('tbody tr').count()).toBe(200)
      await choose('In which order', 'team')
      await filter.fill('team-3')
      await expect.poll(rows).toBe(10)
      await services().getByRole('link', { name: 'team-3', exact: true }).click()
      await page.getByRole('heading', { name: 'Team team-3' }).waitFor()
      await page.getByText('The catalog gives this team no budget').waitFor()
      await page.goBack()
      await filter.waitFor()
    })

    test('has no fault that axe finds, and fits a phone', async () => {
      expect(await axeFindings(page)).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      expect(await scrollsSideways(page)).toBe(false)
      await page.close()
    })
  },
)
