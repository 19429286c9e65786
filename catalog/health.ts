import type { Service } from './schema.ts'

/** A failing task is found within half a minute; one that starts slowly has a minute first. */
const START_SECONDS = 60
const INTERVAL_SECONDS = 10
const TIMEOUT_SECONDS = 5

type Asked = Pick<Service, 'health' | 'healthCommand' | 'route' | 'nlb'>

/** Whether a load balancer asks the service for its health. */
export const isBalanced = ({ route, nlb }: Pick<Service, 'route' | 'nlb'>): boolean =>
  (route ?? nlb) !== undefined

/** The check that ECS makes inside the container, in seconds; undefined when there is none. */
export function containerCheck({ health = {}, healthCommand: command }: Asked) {
  if (command === undefined) return undefined
  const { start = START_SECONDS, unhealthy: retries = 3 } = health
  return { command, start, retries, ...rhythm(health) }
}

/** The checks of the load balancer, in seconds; undefined when there are none. */
export function balancerCheck({ health = {}, ...service }: Asked) {
  if (!isBalanced(service)) return undefined
  const { start = START_SECONDS, grace = start, healthy = 2, unhealthy = 2 } = health
  return { grace, healthy, unhealthy, ...rhythm(health) }
}

/** How often it is asked, and how long an answer may take. */
export function rhythm({ interval = INTERVAL_SECONDS, timeout }: NonNullable<Service['health']>) {
  return { interval, timeout: timeout ?? Math.min(TIMEOUT_SECONDS, interval - 1) }
}
