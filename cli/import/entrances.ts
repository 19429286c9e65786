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
        this.#paths.add(`${route.host ?? ''}${route.path}`)
        this.#priorities.add(route.priority)
      }
      if (nlb !== undefined) this.#ports.add(nlb)
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
