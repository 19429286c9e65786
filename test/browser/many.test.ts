import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveConsole } from '../../local/console/server.ts'
import { Pace } from '../../local/simulation/pace.ts'
import { NOTHING, ORDERS, stillSource } from '../kits/console.ts'
import { FLAGS, PICTURES } from './console.kit.ts'
import { scrollsSideways } from './page-checks.ts'

const TEAMS = 20
const teamOf = (service: number) => `team-${service % TEAMS}`

/** 200 services of 20 teams, three of which do not run what their tags name. */
const source = stillSource({
  ...NOTHING,
  services: Array.from({ length: 200 }, (_, place) => ({
    ...ORDERS,
    ...{ name: `service-${place}`, owner: teamOf(place), asAsked: place % 70 !== 7 },
  })),
  teams: {
    ...NOTHING.teams,
    catalog: {
      ...NOTHING.teams.catalog,
      teams: Object.fromEntries(
        Array.from({ length: TEAMS }, (_, place) => [
          teamOf(place),
          { channel: `#${teamOf(place)}`, members: [], roles: [] },
        ]),
      ),
    },
  },
})

let browser: Browser
let server: Server
let page: Page
const pace = new Pace(source.world)

beforeAll(async () => {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: FLAGS })
  server = await serveConsole({ source, pace }, { port: 0 })
  void pace.start()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
})
afterAll(async () => {
  await browser?.close()
  await pace.stop()
  await new Promise((resolve) => server.close(resolve))
})

const services = () => page.getByRole('region', { name: 'Services' })
const rows = () => services().locator('tbody tr:not(.of-team)').count()

describe.sequential('somebody with two hundred services', () => {
  test('sees first what needs attention', async () => {
    const list = services().getByRole('list', { name: 'Needs attention' })
    await list.getByText('service-7 not as asked').waitFor()
    expect(await list.getByRole('listitem').count()).toBe(3)
    expect(await rows()).toBe(200)
    expect(await scrollsSideways(page)).toBe(false)
    await page.screenshot({ path: `${PICTURES}/many.png` })
  })

  test('finds one by a few letters, and a team by its name', async () => {
    const filter = services().getByRole('searchbox')
    await filter.fill('service-19')
    await services().getByText('11 of 200 services').waitFor()
    expect(await rows()).toBe(11)
    await filter.fill('team-3')
    expect(await rows()).toBe(10)
    await services().getByRole('link', { name: 'team-3', exact: true }).click()
    await page.getByRole('heading', { name: 'Team team-3' }).waitFor()
    await page.getByText('The catalog gives this team no budget').waitFor()
    await page.goBack()
    await filter.waitFor()
  })
})
