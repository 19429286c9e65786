import type { AuthenticateOidcActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { World } from '../world.ts'
import { type BalancedAnswer, type BalancedRequest, errorPage, ownAnswer } from './http.ts'

/** Where the identity provider sends people back to. */
const BACK = '/oauth2/idpresponse'
const COOKIE = 'AWSELBAuthSessionCookie'
const NONCE = 'AWSALBAuthNonce'
/** Seconds: an unfinished sign-in, and a session where the rule says nothing. */
const [LOG_IN_SECONDS, SESSION_SECONDS] = [15 * 60, 7 * 24 * 60 * 60]

type Oidc = AuthenticateOidcActionConfig
type Pairs = readonly (readonly [name: string, value: string])[]
type Session = { of: string; until: number; token: string; claims: Record<string, unknown> }
type Begun = { to: string; nonce: string; until: number; redirect: string }

/** What a load balancer does with a request that must be signed in. */
export type Met =
  | { is: 'passed'; headers: Pairs }
  | { is: 'answered'; answer: BalancedAnswer }
  /** Back from the provider, with a code that the load balancer has to hand in there. */
  | { is: 'back'; oidc: Oidc }

/**
 * People who sign in at a load balancer, by the authorization code flow. Sessions are in encrypted
 * cookies at AWS; here the cookie only names the session. An address that the person came to is
 * kept under `state`, and answered with after the code was handed in.
 *
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export class SignIns {
  readonly #world: World
  readonly #begun = new Map<string, Begun>()
  readonly #sessions = new Map<string, Session>()

  constructor(world: World) {
    this.#world = world
  }

  meet(oidc: Oidc, request: BalancedRequest): Met {
    if (request.path === BACK && queryOf(request).has('code')) return { is: 'back', oidc }
    const session = this.#sessions.get(cookieOf(request, nameOf(oidc)) ?? '')
    if (
      session !== undefined &&
      session.of === ofProvider(oidc) &&
      session.until > this.#world.now
    ) {
      return { is: 'passed', headers: headersOf(session, oidc) }
    }
    if (oidc.OnUnauthenticatedRequest === 'allow') return { is: 'passed', headers: [] }
    if (oidc.OnUnauthenticatedRequest === 'deny') return { is: 'answered', answer: errorPage(401) }
    return { is: 'answered', answer: this.#begin(oidc, request) }
  }

  #begin(oidc: Oidc, { host, path, query }: BalancedRequest): BalancedAnswer {
    const { random, now } = this.#world
    const [state, nonce] = [random.hex('elb/login', 32), random.hex('elb/nonce', 32)]
    const redirect = `https://${host}${BACK}`
    const until = now + LOG_IN_SECONDS * 1000
    const to = `https://${host}:443${path}${query && `?${query}`}`
    this.#begun.set(state, { to, nonce, until, redirect })
    const asked = new URLSearchParams({
      ...oidc.AuthenticationRequestExtraParams,
      client_id: oidc.ClientId ?? '',
      redirect_uri: redirect,
      response_type: 'code',
      scope: oidc.Scope ?? 'openid',
      state,
    })
    const location = `${oidc.AuthorizationEndpoint}?${asked}`
    return ownAnswer(302, '', { location, ...cookie(NONCE, nonce, LOG_IN_SECONDS) })
  }

  /** Hands in the code, asks who it is, and takes the person to where they wanted to go. */
  async finish(
    oidc: Oidc,
    request: BalancedRequest,
    fetch: typeof globalThis.fetch,
  ): Promise<BalancedAnswer> {
    const asked = queryOf(request)
    const state = asked.get('state') ?? ''
    const begun = this.#begun.get(state)
    const isOwn = begun !== undefined && cookieOf(request, NONCE) === begun.nonce
    if (!isOwn || begun.until <= this.#world.now) return errorPage(401)
    this.#begun.delete(state)
    const token = await accessToken(oidc, { code: asked.get('code') ?? '', ...begun }, fetch)
    const claims = token === undefined ? undefined : await claimsOf(oidc, token, fetch)
    // What the provider does not answer, or refuses, is the load balancer's 561.
    if (token === undefined || claims === undefined) return errorPage(561)
    const seconds = Number(oidc.SessionTimeout ?? SESSION_SECONDS)
    const id = this.#world.random.hex('elb/session', 32)
    const until = this.#world.now + seconds * 1000
    this.#sessions.set(id, { of: ofProvider(oidc), until, token, claims })
    return ownAnswer(302, '', { location: begun.to, ...cookie(nameOf(oidc), id, seconds) })
  }
}

const queryOf = ({ query }: BalancedRequest): URLSearchParams => new URLSearchParams(query)

/** Large sessions are in several cookies, which are numbered. */
const nameOf = ({ SessionCookieName = COOKIE }: Oidc): string => `${SessionCookieName}-0`

/** A session is good for every rule of the same provider and client. */
const ofProvider = ({ Issuer, ClientId }: Oidc): string => `${Issuer} ${ClientId}`

const cookie = (name: string, value: string, seconds: number) => ({
  'set-cookie': `${name}=${value}; Max-Age=${seconds}; Path=/; Secure; HttpOnly; SameSite=None`,
})

function cookieOf({ headers }: BalancedRequest, name: string): string | undefined {
  const all = headers.filter(([one]) => one === 'cookie').flatMap(([, value]) => value.split(/; */))
  return all.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
}

async function accessToken(
  { TokenEndpoint = '', ClientId = '', ClientSecret = '' }: Oidc,
  { code, redirect }: { code: string; redirect: string },
  fetch: typeof globalThis.fetch,
): Promise<string | undefined> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirect,
    client_id: ClientId,
    client_secret: ClientSecret,
  })
  const given = await askProvider(TokenEndpoint, { method: 'POST', body }, fetch)
  return typeof given?.access_token === 'string' ? given.access_token : undefined
}

const claimsOf = ({ UserInfoEndpoint = '' }: Oidc, token: string, fetch: typeof globalThis.fetch) =>
  askProvider(UserInfoEndpoint, { headers: { authorization: `Bearer ${token}` } }, fetch)

async function askProvider(
  url: string,
  init: RequestInit,
  fetch: typeof globalThis.fetch,
): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(url, init)
    return answer.ok ? ((await answer.json()) as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The token is signed at AWS; its signature is not simulated and says so. */
function headersOf({ token, claims }: Session, { Issuer, ClientId }: Oidc): Pairs {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64')
  const head = part({ typ: 'JWT', alg: 'ES256', iss: Issuer, client: ClientId })
  return [
    ['x-amzn-oidc-accesstoken', token],
    ['x-amzn-oidc-identity', String(claims.sub ?? '')],
    ['x-amzn-oidc-data', `${head}.${part(claims)}.not-signed-by-the-local-aws`],
  ]
}
