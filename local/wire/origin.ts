/** `localhost`, `127.0.0.1`, `[::1]` and names below `localhost`, which are this machine's own. */
const OWN = /^(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/** Names below AWS's own domain, which nobody else can point at this machine. */
const FUNCTION_URL = /^[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws$/i

/**
 * What Docker Desktop calls this machine from inside: the registry's alone, which answers nobody
 * without a password.
 * https://docs.docker.com/desktop/features/networking/#i-want-to-connect-from-a-container-to-a-service-on-the-host
 */
const DOCKER_DESKTOP = 'host.docker.internal'

/**
 * Why a request is not to be served: it came from a web page of somebody else, by that page's
 * own request or by a name that was pointed at this machine (DNS rebinding). Another port of this
 * machine is somebody else too: anything may be served there. Undefined when it came from here.
 *
 * `Sec-Fetch-Site` tells where a browser sends no `Origin` (a picture): `none` is an address that a
 * person typed. https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function refuseForeign(
  headers: Record<string, string>,
  protocol: 'http' | 'https' = 'http',
  forRegistry = false,
): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers
  const name = host.replace(/:\d+$/, '')
  const isOurs =
    OWN.test(name) || FUNCTION_URL.test(name) || (forRegistry && name === DOCKER_DESKTOP)
  if (!isOurs) return `${host} is not a name of this machine`
  if (origin !== undefined && !isOwn(origin, protocol, host))
    return `A page of ${origin} may not use this`
  if (site !== 'none' && site !== 'same-origin') return 'Other pages may not use this'
  return undefined
}

/** Host and port are those that the request was sent to, which no page can change. */
const isOwn = (origin: string, protocol: string, host: string): boolean =>
  origin.toLowerCase() === `${protocol}://${host.toLowerCase()}`
