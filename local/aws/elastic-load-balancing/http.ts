/** A request that reached a load balancer. */
export type BalancedRequest = {
  method: string
  /** Whether it came encrypted. */
  secure: boolean
  /** Where the load balancer was asked. */
  port: number
  /** Without a port. */
  host: string
  /** Percent-encoded, without the query. */
  path: string
  /** Percent-encoded, without the question mark. */
  query: string
  /** By lower-case name; a name may come several times. */
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array
  sourceIp: string
}

export type BalancedAnswer = {
  status: number
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Authorization Required',
  413: 'Request Entity Too Large',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/** What a load balancer says by itself. */
export function ownAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): BalancedAnswer {
  const bytes = new TextEncoder().encode(body)
  return { status, headers: Object.entries({ server: 'awselb/2.0', ...headers }), body: bytes }
}

/** The page with which a load balancer says that it has no answer. */
export function errorPage(status: number): BalancedAnswer {
  const title = `${status} ${REASONS[status] ?? ''}`.trim()
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '</body>',
    '</html>',
    '',
  ]
  return ownAnswer(status, lines.join('\r\n'), { 'content-type': 'text/html' })
}
