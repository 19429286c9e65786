import type { Service } from '../../catalog/schema.ts'

/** One listener of the network load balancer, as a file writes it. */
export type Listener = {
  port: number
  protocol?: 'tcp' | 'tls' | 'udp'
  to?: number
  container?: string
}

/**
 * The load balancer asks the lowest number first: a path of a host, then the rest of that host, then
 * a path of any host, and last who takes what is left over.
 */
const FIRST_PRIORITIES = { hostPath: 10, host: 400, path: 700, last: 1000 }
const STEP = 10

/** A service is in five target groups at most. */
const MOST_LISTENERS = 5

/** Paths, priorities and ports of the load balancers: each is one service's. */
export class Entrances {
  readonly #paths = new Set<string>()
  readonly #priorities = new Set<number>()
  readonly #ports = new Set<number>()

  constructor(standing: readonly Pick<Service, 'route' | 'nlb'>[]) {
    for (const { route, nlb } of standing) {
      for (const path of route?.paths ?? []) {
        const hosts = route?.hosts.length === 0 ? [''] : route?.hosts
        for (const host of hosts ?? []) this.#paths.add(`${host}${path}`)
      }
      if (route !== undefined) this.#priorities.add(route.priority)
      for (const { port } of nlb ?? []) this.#ports.add(port)
    }
  }

  /**
   * A route that is free.
   *
   * @param wanted its paths; where another service has one of them, it is `/<name>` and all below.
   */
  route(name: string, wanted: readonly string[], hosts: readonly string[] = []) {
    const isFree = (path: string) =>
      (hosts.length === 0 ? [''] : hosts).every((host) => !this.#paths.has(`${host}${path}`))
    const paths = wanted.every(isFree) ? wanted : [`/${name}`, `/${name}/*`]
    for (const path of paths) {
      for (const host of hosts.length === 0 ? [''] : hosts) this.#paths.add(`${host}${path}`)
    }
    const isWhole = paths.includes('/*')
    const ofHost = isWhole ? ('host' as const) : ('hostPath' as const)
    const ofAny = isWhole ? ('last' as const) : ('path' as const)
    let priority = FIRST_PRIORITIES[hosts.length > 0 ? ofHost : ofAny]
    while (this.#priorities.has(priority)) priority += STEP
    this.#priorities.add(priority)
    return {
      path: short(paths),
      ...(hosts.length > 0 && { host: short(hosts) }),
      priority,
    }
  }

  /** The listeners whose ports are free, written as shortly as they can be. */
  nlb(wanted: readonly Listener[]): number | Listener[] | undefined {
    const free: Listener[] = []
    for (const one of wanted) {
      if (this.#ports.has(one.port) || free.length === MOST_LISTENERS) continue
      this.#ports.add(one.port)
      free.push(one)
    }
    const [first] = free
    if (first === undefined) return undefined
    return free.length === 1 && Object.keys(first).length === 1 ? first.port : free
  }
}

const short = (all: readonly string[]): string | string[] =>
  all.length === 1 ? (all[0] ?? '') : [...all]
