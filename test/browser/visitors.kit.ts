import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { Pace } from '../../local/simulation/pace.ts'
import { nightCatalog } from '../kits/nights.ts'
import { ROUTED, Visitors } from '../kits/visitors.ts'
import { FLAGS, type Visit } from './console.kit.ts'

/** What `web` needs has a database of its own. */
const WITH_DATABASE = {
  ...ROUTED,
  'services/orders.yaml': `${ROUTED['services/orders.yaml']}database: own\n`,
}

/** Says what it is about over encrypted connections only, and this is none. */
const OF_ENCRYPTED = /^sec-fetch-/

/** The load balancer of an environment that sleeps, at a port of this machine, and a browser. */
export class Entrance {
  readonly night: Visitors
  readonly pace: Pace
  readonly #browser: Browser
  readonly #server: Server
  readonly errors: string[] = []

  private constructor(night: Visitors, browser: Browser) {
    this.night = night
    this.pace = new Pace(night.stage.simulation.world)
    this.#browser = browser
    this.#server = createServer((request, response) => {
      void this.#deliver(request).then(async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers))
        response.end(Buffer.from(await answer.arrayBuffer()))
      })
    })
  }

  static async open(): Promise<Entrance> {
    const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
    const browser = await chromium.launch({ executablePath, args: FLAGS })
    const night = await Visitors.open(nightCatalog(WITH_DATABASE))
    await night.until('2026-03-02T20:20')
    const entrance = new Entrance(night, browser)
    await new Promise<void>((resolve) => entrance.#server.listen(0, resolve))
    return entrance
  }

  async visit({
    width,
    height,
    scheme,
    scripts = true,
  }: Visit & { scripts?: boolean }): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width, height },
      colorScheme: scheme,
      javaScriptEnabled: scripts,
    })
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => {
      // A status of 503 is what the page is meant to have.
      const isStatus = /status of 50\d/.test(message.text())
      if (message.type() === 'error' && !isStatus) this.errors.push(message.text())
    })
    return page
  }

  url(path: string): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}${path}`
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.pace.stop()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #deliver(request: IncomingMessage): Promise<Response> {
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) {
      if (name !== 'host' && typeof value === 'string' && !OF_ENCRYPTED.test(name)) {
        headers.set(name, name === 'origin' ? this.night.origin : value)
      }
    }
    const body: Buffer[] = []
    for await (const chunk of request) body.push(chunk as Buffer)
    const { method = 'GET' } = request
    const sent = new Request(`${this.night.origin}${request.url}`, {
      method,
      headers,
      ...(method === 'POST' && { body: Buffer.concat(body) }),
    })
    const under: { way?: Promise<Response> } = {}
    // It begins between two moments of the world, which goes on while the answer is on its way.
    await this.pace.run(async () => {
      under.way = this.night.stage.simulation.internet.deliver(sent)
      under.way.catch(() => {})
    })
    return under.way ?? Response.error()
  }
}
