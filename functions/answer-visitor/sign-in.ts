import { isGroupNamed, SIGN_IN_PATH, signedInTargetsName } from '../../domain/routes.ts'
import { cut } from '../../domain/text.ts'
import type { Answer, Request } from './contract.ts'
import { STATE_PATH } from './request.ts'

const NAME_CHARACTERS = 100
/** One of the same host: a second slash would lead to another, and browsers leave out tabs. */
const ADDRESS = /^\/(?![/\\])[!-~]{0,2000}$/

/** The address that a request names, percent-encoded. */
const namedAddress = ({ queryStringParameters: { to = '' } }: Request): string | undefined => {
  const address = decoded(to)
  return address !== undefined && ADDRESS.test(address) ? address : undefined
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The address that a request came to, with its query. */
const ownAddress = ({ path, queryStringParameters }: Request): string => {
  const query = Object.entries(queryStringParameters).map(([name, value]) => `${name}=${value}`)
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}

/**
 * Where whoever sent a request wants to go. The page's looks at the state name it, and whoever has
 * signed in must; others are there already.
 *
 * @param by who has signed in.
 * @returns undefined for somebody who has signed in and names none, or one of another host.
 */
export function wantedAddress(request: Request, by: string | undefined): string | undefined {
  if (by !== undefined) return namedAddress(request)
  const isLook = request.path.endsWith(STATE_PATH)
  return (isLook ? namedAddress(request) : undefined) ?? ownAddress(request)
}

/** Where somebody signs in who wants to go to an address of this host. */
export const signInAt = (address: string): string =>
  `${SIGN_IN_PATH}?to=${encodeURIComponent(address)}`

/**
 * Who has signed in at the load balancer; undefined for a request that came another way. Only the
 * rule that has people sign in leads to its target group: what a client writes into headers of
 * these names proves nothing anywhere else.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#user-claims-encoding
 */
export function signedIn(request: Request, environment: string): string | undefined {
  const group = request.requestContext.elb.targetGroupArn
  if (!isGroupNamed(signedInTargetsName(environment), group)) return undefined
  const { 'x-amzn-oidc-data': data = '', 'x-amzn-oidc-identity': subject = '' } = request.headers
  return cut(emailIn(data) ?? (subject || 'somebody who has signed in'), NAME_CHARACTERS)
}

/** @param token a JSON Web Token. */
function emailIn(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    const { email } = (claims ?? {}) as { email?: unknown }
    return typeof email === 'string' && email !== '' ? email : undefined
  } catch {
    return undefined
  }
}

/** To the service itself: its page says how far the wake is. */
export const sendOn = (address: string): Answer => ({
  statusCode: 303,
  statusDescription: '303 See Other',
  headers: { location: address, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  body: '',
  isBase64Encoded: false,
})
