import type { DescribeLoadBalancersCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Aws, Caller } from '../../aws/aws.ts'
import { ElasticLoadBalancing } from '../../aws/elastic-load-balancing/elastic-load-balancing.ts'

/** Where a load balancer sends a request, or what it answers itself. */
export type Sent = { address: string; port: number } | { status: number; why: string }

const NETWORK: Caller = { kind: 'aws', name: 'network' }

/** Whoever sends a request from outside, as AWS sees it; an address of documentation (RFC 5737). */
const SOMEBODY = '203.0.113.7'

/** Sends a request from outside through the environment's load balancer of this kind. */
export async function enter(
  aws: Aws,
  kind: 'application' | 'network',
  { port, host, path }: { port: number; host: string; path: string },
): Promise<Sent> {
  const { LoadBalancers = [] } = await aws.call<DescribeLoadBalancersCommandOutput>(
    'elastic-load-balancing-v2',
    'DescribeLoadBalancers',
    {},
    NETWORK,
  )
  const balancer = LoadBalancers.find(({ Type }) => Type === kind)
  if (balancer === undefined) return { status: 0, why: `there is no ${kind} load balancer` }
  const balancing = aws.the(ElasticLoadBalancing)
  const [pathname = '', query = ''] = path.split('?')
  const request = {
    method: 'GET',
    secure: port === 443,
    port,
    host,
    path: pathname,
    query,
    headers: [],
    body: new Uint8Array(),
    sourceIp: SOMEBODY,
  }
  const routed = balancing.route(balancer.LoadBalancerArn ?? '', request)
  switch (routed.to) {
    case 'target':
      return routed
    case 'nowhere':
      return { status: 0, why: routed.why }
    case 'nobody':
      return { status: routed.answer.status, why: routed.why }
    case 'sign-in':
      return { status: 401, why: 'nobody is signed in' }
    case 'function': {
      const { status } = await balancing.ask(routed, request)
      return { status, why: `the function ${routed.arn} answers` }
    }
  }
}
