import type { Service } from '../../catalog/schema.ts'

type Route = { path: string; priority: number; host?: string }

/** The service that takes what no other path does has the highest number. */
const LAST_PRIORITY = 1000
const STEP = 10

/** Paths, priorities and ports of the load balancers: each is one service's. */
export class Entrances {
  readonly #paths = new Set<string>()
  readonly #priorities = new Set<number>()
  readonly #ports = new Set<number>()

  constructor(standing: readonly Pick<Service, 'route' | 'nlb'>[]) {
    for (const { route, nlb } of standing) {
      if (route !== undefined) {
        const { paths, hosts, priority } = route
        for (const host of hosts.length === 0 ? [''] : hosts) {
          for (const path of paths) this.#paths.add(`${host}${path}`)
        }
        this.#priorities.add(priority)
      }
      for (const { port } of nlb ?? []) this.#ports.add(port)
    }
  }

  /** A route with a path that is free: the one that is wanted, else one with the service's name. */
  route(name: string, wanted: string, host?: string): Route {
    const path = this.#paths.has(`${host ?? ''}${wanted}`) ? `/${name}/*` : wanted
    this.#paths.add(`${host ?? ''}${path}`)
    let priority = path === '/*' ? LAST_PRIORITY : STEP
    while (this.#priorities.has(priority)) priority += path === '/*' ? 1 : STEP
    this.#priorities.add(priority)
    return { path, priority, ...(host !== undefined && { host }) }
  }

  /** The first port of some that is free. */
  nlb(wanted: readonly number[]): number | undefined {
    const port = wanted.find((one) => !this.#ports.has(one))
    if (port !== undefined) this.#ports.add(port)
    return port
  }
}
