import type { Lambda } from '../aws/lambda/lambda.ts'
import type { World } from '../aws/world.ts'
import type { Server } from './internet.ts'

/** Whoever sends a request from outside, as AWS sees it; an address of documentation (RFC 5737). */
const SOMEBODY = '203.0.113.7'

/** The functions' URLs as a server of the simulated internet: `https://<id>.lambda-url.…` */
export function functionUrls(world: World, lambda: Lambda): Server {
  return async (request) => {
    const { hostname, pathname, search } = new URL(request.url)
    const body = new Uint8Array(await request.arrayBuffer())
    const answer = await world.idle(() =>
      lambda.entrance.handle(hostname.split('.')[0] ?? '', {
        method: request.method,
        path: pathname,
        query: search.slice(1),
        headers: { ...Object.fromEntries(request.headers), host: hostname },
        body,
        sourceIp: SOMEBODY,
      }),
    )
    const headers = new Headers(answer.headers)
    for (const cookie of answer.cookies) headers.append('set-cookie', cookie)
    const { statusCode: status } = answer
    const empty = request.method === 'HEAD' || status === 204 || status === 304
    return new Response(empty ? null : new Uint8Array(answer.body), { status, headers })
  }
}
