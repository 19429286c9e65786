import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { placeOf } from '../../cli/asking/place.ts'
import { AccountSource } from '../../cli/console/account.ts'
import { controlOf } from '../../cli/start/control.ts'
import { rollOutPath } from '../../domain/console-pages.ts'
import { serveConsole } from '../../local/console/server.ts'
import { sourceOf } from '../../local/console/simulated.ts'
import type { View } from '../../local/console/view.ts'
import { setUpIdentityCenter } from '../../local/simulation/identity-center.ts'
import { Pace } from '../../local/simulation/pace.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'

/** Nothing of the browser's own goes out to the network. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const PICTURES = 'test/browser/pictures'

export type Visit = {
  width: number
  height: number
  scheme: 'light' | 'dark'
  reducedMotion?: 'reduce'
  /** Of the page that is opened first. */
  path?: string
  /** Of another console than the simulation's, such as an account's. */
  at?: string
}

/** The environment of the catalog, its console, and a browser to look at it with. */
export class Stage {
  readonly simulation: Simulation
  readonly pace: Pace
  readonly source: ReturnType<typeof sourceOf>
  readonly #browser: Browser
  readonly #server: Server

  private constructor(
    simulation: Simulation,
    given: { source: ReturnType<typeof sourceOf>; pace: Pace },
    browser: Browser,
    server: Server,
  ) {
    this.simulation = simulation
    this.pace = given.pace
    this.source = given.source
    this.#browser = browser
    this.#server = server
  }

  /** @param catalog its directory; the repository's own when absent. */
  static async open(catalog?: string): Promise<Stage> {
    const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
    const browser = await chromium.launch({ executablePath, args: FLAGS })
    const simulation = await Simulation.open({
      ...{ seed: 1, start: new Date('2026-03-02T09:00:00Z') },
      ...(catalog !== undefined && { catalog }),
    })
    const pace = new Pace(simulation.world)
    const source = sourceOf(simulation)
    const server = await serveConsole({ source, pace }, { port: 0 })
    void pace.start()
    return new Stage(simulation, { source, pace }, browser, server)
  }

  /** A page on the console; errors of its own are thrown at the end by `close`. */
  async visit({ width, height, scheme, reducedMotion, path = '/', at }: Visit): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width, height },
      colorScheme: scheme,
      ...(reducedMotion === undefined ? {} : { reducedMotion }),
    })
    page.on('pageerror', (error) => this.#errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text())
    })
    await page.goto(`${at ?? this.url}${path}`)
    await page.getByRole('main').waitFor()
    return page
  }

  /** Where the simulation's console is served. */
  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** The console of the same environment as `npx caretaker console` serves it. @returns its address. */
  async account(as: string, more: { onlyReads?: string } = {}): Promise<string> {
    const { aws, environment } = this.simulation
    if (this.#besides.length === 0) await setUpIdentityCenter(aws, environment.name)
    const run = <Result>(work: () => Promise<Result>) => this.pace.run(work)
    const own = controlOf(this.simulation, 'http://localhost:4400', run)
    const endpoint = await serve(aws, { port: 0, run, own })
    const options = { endpointUrl: endpoint.url, as, catalog: 'catalog' }
    const place = await placeOf(options, { env: {}, now: () => new Date() } as never)
    const source = await AccountSource.open(place, {
      ...{ zone: 'Europe/Berlin', interval: 500 },
      ...more,
    })
    const server = await serveConsole({ source }, { port: 0 })
    this.#besides.push(server, endpoint)
    return `http://localhost:${(server.address() as AddressInfo).port}`
  }

  /** The path of the page of a service's roll-out that did not hold. @param at of another console. */
  async rolledBack(service: string, at = this.url): Promise<string> {
    const { executions } = (await (await fetch(`${at}/view`)).json()) as View
    const found = executions.listed.find(({ result }) => result === `${service}: rolled back`)
    return rollOutPath(found?.arn ?? '')
  }

  readonly #besides: (Server | Endpoint)[] = []
  readonly #errors: string[] = []

  /** What went wrong in any page. */
  get errors(): readonly string[] {
    return this.#errors
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.pace.stop()
    for (const one of this.#besides) one.close()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
