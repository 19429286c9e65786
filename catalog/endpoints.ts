import type { Environment, Service } from './schema.ts'

/**
 * How services are found. This is the one place that knows: the variables of their containers,
 * the names in DNS and the pages in docs/services are all made from it.
 */

/** The label below the domain that leads to the network load balancer. */
export const NETWORK_LABEL = 'network'

type Place = Pick<Environment, 'namespace' | 'domain' | 'certificate'>

/** `http://orders.dev.internal:8080` for the other services; undefined for what does not listen. */
export function insideUrl({ name, port }: Service, { namespace }: Place): string | undefined {
  return port === undefined ? undefined : `http://${name}.${namespace}:${port}`
}

/**
 * `https://orders.dev.example.com/` for people and programs outside; undefined for what has no
 * entrance. Without a domain the host is what the load balancer is called, which only AWS knows.
 */
export function outsideUrl({ route, nlb }: Service, place: Place): string | undefined {
  const { domain, certificate } = place
  if (nlb !== undefined) {
    const host = domain === undefined ? '<network load balancer>' : `${NETWORK_LABEL}.${domain}`
    const [{ port, protocol = certificate === undefined ? 'tcp' : 'tls' } = { port: 0 }] = nlb
    return `${protocol}://${host}:${port}`
  }
  if (route === undefined) return undefined
  const host = hostOf(route.hosts[0], domain)
  const path = (route.paths[0] ?? '').replace(/\*.*$/, '')
  return `${certificate === undefined ? 'http' : 'https'}://${host}${path}`
}

function hostOf(label: string | undefined, domain: string | undefined): string {
  if (label?.includes('.')) return label
  if (domain === undefined) return '<load balancer>'
  return label === undefined ? domain : `${label}.${domain}`
}

/** The variable that holds the URL of a service this one depends on: `ORDERS_URL`. */
export function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`
}
