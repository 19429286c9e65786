import type { World } from '../aws/world.ts'

/** Milliseconds from a function to a server outside AWS, one way. */
const ONE_WAY = { shortest: 15, longest: 60 }

/** A simulated server: takes a request, answers it, or throws `ConnectionLost`. */
export type Server = (request: Request) => Promise<Response> | Response

/** The connection ended before there was an answer; what was asked may have been done or not. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  readonly code = 'ECONNRESET'
}

/**
 * HTTP outside AWS, for functions that call Slack or download an image's layers. Nothing leaves
 * the process. To be used inside `world.busy`: simulated time passes while a request or its answer is on
 * the way, and does not pass while a server works on it.
 */
export class Internet {
  readonly #world: World
  readonly #hosts = new Map<string, Server>()
  readonly #domains = new Map<string, Server>()

  constructor(world: World) {
    this.#world = world
  }

  /** Makes `server` answer at `https://<name>`. */
  host(name: string, server: Server): void {
    this.#hosts.set(name, server)
  }

  /** Makes `server` answer at every name below `domain` that is not a host of its own. */
  domain(domain: string, server: Server): void {
    this.#domains.set(domain, server)
  }

  /** A request of somebody outside AWS, who needs nothing of what functions need. */
  deliver(request: Request): Promise<Response> {
    return this.#world.busy(() => this.fetch(request))
  }

  /** Node's `fetch`, with its errors: a `TypeError: fetch failed` that tells its cause. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request =
      input instanceof Request && init === undefined ? input : new Request(input, init)
    request.signal.throwIfAborted()
    const { hostname } = new URL(request.url)
    const server = this.#serverOf(hostname)
    if (server === undefined) throw failed(notFound(hostname))
    await this.#travel(hostname)
    const response = await this.#served(server, request)
    await this.#travel(hostname)
    request.signal.throwIfAborted()
    if (response instanceof ConnectionLost) throw failed(response)
    return response
  }

  #serverOf(hostname: string): Server | undefined {
    return this.#hosts.get(hostname) ?? this.#domains.get(hostname.replace(/^[^.]*\./, ''))
  }

  async #served(server: Server, request: Request): Promise<Response | ConnectionLost> {
    try {
      return await server(request)
    } catch (error) {
      if (error instanceof ConnectionLost) return error
      this.#world.fail(error)
      throw error
    }
  }

  #travel(hostname: string): Promise<void> {
    const { shortest, longest } = ONE_WAY
    const delay = this.#world.random.between(`internet/${hostname}`, shortest, longest)
    return this.#world.idle(() => this.#world.sleep(Math.round(delay), `https://${hostname}`))
  }
}

const failed = (cause: Error): TypeError => new TypeError('fetch failed', { cause })

/** What the resolver answers for a name that does not exist. */
function notFound(hostname: string): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  })
}
