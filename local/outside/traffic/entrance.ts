import type {
  Action,
  DescribeListenersCommandOutput,
  DescribeLoadBalancersCommandOutput,
  DescribeRulesCommandOutput,
  DescribeTargetHealthCommandOutput,
  Listener,
  LoadBalancer,
  Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Aws, Caller } from '../../aws/aws.ts'

/** Where a load balancer sends a request, or what it answers itself. */
export type Sent = { address: string; port: number } | { status: number; why: string }

const NETWORK: Caller = { kind: 'aws', name: 'network' }

/** Sends a request from outside through the environment's load balancer of this kind. */
export async function enter(
  aws: Aws,
  kind: 'application' | 'network',
  request: { port: number; host: string; path: string },
): Promise<Sent> {
  const call = <Output>(operation: string, input: object) =>
    aws.call<Output>('elastic-load-balancing-v2', operation, input, NETWORK)
  const { LoadBalancers = [] } = await call<DescribeLoadBalancersCommandOutput>(
    'DescribeLoadBalancers',
    {},
  )
  const balancer = LoadBalancers.find(({ Type }) => Type === kind)
  if (balancer === undefined) return { status: 0, why: `there is no ${kind} load balancer` }
  const { Listeners = [] } = await call<DescribeListenersCommandOutput>('DescribeListeners', {
    LoadBalancerArn: balancer.LoadBalancerArn,
  })
  const listener = Listeners.find(({ Port }) => Port === request.port)
  if (listener === undefined) return refused(balancer, request.port)
  const action = await actionFor(call, kind, listener, request)
  if (action?.Type === 'fixed-response') {
    const status = Number(action.FixedResponseConfig?.StatusCode)
    return { status, why: `no rule of the load balancer fits ${request.path}` }
  }
  const group = action?.TargetGroupArn ?? action?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn
  const { TargetHealthDescriptions = [] } = await call<DescribeTargetHealthCommandOutput>(
    'DescribeTargetHealth',
    { TargetGroupArn: group },
  )
  const target = TargetHealthDescriptions.find(
    ({ TargetHealth }) => TargetHealth?.State === 'healthy',
  )
  if (target === undefined) return { status: 503, why: 'no target of the group is healthy' }
  return { address: target.Target?.Id ?? '', port: target.Target?.Port ?? 0 }
}

const refused = ({ DNSName }: LoadBalancer, port: number): Sent => ({
  status: 0,
  why: `connection refused: ${DNSName} has no listener on port ${port}`,
})

type Call = <Output>(operation: string, input: object) => Promise<Output>

/** The action of the first rule that fits, by priority; a network load balancer has but one. */
async function actionFor(
  call: Call,
  kind: 'application' | 'network',
  { ListenerArn, DefaultActions }: Listener,
  request: { host: string; path: string },
): Promise<Action | undefined> {
  if (kind === 'network') return DefaultActions?.[0]
  const { Rules = [] } = await call<DescribeRulesCommandOutput>('DescribeRules', { ListenerArn })
  const fitting = Rules.filter((rule) => fits(rule, request)).toSorted(
    (a, b) => priorityOf(a) - priorityOf(b),
  )
  return fitting[0]?.Actions?.[0]
}

const priorityOf = ({ Priority }: Rule): number =>
  Priority === 'default' ? Number.POSITIVE_INFINITY : Number(Priority)

function fits({ Conditions = [] }: Rule, { host, path }: { host: string; path: string }): boolean {
  return Conditions.every(({ Field, Values, PathPatternConfig, HostHeaderConfig }) => {
    const patterns = PathPatternConfig?.Values ?? HostHeaderConfig?.Values ?? Values ?? []
    const value = Field === 'host-header' ? host.toLowerCase() : path
    return patterns.some((pattern) => expression(pattern).test(value))
  })
}

/** `*` stands for any characters, `?` for one. */
function expression(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`)
}
