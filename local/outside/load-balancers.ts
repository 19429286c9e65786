import type { Aws } from '../aws/aws.ts'
import { ElasticLoadBalancing } from '../aws/elastic-load-balancing/elastic-load-balancing.ts'
import {
  type BalancedAnswer,
  type BalancedRequest,
  errorPage,
  ownAnswer,
} from '../aws/elastic-load-balancing/http.ts'
import { ConnectionLost, type Internet, type Server } from './internet.ts'
import type { Traffic } from './traffic/traffic.ts'

/** Whoever sends a request from outside, as AWS sees it; an address of documentation (RFC 5737). */
const SOMEBODY = '203.0.113.7'

/** What the names of a Region's load balancers end with. */
export const balancerDomain = (region: string): string => `${region}.elb.amazonaws.com`

/**
 * The load balancers as servers of the simulated internet, at their own names:
 * `http://<name>-<number>.eu-central-1.elb.amazonaws.com`. A container that answers says who it is.
 */
export function loadBalancers(aws: Aws, traffic: Traffic, internet: Internet): Server {
  return async (request) => {
    const balancing = aws.the(ElasticLoadBalancing)
    const arrived = await read(request)
    const balancer = balancing.named(new URL(request.url).hostname)
    if (balancer === undefined) throw new ConnectionLost('no such load balancer')
    const routed = balancing.route(balancer.LoadBalancerArn ?? '', arrived)
    switch (routed.to) {
      case 'nowhere':
        throw new ConnectionLost(routed.why)
      case 'nobody':
        return response(request, routed.answer)
      case 'function':
        return response(request, await aws.world.idle(() => balancing.ask(routed, arrived)))
      case 'sign-in':
        return response(request, await balancing.signIn(routed, arrived, internet.fetch))
      case 'target': {
        const answer = await traffic.at(request.url, routed)
        if (answer.by === undefined) return response(request, errorPage(answer.status))
        const json = { 'content-type': 'application/json' }
        const { status, by, why } = answer
        return response(request, ownAnswer(status, JSON.stringify({ ...by, why }), json))
      }
    }
  }
}

async function read(request: Request): Promise<BalancedRequest> {
  const { protocol, hostname, port, pathname, search } = new URL(request.url)
  const secure = protocol === 'https:'
  const headers = [...request.headers]
  return {
    method: request.method,
    secure,
    port: Number(port) || (secure ? 443 : 80),
    // A name of one's own leads here too; the header says which.
    host: headers.find(([name]) => name === 'host')?.[1] ?? hostname,
    path: pathname,
    query: search.slice(1),
    headers,
    body: new Uint8Array(await request.arrayBuffer()),
    sourceIp: SOMEBODY,
  }
}

function response(request: Request, { status, headers, body }: BalancedAnswer): Response {
  const sent = new Headers()
  for (const [name, value] of headers) sent.append(name, value)
  const empty = request.method === 'HEAD' || status === 204 || status === 304
  return new Response(empty ? null : new Uint8Array(body), { status, headers: sent })
}
