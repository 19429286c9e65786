import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { serveConsole } from '../../local/console/server.ts'
import { sourceOf } from '../../local/console/simulated.ts'
import { Pace } from '../../local/simulation/pace.ts'
import { Simulation } from '../../local/simulation/simulation.ts'

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
}

/** The environment of the catalog, its console, and a browser to look at it with. */
export class Stage {
  readonly simulation: Simulation
  readonly pace: Pace
  readonly #browser: Browser
  readonly #server: Server

  private constructor(simulation: Simulation, pace: Pace, browser: Browser, server: Server) {
    this.simulation = simulation
    this.pace = pace
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
    return new Stage(simulation, pace, browser, server)
  }

  /** A page on the console; errors of its own are thrown at the end by `close`. */
  async visit({ width, height, scheme, reducedMotion, path = '/' }: Visit): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width, height },
      colorScheme: scheme,
      ...(reducedMotion === undefined ? {} : { reducedMotion }),
    })
    page.on('pageerror', (error) => this.#errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text())
    })
    await page.goto(`http://localhost:${(this.#server.address() as AddressInfo).port}${path}`)
    await page.getByRole('main').waitFor()
    return page
  }

  readonly #errors: string[] = []

  /** What went wrong in any page. */
  get errors(): readonly string[] {
    return this.#errors
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.pace.stop()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
