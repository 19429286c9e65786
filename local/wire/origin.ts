/** `localhost`, `127.0.0.1`, `[::1]` and names below `localhost`, which are this machine's own. */
const OWN = /^(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/** Names below AWS's own domain, which nobody else can point at this machine. */
const FUNCTION_URL = /^[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws$/i

/**
 * Why a request is not to be served: it came from a web page of somebody else, by that page's
 * own request or by a name that was pointed at this machine (DNS rebinding). Undefined when it
 * came from here.
 */
export function refuseForeign(headers: Record<string, string>): string | undefined {
  const host = headers.host ?? ''
  const name = host.replace(/:\d+$/, '')
  if (!OWN.test(name) && !FUNCTION_URL.test(name)) return `${host} is not a name of this machine`
  const { origin } = headers
  if (origin !== undefined && !isOwn(origin)) return `Pages of ${origin} may not use the local AWS`
  if (headers['sec-fetch-site'] === 'cross-site') return 'Other pages may not use the local AWS'
  return undefined
}

const isOwn = (origin: string): boolean =>
  URL.canParse(origin) && OWN.test(new URL(origin).hostname)
