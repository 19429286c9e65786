import type { Request } from './contract.ts'

/** What the page itself sends, so that it is told from everything else: other sites cannot. */
export const HEADER = 'caretaker'
/** The body of the page's form, for browsers without scripts. */
const FORM = 'caretaker=wake'
/** What monitors ask, below the path of any service. */
export const STATE_PATH = '/.caretaker/state'
/** Marks a browser that was counted as a visitor. */
export const COOKIE = 'caretaker-visit'

export type Asked = {
  host: string
  path: string
  /** `state`: only told. `part`: what the page shows anew. `page`: a person's browser. */
  wants: 'state' | 'part' | 'page' | 'json'
  /** It has asked for the wake, and is a browser that a person sits at. */
  asks: boolean
  /** A crawler, a preview of a link, a check from outside: it never wakes anything. */
  isRobot: boolean
  isHead: boolean
  /** This browser has not come before. */
  isNew: boolean
}

/**
 * Programs that look at every address they see. They name themselves; those that do not, do not
 * ask for pages either, or run no scripts.
 */
const ROBOTS =
  /(?<!cu)bot|crawl|spider|slurp|preview|facebookexternalhit|facebookcatalog|whatsapp|slack-imgproxy|embedly|iframely|pinterest|mediapartners|google-|googleother|stackdriver|lighthouse|pingdom|uptime|statuscake|site24x7|monitor|healthcheck|kube-probe|nagios|check_http|zabbix|datadog|newrelic|blackbox/i

/** The part of a request that says what it is for. */
type Sent = Pick<Request, 'httpMethod' | 'path' | 'headers' | 'body' | 'isBase64Encoded'>

/** What a request is for. */
export function read(request: Sent): Asked {
  const { httpMethod: method, path } = request
  const headers = lowerCase(request.headers)
  const isRobot = ROBOTS.test(headers['user-agent'] ?? '')
  const takesPages = (headers.accept ?? '').includes('text/html')
  const own = headers[HEADER]
  const isForm = method === 'POST' && bodyOf(request) === FORM && isSameSite(headers)
  const isPage = takesPages && (method === 'GET' || isForm)
  const wants = wantsOf(path, own, isPage)
  const mayAsk = !isRobot && takesPages && wants !== 'state'
  return {
    host: (headers.host ?? '').split(':')[0] ?? '',
    path,
    wants,
    asks: mayAsk && (isForm || own === 'wake' || isNavigation(method, headers)),
    isRobot,
    isHead: method === 'HEAD',
    isNew: !(headers.cookie ?? '').includes(`${COOKIE}=`),
  }
}

function wantsOf(path: string, own: string | undefined, isPage: boolean): Asked['wants'] {
  if (own === 'part' || own === 'wake') return 'part'
  if (path.endsWith(STATE_PATH)) return 'state'
  return isPage ? 'page' : 'json'
}

/**
 * A person has opened the address: browsers say so over encrypted connections. Over others the page
 * asks by its script. What is fetched ahead, nobody may ever look at.
 * https://www.w3.org/TR/fetch-metadata/
 */
function isNavigation(method: string, headers: Record<string, string>): boolean {
  const ahead = `${headers['sec-purpose'] ?? ''} ${headers.purpose ?? ''}`
  return (
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    (headers['sec-fetch-dest'] ?? 'document') === 'document' &&
    !/prefetch|prerender|preview/i.test(ahead)
  )
}

/** A form on somebody else's page wakes nothing. */
function isSameSite({ origin, host, 'sec-fetch-site': site }: Record<string, string>): boolean {
  if (site !== undefined) return site === 'same-origin'
  return origin === undefined || hostOf(origin) === host
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '')

const bodyOf = ({ body, isBase64Encoded }: Sent): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
