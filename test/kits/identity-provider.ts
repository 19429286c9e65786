import type { Server } from '../../local/outside/internet.ts'

const [CODE, TOKEN] = ['a-code', 'a-token']

/** As the catalog and a rule of a load balancer name it. */
export const PROVIDER = {
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/user',
  clientId: 'caretaker',
}

/** An identity provider at which ana signs in at once. @param secret the client's. */
export function identityProvider(secret: string): Server {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/authorize') {
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.search = `${new URLSearchParams({ code: CODE, state: searchParams.get('state') ?? '' })}`
      return new Response(null, { status: 302, headers: { location: `${back}` } })
    }
    if (pathname === '/token') {
      const asked = new URLSearchParams(await request.text())
      const isRight = asked.get('client_secret') === secret && asked.get('code') === CODE
      return isRight ? Response.json({ access_token: TOKEN }) : new Response('', { status: 401 })
    }
    const isKnown = request.headers.get('authorization') === `Bearer ${TOKEN}`
    return isKnown
      ? Response.json({ sub: 'u-1', email: 'ana@example.com' })
      : new Response('', { status: 401 })
  }
}
