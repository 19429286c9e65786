import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { headersOf } from '../wire/incoming.ts'
import { refuseForeign } from '../wire/origin.ts'
import { pageAt } from './pages.ts'

/** Whom the server lets in. */
export type Admission = {
  /**
   * Only a browser that was opened by an address with this key: others on this machine would look,
   * and act, with the credentials of whoever serves.
   */
  key?: string
  /** The address under which a proxy serves it, which lets people in itself. */
  servedAt?: URL
}

export type Admitted =
  | { let: 'in' }
  | { let: 'out'; error: string }
  /** It had the key in its address: it gets a cookie, and comes again without. */
  | { let: 'again'; to: string; cookie: string }

/** Whether a request is served. */
export function admit(request: IncomingMessage, { key, servedAt }: Admission): Admitted {
  const headers = headersOf(request)
  const isPage = request.method === 'GET' && pageAt(pathOf(request)) !== undefined
  const foreign = foreignOf(isPage ? asFollowed(headers) : headers, servedAt)
  if (foreign !== undefined) return { let: 'out', error: foreign }
  if (key === undefined) return { let: 'in' }
  const name = `caretaker-${request.socket.localPort}`
  if (isEqual(cookieIn(headers.cookie, name), key)) return { let: 'in' }
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (!isPage || !isEqual(url.searchParams.get('key') ?? '', key)) {
    return { let: 'out', error: KEYLESS }
  }
  // Lax: a link in Slack or in a mail leads to a page, and the browser sends the cookie with it.
  const cookie = `${name}=${key}; Path=/; HttpOnly; SameSite=Lax`
  return { let: 'again', to: url.pathname, cookie }
}

const KEYLESS =
  'Open the address that `caretaker console` has printed. It has a key in it, so that nobody else on this machine looks with your AWS credentials.'

const pathOf = (request: IncomingMessage): string =>
  new URL(request.url ?? '/', 'http://localhost').pathname

/**
 * A page that somebody came to by a link of another site, in the whole of a tab: the page shows itself
 * to the person and to nobody else. https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
 */
function asFollowed(headers: Record<string, string>): Record<string, string> {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers
  if (mode !== 'navigate' || destination !== 'document') return headers
  return { ...headers, 'sec-fetch-site': 'none' }
}

function foreignOf(headers: Record<string, string>, servedAt: URL | undefined): string | undefined {
  const { host, origin, 'sec-fetch-site': site = 'none' } = headers
  if (servedAt === undefined || host !== servedAt.host) return refuseForeign(headers)
  if (origin !== undefined && origin !== servedAt.origin) {
    return `A page of ${origin} may not use this`
  }
  return site === 'none' || site === 'same-origin' ? undefined : 'Other pages may not use this'
}

function cookieIn(cookies: string | undefined, name: string): string {
  const found = (cookies ?? '').split(/;\s*/).find((one) => one.startsWith(`${name}=`))
  return found?.slice(name.length + 1) ?? ''
}

function isEqual(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)]
  return a.length === b.length && timingSafeEqual(a, b)
}
